from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.kernel.ids import LENGTH, new_id
from handrail.safety.actions import DEFAULT_WORDS, LONGEST_WORDS


class PeopleField(forms.MultipleChoiceField):
    """Takes whoever can still be asked: somebody who left a moment ago must not stop the call to the others."""

    people: Sequence[tuple[str, str]] = ()

    def clean(self, value: Any) -> list[str]:
        known = {str(choice) for choice, _label in self.people}
        return [each for each in value or [] if each in known]


class CallForm(forms.Form):
    """Everything is filled in already: one more tap sends it."""

    key = forms.RegexField(rf"^[A-Za-z0-9]{{{LENGTH}}}$", widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("What you send"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    asking = PeopleField(label=_("Who is asked"), required=False, widget=forms.CheckboxSelectMultiple)
    place = forms.CharField(
        label=_("Where you are"),
        help_text=_("Only if you want to. Only those you allowed to see your place get it."),
        max_length=LONGEST_WORDS,
        required=False,
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"] |= {"key": new_id(), "words": DEFAULT_WORDS, "asking": [pk for pk, _name in people]}
        super().__init__(*args, **kwargs)
        asking = self.fields["asking"]
        assert isinstance(asking, PeopleField)
        asking.choices = asking.people = people


class AddForm(forms.Form):
    words = forms.CharField(
        label=_("More words"), max_length=LONGEST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    place = forms.CharField(label=_("Where you are"), max_length=LONGEST_WORDS, required=False)
