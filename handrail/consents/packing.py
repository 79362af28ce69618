"""Putting together exactly what a consent covers, from what the rooms below hold; and consents out and in again."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.care import queries as care
from handrail.care.times import PartOfDay
from handrail.checkins import queries as checkins
from handrail.checkins.answers import Craving, Medicine, Mood, Sleep, UseKind
from handrail.consents import rules, said
from handrail.consents.kinds import LABELS, PURPOSE_WORDS
from handrail.consents.models import Consent
from handrail.consents.rules import NOTES, THINGS, Kind, Purpose, Status, Terms
from handrail.gate import Actor, Category
from handrail.gate.carrying import (
    NotOurs,
    Values,
    carried_in,
    is_day,
    is_day_or_none,
    is_text,
    is_text_or_none,
    is_texts,
    is_zone,
    one_of,
)
from handrail.kernel import clock
from handrail.library.statements import notice
from handrail.plan import queries as plan
from handrail.plan.steps import words_of
from handrail.safety import queries as safety

Rows = Mapping[str, list[Values]]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that somebody said or did. `day` is None for what stands now, like the plan."""

    day: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]  # oldest first

    @property
    def words(self) -> tuple[str, ...]:
        found = tuple(f"{said.day(line.day)}: {line.text}" if line.day else line.text for line in self.lines)
        return found or (_("Nothing was kept about this in these days."),)


@dataclass(frozen=True, slots=True)
class Copy:
    """What leaves. `notice` and `scope` stand on every page of it."""

    consent: str
    person: str
    recipient: str
    made_at: datetime
    zone: str
    notice: str
    scope: str
    sections: tuple[Section, ...]

    @property
    def items(self) -> int:
        return sum(len(section.lines) for section in self.sections)


def terms_of(row: Consent) -> Terms:
    return Terms(
        kind=row.kind,
        person=row.person,
        discloser=row.discloser,
        recipient=row.recipient,
        things=tuple(row.things),
        purpose=row.purpose,
        purpose_words=row.purpose_words,
        first_data=_day(row.first_data),
        last_data=_day(row.last_data),
        last_day=_day(row.last_day),
        event=row.event,
    )


def copy_under(actor: Actor, row: Consent) -> Copy:
    """Everything that the consent names, from its days, and nothing else. The gate is open for its owner."""
    terms, owner = terms_of(row), row.owner_id
    rows: Rows = {}
    for exported in (checkins.exported, plan.exported, care.exported, safety.exported):
        rows = {**rows, **exported(actor, owner=owner)}
    hidden = {date.fromisoformat(each["day"]) for each in rows.get("hidden_days", [])}  # they stay out of this too
    sections = [
        Section(str(LABELS[name]), tuple(_within(_LINES[name](rows, row.zone), terms, hidden)))
        for name in THINGS
        if rules.covers(terms.kind, terms.things, thing=name, purpose=terms.purpose)
    ]
    return Copy(
        consent=row.pk,
        person=terms.person,
        recipient=terms.recipient,
        made_at=clock.now(),
        zone=row.zone,
        notice=notice(),
        scope=scope_of(row),
        sections=tuple(sections),
    )


def scope_of(row: Consent) -> str:
    purpose, last_day = str(PURPOSE_WORDS[row.purpose]), date.fromisoformat(row.last_day)
    return said.scope(recipient=row.recipient, names=row.things, purpose=purpose, last_day=last_day)


def _within(lines: Iterator[Line], terms: Terms, hidden: Collection[date]) -> list[Line]:
    found = [line for line in lines if line.day is None or (_is_within(line.day, terms) and line.day not in hidden)]
    return sorted(found, key=lambda line: line.day or date.min)


def _is_within(day: date, terms: Terms) -> bool:
    return (terms.first_data or date.min) <= day <= (terms.last_data or date.max)


# --- each thing from its room -----------------------------------------------------------------------------------------


def _answers(rows: Rows, *names: tuple[str, Any]) -> Iterator[Line]:
    """Answers of check-ins that were not taken back, in words, one line a check-in."""
    for row in rows["checkins"]:
        said_here = [str(choices(row[name]).label) for name, choices in names if row[name] is not None]
        if row["undone_at"] is None and said_here:
            yield Line(date.fromisoformat(row["day"]), ", ".join(said_here))


def _feeling(rows: Rows, zone: str) -> Iterator[Line]:
    for row in rows["checkins"]:
        if row["undone_at"] is None and row["mood"] is not None:
            mood = _("Felt %(word)s") % {"word": str(Mood(row["mood"]).label).lower()}
            slept = _("slept %(word)s") % {"word": str(Sleep(row["sleep"]).label).lower()} if row["sleep"] else ""
            yield Line(date.fromisoformat(row["day"]), ", ".join(filter(None, (mood, slept))))


