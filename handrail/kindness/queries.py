"""Kind words, for the person who got them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from handrail.circle import queries as circle
from handrail.gate import Actor, gated
from handrail.gate.carrying import Values, carried_out
from handrail.gate.circle import Known
from handrail.gate.prepared import OpenRows, PreparedRecords
from handrail.kindness.models import KindNote, NoNotes


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    membership: str
    words: str
    sent_at: datetime
    read: bool
    aside: bool


@dataclass(frozen=True, slots=True)
class From:
    """A note with who wrote it: what the person calls them, and what they are to the person."""

    note: Note
    name: str
    role: str


@gated("kindness.read")
def unread(actor: Actor, *, owner: str) -> list[Note]:
    """What waits to be read, newest first, without what is kept aside."""
    return [note for note in _notes(_UNREAD.rows()) if not note.aside]


@gated("kindness.read")
def notes(actor: Actor, *, owner: str) -> list[From]:
    """Everything that came, newest first; with names, of those who have left too."""
    known = circle.known(actor, owner=owner)
    return with_names(_notes(_ALL.rows()), known)


@gated("kindness.read")
def wants_none_from(actor: Actor, *, owner: str) -> set[str]:
    """Memberships whose notes are kept aside from now on."""
    return {each.membership_id for each in _NONE_FROM.rows()}


def with_names(found: list[Note], known: Mapping[str, Known]) -> list[From]:
    """`known`: {membership: who that is}; a note of somebody who is not known is left out."""
    wrote = ((note, known.get(note.membership)) for note in found)
    return [From(note, who.name, who.role) for note, who in wrote if who]


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[Values]]:
    return {"kind_notes": carried_out(KindNote, owner), "no_kind_notes": carried_out(NoNotes, owner)}


def _with_aside(rows: OpenRows) -> "QuerySet[KindNote]":
    """In the same query, whether each is kept aside: for the owner alone; to a member nothing is."""
    unwanted = rows(NoNotes).filter(membership_id=OuterRef("membership_id"), since__lte=OuterRef("sent_at"))
    return rows(KindNote).annotate(aside=Exists(unwanted)).order_by("-sent_at")


_ALL = PreparedRecords(KindNote, _with_aside)
_UNREAD = PreparedRecords(KindNote, lambda rows: _with_aside(rows).filter(read_at=None))
_NONE_FROM = PreparedRecords(NoNotes, lambda rows: rows(NoNotes))


def _notes(rows: Sequence[Any]) -> list[Note]:
    return [
        Note(
            id=row.pk,
            membership=row.membership_id,
            words=row.words,
            sent_at=row.sent_at,
            read=row.read_at is not None,
            aside=bool(row.aside),
        )
        for row in rows
    ]
