"""Showing one note to one member, and stopping. Notes are in no category: this is the only way to share one."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from handrail.engine import bell
from handrail.gate import Actor, gated
from handrail.gate import circle as places
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere
from handrail.notes.models import ShownNote
from handrail.notes.queries import can_be_shown

MOST = 12  # for one member at a time: they stand on one page


@gated("note.show", writes=True)
def show(
    actor: Actor,
    *,
    owner: str,
    source: str,
    day: date,
    words: str,
    memberships: Collection[str],
    until: datetime | None = None,
) -> None:
    """Let these members read this one note until then (None: until it is stopped). They are not told.

    `words`: the note as it stands; whoever keeps it calls `follow` when it changes.
    """
    members = {member.membership_id: member for member in places.members_of(owner)}
    if not set(memberships) <= members.keys():
        raise NotHere
    if not memberships:
        raise Invalid(_("Choose who may read it."), field="members")
    if not all(can_be_shown(members[membership]) for membership in memberships):
        raise Invalid(_("Programs and care workers get no single notes here."), field="members")
    if not words:
        raise Invalid(_("There are no words in this note yet."), field="members")
    for membership in sorted(set(memberships)):
        _stop(_waiting(owner).filter(membership_id=membership, source=source))
        if sum(row.is_live for row in _waiting(owner).filter(membership_id=membership)) >= MOST:
            text = _("%(name)s can read %(n)s notes already. Stop one of them first.")
            raise Invalid(text % {"name": members[membership].name, "n": MOST}, field="members")
        ShownNote.objects.create(
            owner_id=owner,
            membership_id=membership,
            source=source,
            day=day.isoformat(),
            words=words,
            since=clock.now(),
            until=until,
        )
    bell.ring([members[membership].person_id for membership in memberships])


@gated("note.show", about=ShownNote, writes=True)
def stop(actor: Actor, *, shownnote: str) -> None:
    """One tap: this member reads this note no more. What is over already stays as it is."""
    found = ShownNote.objects.select_for_update().filter(pk=shownnote)
    row = found.first()
    if row is None:
        raise NotHere
    _stop(found)
    _ring(row.owner_id, [row.membership_id])


@gated("note.show", writes=True)
def stop_all(actor: Actor, *, owner: str, membership: str) -> None:
    """This member reads no note any more."""
    _stop(_waiting(owner).filter(membership_id=membership))
    _ring(owner, [membership])


@gated("note.follow", writes=True)
def follow(actor: Actor, *, owner: str, source: str, day: date, words: str | None, hidden: bool = False) -> None:
    """The note says this now: so does what is shown of it. Without words it is shown no more.

    `hidden`: its day was and is hidden. To members it is not there, so nobody's page is asked to look again.
    """
    rows = list(_waiting(owner).select_for_update().filter(source=source))
    changed = [row for row in rows if (row.day, row.words) != (day.isoformat(), words)]
    reached = [row.membership_id for row in changed if row.is_live and not hidden]
    for row in changed:
        if words:
            row.day, row.words = day.isoformat(), words
            row.save(update_fields=["day", "words"])
    if not words:
        _stop(_waiting(owner).filter(source=source))
    _ring(owner, reached)


@gated("note.follow", writes=True)
def forget(actor: Actor, *, owner: str, source: str, hidden: bool = False) -> None:
    """The note was deleted: nothing of it stays, its history neither. `hidden`: its day is, see `follow`."""
    rows = ShownNote.objects.filter(owner_id=owner, source=source)
    shown = [row.membership_id for row in rows if row.is_live and not hidden]
    rows.delete()
    _ring(owner, shown)


def _waiting(owner: str) -> Any:
    """Those that nobody has stopped; the time of some may have run out."""
    return ShownNote.objects.filter(owner_id=owner, stopped_at=None)


def _stop(rows: Any) -> None:
    """The words go at once; that there was a note, from when and until when, stays with its writer."""
    now = clock.now()
    for row in rows.filter(stopped_at=None):
        row.stopped_at, row.words = min(now, row.until or now), None
        row.save(update_fields=["stopped_at", "words"])


def _ring(owner: str, memberships: Collection[str]) -> None:
    if memberships:
        bell.ring([each.person_id for each in places.members_of(owner) if each.membership_id in memberships])