def _cravings(rows: Rows, zone: str) -> Iterator[Line]:
    return _answers(rows, ("craving", Craving))


def _use(rows: Rows, zone: str) -> Iterator[Line]:
    for row in rows["hard_days"]:
        yield Line(date.fromisoformat(row["day"]), str(UseKind(row["kind"]).label))


def _days(rows: Rows, zone: str) -> Iterator[Line]:
    for row in rows["start"]:
        if row["began"]:
            since = date.fromisoformat(row["began"])
            yield Line(None, _("Counted since %(day)s") % {"day": said.day(since)})


def _plan(rows: Rows, zone: str) -> Iterator[Line]:
    for row in sorted(rows["plan_steps"], key=lambda row: row["number"]):
        if row["replaced_at"] is None and row["lines"]:
            yield Line(None, f"{words_of(row['number']).title}: {'; '.join(row['lines'])}")


def _medicine(rows: Rows, zone: str) -> Iterator[Line]:
    names = {row["id"]: row["name"] for row in rows["medicines"]}
    for row in rows["medicines"]:
        when = str(PartOfDay(row["part_of_day"]).label)
        ended = _("until %(day)s") % {"day": said.day(_local(row["ended_at"], zone))} if row["ended_at"] else _("now")
        yield Line(None, f"{row['name']} ({when}), {ended}")
    for row in rows["medicine_taken"]:
        yield Line(date.fromisoformat(row["day"]), _("Taken: %(name)s") % {"name": names.get(row["medicine_id"], "")})
    for line in _answers(rows, ("medicine", Medicine)):
        yield Line(line.day, _("Medicine that day: %(answer)s") % {"answer": line.text.lower()})
    for row in rows["visits"]:
        where = f", {row['place']}" if row["place"] else ""
        yield Line(_local(row["at"], zone), _("Visit: %(what)s") % {"what": row["title"]} + where)


def _calls(rows: Rows, zone: str) -> Iterator[Line]:
    for row in rows["calls"]:
        yield Line(_local(row["made_at"], zone), _("Called for help: “%(words)s”") % {"words": row["words"]})


def _places(rows: Rows, zone: str) -> Iterator[Line]:
    for row in rows["calls"]:
        if row["place"]:
            yield Line(_local(row["made_at"], zone), row["place"])


def _notes(rows: Rows, zone: str) -> Iterator[Line]:
    for row in rows["checkins"]:
        if row["undone_at"] is None and row["note"]:
            yield Line(date.fromisoformat(row["day"]), row["note"])
    for row in rows["visits"]:
        if row["note"]:
            yield Line(_local(row["at"], zone), _("Beside a visit: %(note)s") % {"note": row["note"]})


_LINES: dict[str, Callable[[Rows, str], Iterator[Line]]] = {
    Category.FEELING: _feeling,
    Category.CRAVINGS: _cravings,
    Category.USE: _use,
    Category.DAYS: _days,
    Category.PLAN: _plan,
    Category.HELP: _calls,
    Category.PLACE: _places,
    Category.MEDICINE: _medicine,
    NOTES: _notes,
}


def _local(moment: str, zone: str) -> date:
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).date()


def _day(found: str | None) -> date | None:
    return date.fromisoformat(found) if found else None


# --- moving in --------------------------------------------------------------------------------------------------------

MOVED = "moved"
OVER = frozenset(Status) - {Status.DRAFT, Status.ACTIVE}


def take_in(owner: str, rows: Any) -> None:
    """Signed ones alone, and all of them over: whoever was named in them does not stand here."""
    signed = [row for row in rows if isinstance(row, dict) and row.get("signed_at")] if isinstance(rows, list) else rows
    past: Sequence[Any] = [_over(row) for row in signed] if isinstance(signed, list) else signed
    carried_in(
        Consent,
        owner,
        past,
        plain=(
            "status", "version", "language", "form_version", "made_at", "signed_at", "expires_at", "signed_how",
            "ended_at", "ended_how",
        ),
        sealed={
            **dict.fromkeys(("person", "discloser", "recipient", "text", "text_number"), is_text),
            **dict.fromkeys(("purpose_words", "event", "signed_name"), is_text_or_none),
            **dict.fromkeys(("first_data", "last_data"), is_day_or_none),
            "things": lambda value: is_texts(value) and set(THINGS).issuperset(value),
            "kind": one_of(list(Kind), or_none=False),
            "purpose": one_of(list(Purpose), or_none=False),
            "statements": is_texts,
            "last_day": is_day,
            "zone": is_zone,
        },
    )  # fmt: skip


def _over(row: Values) -> Values:
    status = row.get("status")
    if not isinstance(status, str | None):
        raise NotOurs
    if status in OVER:
        return row
    return {**row, "status": Status.REVOKED, "ended_how": MOVED, "ended_at": clock.now().isoformat()}
