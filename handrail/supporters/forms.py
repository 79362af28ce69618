from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handrail.checkins.answers import Sleep
from handrail.checkins.forms import Picks
from handrail.supporters import rules
from handrail.supporters.answers import Strength, Worry
from handrail.supporters.queries import NoteSeen, Standing

OWN_WORDS = {"autocomplete": "off", "spellcheck": "true"}


class WeekForm(Picks):
    """Three taps and, if they like, a line."""

    strength = forms.TypedChoiceField(
        label=gettext_lazy("How is your strength?"),
        choices=Strength.choices,
        coerce=int,
        error_messages={
            "required": gettext_lazy("Choose how your strength is."),
            "invalid_choice": gettext_lazy("Choose one of the answers."),
        },
    )
    sleep = forms.TypedChoiceField(
        label=gettext_lazy("How did you sleep this week?"),
        choices=Sleep.choices,
        coerce=int,
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the answers.")},
    )
    worry = forms.TypedChoiceField(
        label=gettext_lazy("How much did you worry?"),
        choices=Worry.choices,
        coerce=int,
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the answers.")},
    )
    good = forms.CharField(
        label=gettext_lazy("Something good, big or small"),
        max_length=rules.LONGEST_LINE,
        required=False,
        widget=forms.TextInput(attrs=OWN_WORDS),
        error_messages={"max_length": gettext_lazy("That is very long. Please shorten it.")},
    )

    @property
    def rows(self) -> list[tuple[Any, Any, bool]]:
        """(question, its answers, can be skipped), for the page."""
        return [(self[name], self.picks(name), name != "strength") for name in ("strength", "sleep", "worry")]


class NoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("My note"),
        max_length=rules.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5, **OWN_WORDS}),
        error_messages={
            "required": gettext_lazy("Write a line, or go back."),
            "max_length": gettext_lazy("That is very long. Please keep it under 4,000 letters."),
        },
    )
    circle_of = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose one of these.")},
    )

    def __init__(self, *args: Any, circles: Sequence[tuple[str, str]], note: NoteSeen | None = None, **kw: Any) -> None:
        kw["initial"] = {"text": note.text, "circle_of": note.circle_of} if note else {"circle_of": ""}
        super().__init__(*args, **kw)
        about = [(owner, _("How it goes with %(name)s") % {"name": name}) for owner, name in circles]
        if note and note.circle_of and note.circle_of not in dict(circles):
            about.append((note.circle_of, _("How it goes with %(name)s") % {"name": note.called}))
        field = self.fields["circle_of"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("About me")), *about]


class RestForm(forms.Form):
    """Until when, and from whom. `knows` names those of whom the page said that nobody else gets their calls."""

    ANOTHER = "day"

    until = forms.ChoiceField(
        label=gettext_lazy("Until when?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose until when."),
            "invalid_choice": gettext_lazy("Choose one of these."),
        },
    )
    day = forms.DateField(
        label=gettext_lazy("The day on which you are back"),
        help_text=gettext_lazy("Only if you chose another day."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Choose a day, like 2027-03-09.")},
    )
    owners = forms.MultipleChoiceField(
        label=gettext_lazy("From whom do you rest?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one person."),
            "invalid_choice": gettext_lazy("One of them is not here any more. Please look again."),
        },
    )

    def __init__(self, *args: Any, circles: Sequence[Standing], today: date, **kwargs: Any) -> None:
        everybody = [each.owner_id for each in circles]
        kwargs["initial"] = {"until": "two", "owners": everybody}
        super().__init__(*args, **kwargs)
        self.today = today
        until, owners = self.fields["until"], self.fields["owners"]
        assert isinstance(until, forms.ChoiceField) and isinstance(owners, forms.MultipleChoiceField)
        until.choices = [
            ("days", _("Three days")),
            ("week", _("A week")),
            ("two", _("Two weeks")),
            ("month", _("A month")),
            (self.ANOTHER, _("Until another day")),
        ]
        owners.choices = [(each.owner_id, each.called) for each in circles]
        self.alone = len(circles) == 1

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        choice, day = said.get("until"), said.get("day")
        if choice == self.ANOTHER and day is None and "day" not in self.errors:
            self.add_error("day", _("Choose the day on which you are back."))
        elif choice == self.ANOTHER and day and not self.today < day <= self.today + rules.LONGEST_REST - timedelta(1):
            self.add_error("day", _("Choose a day in the next three months."))
        return said

    def last_day(self) -> date:
        """The day on which they are back."""
        choice = self.cleaned_data["until"]
        if choice == self.ANOTHER:
            day: date = self.cleaned_data["day"]
            return day
        return self.today + rules.RESTS[choice]
