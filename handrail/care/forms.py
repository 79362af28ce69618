from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handrail.care import rules
from handrail.care.times import PartOfDay


class VisitForm(forms.Form):
    """A day and a time where the person is now. One hour that a clock change skips counts as the hour after it."""

    title = forms.CharField(
        label=_("What is it?"),
        help_text=_("In your own words, like “Dr Osei” or “Group”."),
        max_length=rules.LONGEST_NAME,
        error_messages={"required": _("Write what it is.")},
    )
    day = forms.DateField(
        label=_("Which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day."), "invalid": _("Write the day like 2027-03-09.")},
    )
    time = forms.TimeField(
        label=_("At what time?"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H:%M:%S", "%I:%M %p", "%I %p"],
        error_messages={"required": _("Choose the time."), "invalid": _("Write the time like 14:30.")},
    )
    place = forms.CharField(label=_("Where?"), max_length=rules.LONGEST_NAME, required=False)
    note = forms.CharField(
        label=_("A note for you"),
        help_text=_("Only you see this note, whoever sees the visit."),
        max_length=rules.LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def said(self) -> dict[str, Any]:
        """What the actions take."""
        data = self.cleaned_data
        at = timezone.make_aware(datetime.combine(data["day"], data["time"]))
        return {"at": at, "title": data["title"], "place": data["place"], "note": data["note"]}


class MedicineForm(forms.Form):
    name = forms.CharField(
        label=_("What do you call it?"),
        help_text=_("Your own word for it is fine. How much you take is between you and your clinic: leave it out."),
        max_length=rules.LONGEST_NAME,
        error_messages={"required": _("Write what you call it.")},
    )
    part_of_day = forms.TypedChoiceField(
        label=_("When do you usually take it?"),
        choices=PartOfDay.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose when you usually take it.")},
    )


class DayForm(forms.Form):
    """Which day the page spoke of when the button was pressed."""

    day = forms.DateField()
