from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.plan import rules
from handrail.plan.steps import Words


class StepForm(forms.Form):
    """One question: a line each. Ticked suggestions become lines too, so nobody has to type when they are stuck."""

    lines = forms.CharField(
        required=False,
        max_length=2 * rules.MOST_LINES * rules.LONGEST_LINE,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "true"}),
        error_messages={"max_length": _("That is very long. Please keep it to the lines that help you most.")},
    )
    add = forms.MultipleChoiceField(
        label=_("Tick what fits you. We add it when you save."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, words: Words, suggestions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].label = str(words.question)
        self.fields["lines"].help_text = str(words.hint)
        self.fields["add"].choices = [(line, line) for line in suggestions]  # type: ignore[attr-defined]

    def all_lines(self) -> list[str]:
        return [*self.cleaned_data["lines"].splitlines(), *self.cleaned_data["add"]]
