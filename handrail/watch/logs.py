"""The daily check of every access log: a stretch at a time, taken up again where it was left, told when it ends.

What it finds: any entry that was changed, removed or put elsewhere, and entries cut off at the end. By the marks of the
check before, also a chain that was cut off or written anew together with its digests and its head. What it cannot find:
such a forgery of entries younger than the last check (a day at most), a whole database put back as it was on an earlier
day, and whatever somebody does who holds both the database and the key file.

The office log, which is nobody's, is followed too. It is keyed and needs no mark: see `gate/office_log.py`.
"""

import hashlib
import hmac
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from handrail.gate import chains, office_log
from handrail.gate.chains import Followed, Link
from handrail.kernel import clock
from handrail.kernel.keys import install_keys
from handrail.watch.models import Mark, Round

ENTRIES_A_TURN = 2000  # some tens of milliseconds: SQLite has one writer, and a call for help must not wait
LOGS_A_TURN = 200
NEVER = -1
WRITING = timedelta(minutes=10)  # longer than any transaction that writes an entry

log = logging.getLogger("handrail.watch")


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a log does not hold. The office log is nobody's: its `owner_id` is empty."""

    owner_id: str
    number: int


def check_some() -> Round:
    """One turn of the round that is going on, or the first of a new one; `ended_at` says whether it was the last."""
    with transaction.atomic():
        going_on = Round.objects.select_for_update().filter(ended_at=None).order_by("began_at").first()
        here = going_on or Round.objects.create(began_at=clock.now())
        _turn(here)
        here.save()
    return here


def check_all() -> list[Broken]:
    """A whole new round at once, for a person who waits for the answer; turns are committed one by one."""
    with transaction.atomic():
        Round.objects.filter(ended_at=None).delete()
    while check_some().ended_at is None:
        pass
    return broken_logs()


def accept(owner_id: str) -> bool:
    """The operator looked into it: this log counts as whole from here on. False where the chain itself is broken."""
    with transaction.atomic():
        to = Link()
        while not (found := chains.follow(owner_id, after=to, most=ENTRIES_A_TURN)).at_end:
            to = found.to
        if found.broken_at is None:
            _remember(owner_id, found.to, None, None)
    return found.broken_at is None


def broken_logs() -> list[Broken]:
    """What the last looks found."""
    rows = Mark.objects.filter(broken_at__isnull=False).order_by("owner_id")
    found = [Broken(row.owner_id, row.broken_at) for row in rows if row.broken_at is not None]
    number = office_log.broken_at()
    return found if number is None else [Broken("", number), *found]


def broken_count() -> int:
    """For `/healthz`."""
    return Mark.objects.filter(broken_at__isnull=False).count() + (office_log.broken_at() is not None)


def hours_since_checked() -> int:
    """For `/healthz`: since the last whole round ended; -1 when there was none."""
    last = _last_round()
    return int((clock.now() - last.ended_at).total_seconds() // 3600) if last and last.ended_at else NEVER


def _turn(here: Round) -> None:
    left, before = ENTRIES_A_TURN, _last_round()
    for _number, owner in zip(range(LOGS_A_TURN), _owners_from(here), strict=False):
        after = Link(here.number, bytes(here.digest)) if here.digest else Link()
        mark = Mark.objects.filter(owner_id=owner).first()
        found = chains.follow(owner, after=after, most=left, known=_known(mark))
        here.entries += found.read
        left -= found.read
        if found.at_end:
            broken_at = _broken_at(owner, found, mark, before)
            _remember(owner, found.to, mark, broken_at)
            _count(here, mark, broken_at)
            here.owner, here.number, here.digest = owner, 0, None
        else:
            here.owner, here.number, here.digest = owner, found.to.number, found.to.digest
        if left <= 0:
            return
    if next(_owners_from(here), None) is None:
        _check_the_office_log(here)
        here.ended_at = clock.now()
        Round.objects.filter(began_at__lt=here.began_at).delete()


def _check_the_office_log(here: Round) -> None:
    """Whole, at the end of a round: an install writes some hundred entries a year."""
    if not office_log.began():
        return
    found = office_log.check()
    here.logs += 1
    here.broken += found.broken_at is not None
    here.newly_broken += found.newly


def _count(here: Round, mark: Mark | None, broken_at: int | None) -> None:
    here.logs += 1
    if broken_at is not None:
        here.broken += 1
        here.newly_broken += mark is None or mark.broken_at is None


def _known(mark: Mark | None) -> Link | None:
    return Link(mark.number, bytes(mark.digest)) if mark is not None and mark.number else None


def _owners_from(here: Round) -> Iterator[str]:
    """Whose logs are still to be looked at in this round: first the one in hand, where it is not at its end."""
    if here.digest:
        yield here.owner
    yield from _all_after(here.owner)


def _all_after(owner: str) -> Iterator[str]:
    """Those with a log, and those who had one when a mark was set."""
    logs = chains.owners_after(owner)
    following = next(logs, None)
    while True:
        marked = Mark.objects.filter(owner_id__gt=owner).order_by("owner_id").values_list("owner_id", flat=True).first()
        candidates = [each for each in (following, marked) if each]
        if not candidates:
            return
        owner = min(candidates)
        if owner == following:
            following = next(logs, None)
        yield owner


def _broken_at(owner: str, found: Followed, mark: Mark | None, before: Round | None) -> int | None:
    if found.broken_at is not None:
        return found.broken_at
    if mark is not None and mark.number:
        return None if hmac.compare_digest(bytes(mark.seal), _seal(owner, mark.number, bytes(mark.digest))) else 1
    began = chains.began_at(owner)
    had_one = before is not None and began is not None and began < before.began_at - WRITING
    return 1 if had_one else None  # where there was a log at the last round, there is a mark


def _remember(owner: str, last: Link, mark: Mark | None, broken_at: int | None) -> None:
    """A log that holds moves its mark on. One that does not keeps the mark that shows it."""
    if broken_at is None:
        values = {"number": last.number, "digest": last.digest, "seal": _seal(owner, last.number, last.digest)}
    else:
        values = {} if mark else {"number": 0, "digest": b"", "seal": b""}
    Mark.objects.update_or_create(
        owner_id=owner, defaults={**values, "checked_at": clock.now(), "broken_at": broken_at}
    )


def _seal(owner: str, number: int, digest: bytes) -> bytes:
    said = f"log mark|{owner}|{number}|".encode() + digest
    return hmac.digest(install_keys().pepper, said, hashlib.sha256)


def _last_round() -> Round | None:
    return Round.objects.filter(ended_at__isnull=False).order_by("-began_at").first()
