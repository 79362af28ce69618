from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.consents import rules
from handrail.consents.kinds import ANY_PURPOSE, KIND_CHOICES, TICKS
from handrail.consents.rules import NOTES, OPENS, PURPOSES, Kind, Purpose

SPANS = [("30", _("One month")), ("90", _("Three months")), ("365", _("One year")), ("day", _("Until a day I choose"))]


def _a_day(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like 2027-03-09.")},
    )


class SpanForm(forms.Form):
    """For how long a consent holds."""

    span = forms.ChoiceField(
        label=_("For how long?"),
        choices=SPANS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for how long it holds.")},
    )
    last_day = _a_day(_("The last day, if you choose one"))

    def until(self, today: date) -> date | None:
        """The last day on which it holds; None when a day was to be chosen and is not there."""
        span = self.cleaned_data["span"]
        chosen: date | None = self.cleaned_data.get("last_day")
        return chosen if span == "day" else today + timedelta(days=int(span))


class _WritingForm(SpanForm):
    things = forms.MultipleChoiceField(
        label=_("What may they see?"),
        choices=TICKS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    purpose = forms.ChoiceField(
        label=_("What is it for?"), choices=ANY_PURPOSE, widget=forms.RadioSelect, required=False
    )
    purpose_words = forms.CharField(label=_("In your words"), max_length=rules.LONGEST_TEXT, required=False)
    event = forms.CharField(
        label=_("Does something end it sooner?"),
        help_text=_("Like “when I leave the clinic”. You then end it here yourself."),
        max_length=rules.LONGEST_TEXT,
        required=False,
    )

    def said(self, today: date) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        named = ("things", "purpose_words", "event", "kind", "recipient", "first_data", "last_data")
        given = {name: data[name] for name in named if name in data}
        return {**given, "purpose": self._purpose(data), "last_day": self.until(today)}

    def _purpose(self, data: dict[str, Any]) -> str:
        """Kinds with one purpose of their own need not be asked."""
        allowed = PURPOSES.get(data["kind"], ())
        return str(allowed[0]) if len(allowed) == 1 else str(data["purpose"])


class PlaceForm(_WritingForm):
    """For somebody who stands in the circle."""

    kind = forms.ChoiceField(
        label=_("What kind is it?"),
        choices=KIND_CHOICES["opens"],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind it is.")},
    )
    field_order = ("things", "kind", "purpose", "purpose_words", "span", "last_day", "event")

    def __init__(self, *args: Any, holds: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        things = self.fields["things"]
        assert isinstance(things, forms.MultipleChoiceField)
        things.choices = [each for each in TICKS if each[0] in holds]


class CopyForm(_WritingForm):
    """For a copy that somebody gets on paper or as a file."""

    kind = forms.ChoiceField(
        label=_("What kind is it?"),
        help_text=_("Your own notes, and anything for a court or an office, each need a page of their own."),
        choices=KIND_CHOICES["copies"],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind it is.")},
    )
    recipient = forms.CharField(
        label=_("Who gets it?"),
        help_text=_("A name, or what they are, like “Dr Osei” or “My case team at River House”."),
        max_length=rules.LONGEST_NAME,
        error_messages={"required": _("Write who gets it: a name, or what they are.")},
    )
    first_data = _a_day(_("First day"))
    last_data = _a_day(_("Last day"))
    field_order = (
        "kind", "recipient", "things", "first_data", "last_data", "purpose", "purpose_words", "span", "last_day",
        "event",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["things"].label = _("What is in it?")

    def said(self, today: date) -> dict[str, Any]:
        given = super().said(today)
        if given["kind"] == Kind.COUNSELLING:
            given["things"] = [*given["things"], NOTES]
        return given


class SignForm(forms.Form):
    """`shown`: the number of the text that stood on the page."""

    name = forms.CharField(
        label=_("Type your name to sign"),
        max_length=rules.LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type your name to sign.")},
    )
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


def first_answers(kind: str, things: list[str]) -> dict[str, Any]:
    """What a fresh form begins with: three months, and what was ticked before."""
    return {"kind": kind, "things": things, "span": "90", "purpose": Purpose.TREATMENT if kind in OPENS else ""}
