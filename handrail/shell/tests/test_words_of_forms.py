"""What a form says about what was typed: in our words, whatever field of whatever form it is."""

from importlib import import_module

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from tests.architecture.source import HOUSE, modules

FOR_PROGRAMMERS = ("Ensure this value", "Select a valid", "Enter a valid", "This field is required", "Enter a whole")


def every_form() -> list[type[forms.BaseForm]]:
    for path in modules():
        if path.name == "forms.py" or "pages" in str(path):
            import_module(".".join(path.relative_to(HOUSE.parent).with_suffix("").parts))
    found, waiting = [], [forms.BaseForm]
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            if one.__module__.startswith("handrail."):
                found.append(one)
    return found


def said_of(field: forms.Field) -> list[str]:
    """Everything that this field can be made to say about what nobody should have typed."""
    said = []
    several = isinstance(field, forms.MultipleChoiceField)
    for typed in (["nonsense"], []) if several else (None, "", "x" * 100_000, "\x00", "nonsense", "-1", "9" * 30):
        try:
            field.clean(typed)
        except ValidationError as why:
            said += [str(message) for message in why.messages]
    return said


def test_no_field_speaks_to_programmers() -> None:
    found = every_form()
    assert len(found) > 20
    wrong = {
        f"{form.__name__}.{name}: {said}"
        for form in found
        for name, field in form.base_fields.items()
        if not isinstance(field, forms.FileField)
        for said in said_of(field)
        if said.startswith(FOR_PROGRAMMERS)
    }
    assert wrong == set()


@pytest.mark.parametrize(
    "field",
    [
        forms.CharField(max_length=3),
        forms.IntegerField(max_value=5),
        forms.DateField(),
        forms.TimeField(),
        forms.ChoiceField(choices=[("a", "A")]),
        forms.MultipleChoiceField(choices=[("a", "A")]),
    ],
    ids=lambda field: type(field).__name__,
)
def test_a_field_without_words_of_its_own_has_ours(field: forms.Field) -> None:
    assert said_of(field)
    assert [said for said in said_of(field) if said.startswith(FOR_PROGRAMMERS)] == []


def test_words_of_its_own_win() -> None:
    field = forms.CharField(max_length=3, error_messages={"max_length": gettext("Shorter, please.")})
    with pytest.raises(ValidationError, match="Shorter"):
        field.clean("long")


def test_the_number_of_letters_is_named() -> None:
    with pytest.raises(ValidationError, match="to 3 letters"):
        forms.CharField(max_length=3).clean("long")
