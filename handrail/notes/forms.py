from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.circle.forms import ENDS
from handrail.circle.queries import Member


class ShowForm(forms.Form):
    """Who may read one note, and until when."""

    members = forms.MultipleChoiceField(
        label=_("Who may read it?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose who may read it."),
            "invalid_choice": _("Choose people of your circle who cannot read it yet."),
        },
    )
    until = forms.ChoiceField(label=_("Until when?"), choices=ENDS, required=False)

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = [(each.membership_id, each.name) for each in members]  # type: ignore[attr-defined]
