"""What was packed, for reading: kinds of record and their values in words. JSON keeps the values as they are stored."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from handrail.care.times import PartOfDay
from handrail.checkins.answers import Craving, Medicine, Mood, Need, Sleep, UseKind
from handrail.circle.kinds import Kind
from handrail.gate import Category, Role
from handrail.gate.categories import PostKind, Purpose, StaffRole
from handrail.leaving.rooms import Data
from handrail.supporters.answers import Strength, Worry

TITLES = {
    "profile": _("My account"),
    "own_words": _("My own words"),
    "ways": _("How I can be reached"),
    "devices": _("My devices"),
    "members": _("People in my circle"),
    "stand_beside": _("People I stand beside"),
    "shares": _("What I shared, and when"),
    "outsiders": _("Others on my map"),
    "numbers": _("Numbers I wrote down"),
    "checkins": _("Check-ins"),
    "hard_days": _("Hard days"),
    "notes_shown": _("Notes I showed to somebody"),
    "hidden_days": _("Days I hid from my people"),
    "start": _("When my days began"),
    "plan_steps": _("My plan, with earlier words"),
    "visits": _("Visits"),
    "medicines": _("Medicine"),
    "medicine_taken": _("Days on which I took it"),
    "calls": _("Calls for help"),
    "kind_notes": _("Kind words to me"),
    "no_kind_notes": _("Whose notes I put aside"),
    "agreements": _("What we agreed on"),
    "agreement_topics": _("To talk about together"),
    "agreement_notes": _("After a disagreement"),
    "agreement_drafts": _("Drafts of mine"),
    "consents": _("What I signed"),
    "own_notes": _("My own notes"),
    "own_weeks": _("How I was doing"),
    "own_asking": _("When I want to be asked"),
    "calls_asked": _("Who was asked"),
    "desks": _("Where I work here"),
    "posts": _("Posts I hold here"),
    "access_log": _("Who looked, and at what"),
}
LABELS = {
    "calls_member": _("Name"),
    "called": _("They call me"),
    "for_use": _("For use"),
    "for_recovery": _("For recovery"),
    "joined_on": _("Here since"),
    "since_use_hidden": _("Hide days since use"),
    "ended_at": _("Ended"),
    "until": _("Until"),
    "since": _("Since"),
    "at": _("When"),
    "number": _("Number"),
    "lines": _("Words"),
    "changed_at": _("Written"),
    "replaced_at": _("Until"),
}
CHOICES: dict[tuple[str, str], Any] = {
    ("checkins", "mood"): Mood,
    ("checkins", "craving"): Craving,
    ("checkins", "sleep"): Sleep,
    ("checkins", "medicine"): Medicine,
    ("hard_days", "kind"): UseKind,
    ("hard_days", "need"): Need,
    ("medicines", "part_of_day"): PartOfDay,
    ("outsiders", "kind"): Kind,
    ("own_weeks", "strength"): Strength,
    ("own_weeks", "sleep"): Sleep,
    ("own_weeks", "worry"): Worry,
    ("members", "role"): Role,
    ("stand_beside", "role"): Role,
    ("desks", "role"): StaffRole,
    ("posts", "kind"): PostKind,
    ("shares", "category"): Category,
    ("shares", "purpose"): Purpose,
}
#: What says nothing to whoever reads: ids, and how a row is kept. It stands in the JSON.
UNREAD = frozenset(
    {
        "id",
        "key",
        "person_id",
        "generation",
        "round",
        "source",
        "told",
        "asking_of",
        "person",
        "zone",
        "channel",
        "received_at",
        "circle_of",
        "left",
        "view",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: list[list[Line]]


def in_sections(data: Data) -> list[Section]:
    """Every kind that has something in it, as titles and lines."""
    names = {str(row.get("id")): str(row.get("calls_member")) for row in data.get("members", [])}
    return [
        Section(str(TITLES.get(kind, _worded(kind))), [_lines(kind, row, names) for row in rows])
        for kind, rows in data.items()
        if rows
    ]


def _lines(kind: str, row: dict[str, Any], names: dict[str, str]) -> list[Line]:
    return [
        Line(str(LABELS.get(name, _worded(name))), _in_words(kind, name, value, names))
        for name, value in row.items()
        if name not in UNREAD and value not in (None, "", [])
    ]


def _in_words(kind: str, name: str, value: Any, names: dict[str, str]) -> str:
    choices = CHOICES.get((kind, name))
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return "\n".join(str(each) for each in value)
    if isinstance(value, str):
        return names.get(value) or _moment(value) or value
    return str(value)


def _moment(text: str) -> str:
    """A day or a moment as people write it; empty for any other text."""
    readers: tuple[tuple[Callable[[str], Any], str], ...] = (
        (date.fromisoformat, "DATE_FORMAT"),
        (datetime.fromisoformat, "DATETIME_FORMAT"),
    )
    for read, form in readers:
        try:
            found = read(text) if len(text) >= len("2026-11-20") and "-" in text else None
        except ValueError:
            continue
        if isinstance(found, datetime) and found.tzinfo is not None:
            found = timezone.localtime(found)
        if found is not None:
            return date_format(found, form)
    return ""


def _worded(name: str) -> str:
    return name.replace("_", " ").capitalize()
