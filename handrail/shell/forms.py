"""What every page with a form asks first, and what it says where a form has no better words of its own."""

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

TYPED_BEFORE = "handrail.typed_before"  # in META: what was typed while the app was locked, from `people.held`

#: In place of Django's own sentences, which are written for programmers ("Ensure this value has at most ...").
OUR_WORDS: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Please fill this in.")},
    forms.JSONField: {"invalid": _("That did not reach us whole. Please try again.")},
    forms.CharField: {
        "invalid": _("Something in it is not as it should be. Please check it."),
        "max_length": _("That is very long. Please keep it to %(limit_value)d letters."),
        "min_length": _("That is very short. Please type at least %(limit_value)d letters."),
        "null_characters_not_allowed": _("There is a sign in it that we cannot keep. Please type it anew."),
    },
    forms.IntegerField: {
        "invalid": _("Please type a whole number."),
        "max_value": _("That is too much. The most is %(limit_value)s."),
        "min_value": _("That is too little. The least is %(limit_value)s."),
    },
    forms.DateField: {"invalid": _("Please write the day like 2027-03-09.")},
    forms.TimeField: {"invalid": _("Please write the time like 14:30.")},
    forms.ChoiceField: {"invalid_choice": _("Please choose from the list.")},
    forms.MultipleChoiceField: {
        "invalid_choice": _("Please choose from the list."),
        "invalid_list": _("Please choose from the list."),
    },
    forms.EmailField: {"invalid": _("That does not look like an e-mail address.")},
}


def given(request: HttpRequest) -> QueryDict | None:
    """What was sent, even when it is nothing; None when the page was only asked for.

    What was typed into it and could not be taken then comes once more, and nothing is saved: only a POST saves.
    `request.POST or None` would take an empty form for no form, and answer it as if all were well.
    """
    if request.method == "POST":
        return request.POST
    typed_before = request.META.get(TYPED_BEFORE)
    return typed_before() if typed_before else None


def speak_our_words() -> None:
    """Once, when Django starts: for each field that says nothing better itself, in our forms and in allauth's."""
    for field, said in OUR_WORDS.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **said}
