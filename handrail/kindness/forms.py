from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.kindness.rules import LONGEST


class NoteForm(forms.Form):
    words = forms.CharField(
        label=_("Your words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "true"}),
        error_messages={
            "required": _("Write a few words, or choose some below."),
            "max_length": _("That is longer than a card. Please keep it to 400 letters."),
        },
    )
