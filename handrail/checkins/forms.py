"""What people send us about their days. Lenient where a check-in would otherwise be lost."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from handrail.checkins import rules
from handrail.checkins.actions import LONGEST_KEY, LONGEST_NOTE, why_not
from handrail.checkins.answers import Craving, Medicine, Mood, Need, Sleep, UseKind
from handrail.circle.queries import Member
from handrail.gate import Category
from handrail.kernel.ids import new_id

MOOD_ICONS = {Mood.ROUGH: "frown", Mood.LOW: "annoyed", Mood.OKAY: "meh", Mood.GOOD: "smile", Mood.GREAT: "laugh"}
SHORTEST_KEY = 8


@dataclass(frozen=True, slots=True)
class Pick:
    """One radio button of a row."""

    value: str
    label: str
    icon: str
    checked: bool


class Key(forms.CharField):
    """Made with the form. One that is missing or strange is replaced: a doubled check-in is better than a lost one."""

    def clean(self, value: Any) -> str:
        text = str(value or "")
        return text if SHORTEST_KEY <= len(text) <= LONGEST_KEY and text.isascii() and text.isprintable() else new_id()


class Moment(forms.DateTimeField):
    """When the phone took it; a phone that says nonsense is not believed, and its check-in is kept all the same."""

    def clean(self, value: Any) -> datetime | None:
        try:
            return super().clean(value)
        except (ValidationError, OverflowError):
            return None


class Picks(forms.Form):
    """A form whose questions are rows of radio buttons; `picks` is what a template draws."""

    icons: dict[str, dict[Any, str]] = {}

    def picks(self, name: str) -> Iterator[Pick]:
        bound = self[name]
        chosen = "" if bound.value() is None else str(bound.value())
        icons = self.icons.get(name, {})
        for value, label in self.fields[name].choices:  # type: ignore[attr-defined]
            yield Pick(str(value), str(label), icons.get(value, ""), str(value) == chosen)


class CheckInForm(Picks):
    icons = {"mood": MOOD_ICONS}

    mood = forms.TypedChoiceField(
        label=_("How are you right now?"),
        choices=Mood.choices,
        coerce=int,
        empty_value=None,
        error_messages={
            "required": _("Choose how you are right now."),
            "invalid_choice": _("Choose one of the answers."),
        },
    )
    craving = forms.TypedChoiceField(
        label=_("Any cravings today?"), choices=Craving.choices, required=False, coerce=int, empty_value=None
    )
    sleep = forms.TypedChoiceField(
        label=_("How did you sleep?"), choices=Sleep.choices, required=False, coerce=int, empty_value=None
    )
    medicine = forms.TypedChoiceField(
        label=_("Did you take your medicine?"), choices=Medicine.choices, required=False, empty_value=None
    )
    note = forms.CharField(
        label=_("A note for yourself"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only you can read it."),
    )
    key = Key(required=False)
    answered_at = Moment(required=False)

    def mood_picks(self) -> Iterator[Pick]:
        return self.picks("mood")

    def craving_picks(self) -> Iterator[Pick]:
        return self.picks("craving")

    def sleep_picks(self) -> Iterator[Pick]:
        return self.picks("sleep")

    def medicine_picks(self) -> Iterator[Pick]:
        return self.picks("medicine")

    def ask_about_that_day(self) -> None:
        self.fields["mood"].label = _("How were you that day?")
        self.fields["craving"].label = _("Any cravings that day?")
        self.fields["sleep"].label = _("How did you sleep that night?")

    def fresh_key(self) -> str:
        """The key that was sent, so that a form shown again with its errors is still the same check-in."""
        return str(self.data.get("key") or new_id())

    def answers(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("mood", "craving", "sleep", "medicine", "note")}


class HardDayForm(Picks):
    """Those of `members` with whom "If I use" is shared now stand in the confirm line, and each can be left out.

    `taken`: other days that have something written down already.
    """

    kind = forms.ChoiceField(
        label=_("What happened?"), choices=UseKind.choices, error_messages={"required": _("Choose what happened.")}
    )
    day = forms.DateField(
        label=_("Which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )
    details = forms.CharField(
        label=_("Anything you want to remember"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What, when, where you were. Only you can read it, unless you show it to somebody."),
    )
    need = forms.ChoiceField(label=_("What do you need now?"), choices=Need.choices, required=False)
    key = Key(required=False)

    def __init__(
        self, *args: Any, members: Sequence[Member], today: date, taken: Collection[date], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.taken = taken
        self.members = [member for member in members if Category.USE in member.sees]
        self.today = today

    def kind_picks(self) -> Iterator[Pick]:
        return self.picks("kind")

    def need_picks(self) -> Iterator[Pick]:
        return self.picks("need")

    def fresh_key(self) -> str:
        return str(self.data.get("key") or new_id())

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not rules.in_living_memory(day, self.today):
            raise ValidationError(why_not(day, self.today))
        if day in self.taken:
            raise ValidationError(_("You wrote something down for that day already. Open that day to change it."))
        return day

    def confirm_lines(self) -> list[tuple[Member, bool]]:
        """Who will see it, each with whether "Do not tell" is ticked."""
        left_out = self._ticked("left_out") if self.is_bound else set(self.initial.get("left_out", ()))
        return [(member, member.membership_id in left_out) for member in self.members]

    def told(self) -> list[str]:
        """Only who stood on the page that was sent, still has the share, and was not left out."""
        told = self._ticked("shown") - self._ticked("left_out")
        return [member.membership_id for member in self.members if member.membership_id in told]

    def _ticked(self, name: str) -> set[str]:
        return set(self.data.getlist(name)) if isinstance(self.data, QueryDict) else set()

    def answers(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "day", "details", "need")}


class StartForm(forms.Form):
    """`None`: no counting."""

    began = forms.DateField(
        label=_("The day your recovery starts for you"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("It can be any day that means something to you. Leave it empty if you would rather not count."),
        error_messages={"invalid": _("Write the day like 2026-03-31, or choose it.")},
    )
    since_use_hidden = forms.BooleanField(label=_("Hide the days since last use on my pages"), required=False)
