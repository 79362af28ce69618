"""Which notes are shown to whom: for their writer, and for the member who may read them."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import DateTimeField, Q, QuerySet
from django.utils.translation import gettext as _

from handrail.gate import Actor, gated
from handrail.gate import circle as places
from handrail.gate.carrying import Values, carried_out
from handrail.gate.categories import Role, shown_to
from handrail.gate.circle import NOBODY, Known, Member
from handrail.gate.covers import needs_signature
from handrail.gate.opening import opening
from handrail.gate.prepared import Given, OpenRows, PreparedRecords
from handrail.kernel import clock
from handrail.notes.models import ShownNote


@dataclass(frozen=True, slots=True)
class Shown:
    """One note with one member, as its writer sees it. `live`: they can read it now; `resting`: the place is paused."""

    id: str
    source: str
    membership_id: str
    name: str
    role: str
    day: date
    words: str  # empty once it was stopped
    since: datetime
    until: datetime | None
    stopped_at: datetime | None
    live: bool
    resting: bool
    hidden: bool = False  # its day is: nobody but the writer reads it meanwhile

    @property
    def over_at(self) -> datetime | None:
        """When it ended, by a tap or by itself; None while it goes on, and when it ended with the place."""
        return None if self.live else self.stopped_at or self.until


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """One note, as the member reads it."""

    day: date
    words: str


def can_be_shown(member: Member) -> bool:
    """One person's note is for one person: not for a program, and not for whom a signed consent has to come first."""
    return member.role != Role.PROGRAM and not needs_signature(member.role)


#: Of rooms above that hide what they hand over: `f(actor, owner=...)` answers the sources that stay shut for now.
also_hide: list[Callable[..., Collection[str]]] = []


@gated("note.read")
def shown(actor: Actor, *, owner: str, membership: str = "", source: str = "") -> list[Shown]:
    """Everything that was ever shown, what is shown now first, then the newest first."""
    known = places.known_in_circle(owner)
    live = {each.membership_id: each.paused for each in places.members_of(owner) if can_be_shown(each)}
    rows = ShownNote.objects.order_by("-since", "id")
    if membership:
        rows = rows.filter(membership_id=membership)
    if source:
        rows = rows.filter(source=source)
    hidden = {source for hide in also_hide for source in hide(actor, owner=owner)}
    found = [
        replace(_shown(row, known.get(row.membership_id, NOBODY), live), hidden=row.source in hidden) for row in rows
    ]
    return sorted(found, key=lambda each: not each.live)


@gated("note.read")
def readers(actor: Actor, *, owner: str) -> dict[str, list[str]]:
    """{source: names of those who can read that note now}. No word of any note is opened."""
    rows = [row for row in _NOT_STOPPED.rows() if row.is_live]
    found: dict[str, list[str]] = {}
    if rows:
        members = [each for each in places.members_of(owner) if can_be_shown(each) and not each.paused]
        names = {each.membership_id: each.name for each in members}
        for row in rows:
            if row.membership_id in names:
                found.setdefault(row.source, []).append(names[row.membership_id])
    return found


@gated("note.read")
def how_many(actor: Actor, *, owner: str, members: Collection[Member]) -> dict[str, int]:
    """{membership: notes that are shown to them}, also while these rest. One query, and no word of any is opened."""
    able = {each.membership_id for each in members if can_be_shown(each)}
    return dict(Counter(row.membership_id for row in _NOT_STOPPED.rows() if row.is_live and row.membership_id in able))


@gated("member.see")
def for_member(actor: Actor, *, owner: str, without: Collection[str] = ()) -> list[NoteSeen]:
    """What this member may read of this person's notes, the newest first. One query a place: staff can have several.

    `without`: sources of notes that stay shut for now, because their day is hidden.
    """
    right, now = actor.right_to(owner), clock.now()
    ids = [place.membership_id for place in right.places] if right else []
    shown = [place for place in ids if opening().allows(owner, shown_to(place))]
    rows = [row for place in shown for row in _FOR_MEMBER.rows(membership=place, now=now)]
    found = [NoteSeen(date.fromisoformat(row.day), row.words) for row in rows if row.source not in without]
    return sorted(found, key=lambda note: note.day, reverse=True)


def _still_shown(rows: OpenRows) -> "QuerySet[ShownNote]":
    now = Given("now", DateTimeField())
    return rows(ShownNote).filter(
        Q(until=None) | Q(until__gt=now), membership_id=Given("membership"), stopped_at=None, since__lte=now
    )


_FOR_MEMBER = PreparedRecords(ShownNote, lambda rows: _still_shown(rows).order_by("since"))
_NOT_STOPPED = PreparedRecords(ShownNote, lambda rows: rows(ShownNote).filter(stopped_at=None).order_by("since"))


def _shown(row: ShownNote, reader: Known, live: Mapping[str, bool]) -> Shown:
    return Shown(
        id=row.pk,
        source=row.source,
        membership_id=row.membership_id,
        name=reader.name or _("Somebody who has left"),
        role=reader.role,
        day=date.fromisoformat(row.day),
        words=row.words or "",
        since=row.since,
        until=row.until,
        stopped_at=row.stopped_at,
        live=row.is_live and row.membership_id in live,
        resting=live.get(row.membership_id, False),
    )


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[Values]]:
    """What was shown to whom, with its words while it is. With a file nobody comes along who could read them."""
    return {"notes_shown": carried_out(ShownNote, owner)}
