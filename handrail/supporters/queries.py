"""Reading one's own space, and who carries how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handrail.circle import queries as circle
from handrail.gate import Actor, gated
from handrail.gate.carrying import Values, carried_out
from handrail.gate.categories import Category, Lean
from handrail.gate.prepared import PreparedRecords
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.safety import queries as safety
from handrail.supporters import rules
from handrail.supporters.models import Note, Space, Week
from handrail.supporters.rules import Answer, Carries


@dataclass(frozen=True, slots=True)
class NoteSeen:
    id: str
    circle_of: str  # id of the person whom it is about; empty: about the writer
    called: str
    text: str
    written_at: datetime
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeftSeen:
    """A circle that can be come back to until then."""

    place: str
    called: str
    until: datetime


@dataclass(frozen=True, slots=True)
class SpaceSeen:
    """How they want to be asked, whether they are asked today, and what they have just left."""

    asks_now: bool = False
    off: bool = False
    reminds: bool = False
    left: tuple[LeftSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """One circle that they stand in, as far as resting goes."""

    owner_id: str
    called: str
    off_until: datetime | None
    gets_calls: bool  # when they do not rest
    last: bool  # nobody else gets this person's calls
    alert: str  # a call that is open and was put to them
    asked: int  # calls they were asked in, and said yes to, in the last four weeks
    yes: int


@gated("own.read")
def space(actor: Actor, *, owner: str, zone: str) -> SpaceSeen:
    """One query, for Today too."""
    found = _SPACE.first()
    if found is None:
        return SpaceSeen(asks_now=True)
    due = rules.is_due(
        clock.today(zone), off=found.off, answered_on=found.answered_on, put_off_until=found.put_off_until
    )
    left = [LeftSeen(each["place"], each["called"], datetime.fromisoformat(each["until"])) for each in found.left or []]
    return SpaceSeen(due, found.off, found.reminds, tuple(each for each in left if each.until > clock.now()))


_SPACE = PreparedRecords(Space, lambda rows: rows(Space))


@gated("own.read")
def weeks(actor: Actor, *, owner: str) -> list[Answer]:
    """Their newest answers, oldest first."""
    rows = Week.objects.order_by("-day")[: rules.WEEKS_SHOWN]
    return [Answer(row.day, row.strength, row.sleep, row.worry, row.good or "") for row in rows][::-1]


@gated("own.read")
def notes(actor: Actor, *, owner: str) -> list[NoteSeen]:
    """Newest first."""
    return [_note(row) for row in Note.objects.order_by("-written_at")]


@gated("own.read", about=Note)
def note(actor: Actor, *, note: str) -> NoteSeen:
    found = Note.objects.filter(pk=note).first()
    if found is None:
        raise NotHere
    return _note(found)


def _note(row: Note) -> NoteSeen:
    return NoteSeen(row.pk, row.circle_of or "", row.called or "", row.text, row.written_at, row.changed_at)


def standing(actor: Actor) -> list[Standing]:
    """Every circle they stand in, by name. Of the others in it, only whether anybody else gets the calls."""
    circles = circle.circles(actor)
    if not circles:
        return []
    last = circle.last_on_call(actor, owners=[each.owner_id for each in circles])
    alerts, answered = safety.open_alerts(actor), safety.i_answered_since(actor, since=_four_weeks_ago())
    return [
        Standing(
            owner_id=each.owner_id,
            called=each.called,
            off_until=each.off_until,
            gets_calls=Category.HELP in each.categories,
            last=each.owner_id in last,
            alert=alerts.get(each.owner_id, ""),
            asked=len(answered.get(each.owner_id, ())),
            yes=sum(one.yes for one in answered.get(each.owner_id, ())),
        )
        for each in circles
    ]


@dataclass(frozen=True, slots=True)
class Load:
    """Who carried how much in the last four weeks, for the person alone. `calls`: how many there were."""

    circle: Sequence[Carries]
    calls: int


def load(actor: Actor, *, owner: str) -> Load:
    answered = safety.answered_since(actor, owner=owner, since=_four_weeks_ago())
    by_place: dict[str, list[bool]] = {}
    for one in answered:
        by_place.setdefault(one.membership, []).append(one.yes)
    people = [each for each in circle.roster(actor, owner=owner) if not each.program_id]  # a program gets no calls
    found = [_carries(each, by_place) for each in people]
    return Load(found, len({one.call for one in answered}))


def _carries(member: circle.Member, by_place: Mapping[str, Sequence[bool]]) -> Carries:
    answers = by_place.get(member.membership_id, ())
    return Carries(
        membership=member.membership_id,
        name=member.name,
        role=member.role,
        rung=member.rung,
        gets_calls=member.gets_calls,
        rests=member.off_until is not None,
        asked=len(answers),
        yes=sum(answers),
        leaned_on_often=member.lean == Lean.OFTEN,
    )


def _four_weeks_ago() -> datetime:
    return clock.now() - rules.LOOKS_BACK


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[Values]]:
    return {
        "own_notes": carried_out(Note, owner),
        "own_weeks": carried_out(Week, owner),
        "own_asking": carried_out(Space, owner),
    }
