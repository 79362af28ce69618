"""Following the access log's chains: is each entry still the one that was written, and does none lack at the end?

A chain is followed a stretch at a time, so that a log of any length costs the same memory. What lies beyond the chain
itself (how far it reached yesterday, see `watch/`) is handed in as `known`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from handrail.gate.log import FIRST, digest_of
from handrail.gate.models import LogEntry, LogHead


@dataclass(frozen=True, slots=True)
class Link:
    """One place in a chain: the number of an entry and its digest. The first entry follows `Link()`."""

    number: int = 0
    digest: bytes = FIRST


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a chain was followed. `broken_at`: the number of the first entry that does not fit."""

    read: int
    to: Link
    at_end: bool
    broken_at: int | None = None


def owners_after(owner_id: str) -> Iterator[str]:
    """Everybody with a chain, or with what is left of one, in order of their ids."""
    while True:
        following = [
            model.objects.filter(owner_id__gt=owner_id).aggregate(id=Min("owner_id"))["id"]
            for model in (LogHead, LogEntry)
        ]
        found = [each for each in following if each]
        if not found:
            return
        owner_id = min(found)
        yield owner_id


def follow(owner_id: str, *, after: Link, most: int, known: Link | None = None) -> Followed:
    """Read up to `most` entries that come after `after`, and at the end compare with the head. In a transaction.

    `known`: a place that this chain went through when it was last found whole.
    """
    rows = list(LogEntry.objects.filter(owner_id=owner_id, number__gt=after.number).order_by("number")[: most + 1])
    to = after
    for entry in rows[:most]:
        if entry.number != to.number + 1 or bytes(entry.digest) != digest_of(entry, to.digest):
            return Followed(len(rows), to, at_end=True, broken_at=to.number + 1)
        to = Link(entry.number, bytes(entry.digest))
        if known is not None and to.number == known.number and to != known:
            return Followed(len(rows), to, at_end=True, broken_at=to.number)
    if len(rows) > most:
        return Followed(most, to, at_end=False)
    return Followed(len(rows), to, at_end=True, broken_at=_lacking_at_the_end(owner_id, to, known))


def _lacking_at_the_end(owner_id: str, last: Link, known: Link | None) -> int | None:
    head = LogHead.objects.select_for_update().filter(owner_id=owner_id).first()  # nobody writes on meanwhile
    newer = LogEntry.objects.filter(owner_id=owner_id, number__gt=last.number).exists()
    if head is not None and newer:
        return None  # written since we read: the next check follows it
    if known is not None and last.number < known.number:
        return last.number + 1
    if head is None:
        return last.number or 1
    return None if Link(head.number, bytes(head.digest)) == last else last.number + 1


def began_at(owner_id: str) -> datetime | None:
    """When the first entry of this chain was written."""
    found: datetime | None = (
        LogEntry.objects.filter(owner_id=owner_id).order_by("number").values_list("at", flat=True).first()
    )
    return found
