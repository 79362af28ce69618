from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from handrail.circle.kinds import Kind
from handrail.circle.rules import could_be_dialled
from handrail.gate.categories import ROLES_OF_PEOPLE, Category, Closeness, Lean, Purpose
from handrail.shell.templatetags.shell import last_day

ENDS = [
    ("", _("Until I change it")),
    ("tonight", _("Until tonight")),
    ("sunday", _("Until Sunday")),
    ("week", _("For a week")),
    ("month", _("For a month")),
]


class InviteForm(forms.Form):
    calls_member = forms.CharField(
        label=_("What do you call them?"),
        help_text=_("Only you and your people see this. “Mum” or “Sam” is fine."),
        max_length=40,
        error_messages={"required": _("Type a name, so that you know who this link is for.")},
    )
    role = forms.ChoiceField(
        label=_("What are they to you?"),
        choices=ROLES_OF_PEOPLE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what they are to you.")},
    )
    shares = forms.MultipleChoiceField(
        label=_("What may they see from the start?"),
        help_text=_(
            "Nothing is ticked for you. You can change it at any time, and they are not told. For a doctor, a"
            " counsellor or a case worker you may read and sign a page first."
        ),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class EndsForm(forms.Form):
    """When each live share with one member ends by itself, and what it is for."""

    KEEP = "keep"

    purpose = forms.ChoiceField(label=_("What is it for?"), choices=Purpose.choices)

    def __init__(
        self,
        *args: Any,
        member: Any,
        labels: Mapping[str, Any],
        moments: Mapping[str, datetime | None],
        signed: Mapping[str, datetime],
        **kwargs: Any,
    ) -> None:
        """`moments`: when each choice ends. `signed`: until when the paper opens a thing; nothing later is offered."""
        purposes = list(member.purposes.values()) or [Purpose.SUPPORT]
        super().__init__(*args, **kwargs)
        self.fields["purpose"].initial = purposes[0]
        if member.categories and member.categories == set(member.consents):
            del self.fields["purpose"]  # what it is for was signed
        for category in sorted(member.categories):
            end, limit = member.ends.get(category), signed.get(category)
            keep = [(self.KEEP, _until(end))] if end and end != limit else []
            self.fields[category] = forms.ChoiceField(
                label=labels[category],
                choices=[*keep, *_ends_up_to(limit, moments)],
                required=False,
                initial=self.KEEP if keep else "",
                help_text=_("Signed until %(day)s. For longer, sign again.") % {"day": _day(limit)} if limit else "",
            )

    def chosen(self) -> dict[str, str]:
        """{category: choice} of those that change."""
        return {name: choice for name, choice in self.cleaned_data.items() if name != "purpose" and choice != self.KEEP}


def _ends_up_to(limit: datetime | None, moments: Mapping[str, datetime | None]) -> list[tuple[str, Any]]:
    if limit is None:
        return list(ENDS)
    sooner = [(name, label) for name, label in ENDS if (end := moments.get(name)) and end < limit]
    return [("", _("As long as signed")), *sooner]


def _until(end: datetime) -> str:
    return _("Until %(day)s") % {"day": _day(end)}


def _day(end: datetime) -> str:
    return date_format(last_day(end), "j F")


class PlaceForm(forms.Form):
    """Where somebody stands on the map."""

    closeness = forms.TypedChoiceField(
        label=_("How close are they?"), choices=Closeness.choices, coerce=int, widget=forms.RadioSelect
    )
    lean = forms.TypedChoiceField(
        label=_("How often do you lean on each other?"), choices=Lean.choices, coerce=int, widget=forms.RadioSelect
    )


class PhoneField(forms.CharField):
    """A number as somebody wrote it down. It may stay empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            max_length=40,
            widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            error_messages={"max_length": _("That is longer than a phone number. Digits are enough.")},
            **options,
        )

    def clean(self, value: Any) -> str:
        phone = str(super().clean(value)).strip()
        if phone and not could_be_dialled(phone):
            raise forms.ValidationError(_("That does not look like a phone number. Digits are enough."))
        return phone


class OtherForm(PlaceForm):
    """Somebody or something that is not in Handrail."""

    name = forms.CharField(
        label=_("Who or what is it?"),
        max_length=60,
        error_messages={"required": _("Type a name, like “Dr Osei” or “Tuesday group”.")},
    )
    kind = forms.ChoiceField(label=_("What is it to you?"), choices=Kind.choices)
    phone = PhoneField(label=_("Phone"))
    about = forms.CharField(
        label=_("Good to know"), help_text=_("Hours, a place, who to ask for."), max_length=300, required=False
    )
    field_order = ("name", "kind", "phone", "about", "closeness", "lean")


class OrderForm(forms.Form):
    """One small number a member: 1 is asked first, the same number is asked together."""

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for member in members:
            self.fields[member.membership_id] = forms.IntegerField(
                label=member.name,
                initial=member.rung,
                min_value=1,
                max_value=20,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
                error_messages={
                    name: _("Type a number from 1 to 20.") for name in ("required", "invalid", "min_value", "max_value")
                },
            )
