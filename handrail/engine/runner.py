"""Comes for what is due: claims a few rows, and runs each one's handler in one transaction with the end of its row."""

import logging
import random
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.models import QuerySet

from handrail.engine import due, leases
from handrail.engine.failpoints import failpoint
from handrail.engine.lanes import Lane
from handrail.engine.line import mend
from handrail.engine.models import Due
from handrail.kernel import clock

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BATCH = {Lane.CALL: 16, Lane.ROUTINE: 8}  # few: a call for help waits for at most one batch of the others
LONGEST_PAUSE_SECONDS = 0.02
LONGEST_WAIT = {Lane.CALL: timedelta(seconds=10), Lane.ROUTINE: timedelta(minutes=15)}


class Runner:
    """One worker's hand on the due table. `worker` is its id, `lease` how long a claimed row is its own."""

    def __init__(self, worker: str, *, lease: timedelta = LEASE, stopping: Callable[[], bool] = lambda: False) -> None:
        self.worker = worker
        self.lease = lease
        self._stopping = stopping

    def turn(self) -> int:
        """Deal with one batch. Returns how many rows were tried; 0 means that nothing is due."""
        rows = self._claim()
        for place, row in enumerate(rows):
            if self._stopping():
                _let_go(rows[place:])
                break
            if row.lease_until is not None and clock.now() < row.lease_until:
                began = clock.monotonic()
                self._try(row)
                _let_others_write(row, clock.monotonic() - began)
        return len(rows)

    def _claim(self) -> list[Due]:
        for lane in Lane:
            if leases.waiting(Due.objects.all(), lane).exists():  # reading takes no lock
                with transaction.atomic():
                    rows = leases.waiting(Due.objects.all(), lane)
                    claimed = leases.claim(rows, worker=self.worker, lease=self.lease, limit=BATCH[lane])
                failpoint("due.claimed")
                if claimed:
                    return claimed
        return []

    def _try(self, row: Due) -> None:
        about = {"kind": row.kind, "lane": Lane(row.lane).label, "attempts": row.attempts}
        try:
            _run(row)
        except due.Overtaken:
            log.info("due.overtaken", extra=about)
        except Exception:
            # whatever it was, this row is tried again and the others go on
            log.exception("due.error", extra=about)
            mend()
            _try_later(row)
        else:
            log.info("due.done", extra=about | {"age_s": round((clock.now() - row.due_at).total_seconds(), 3)})


def _let_others_write(row: Due, seconds: float) -> None:
    """SQLite has one writer and no queue for it: whoever writes without a pause keeps pages and senders waiting.

    So routine work leaves the lock alone for as long as it held it.
    """
    if connection.vendor == "sqlite" and row.lane != Lane.CALL and not connection.in_atomic_block:
        time.sleep(min(seconds, LONGEST_PAUSE_SECONDS))


def _run(row: Due) -> None:
    here = due.InHand(pk=row.pk, key=(row.kind, row.ref, row.generation), token=row.token)
    with transaction.atomic():
        if not _still_ours(here):
            raise due.Overtaken
        marker = due.in_hand.set(here)
        try:
            due.handler_of(row.kind)(due.Moment(row.kind, row.ref, row.generation, row.due_at, row.attempts))
        finally:
            due.in_hand.reset(marker)
        failpoint("due.handled")
        # The row goes last: whoever took, moved or cancelled it meanwhile has changed its token, and all is undone.
        if not here.rearmed and not Due.objects.filter(pk=here.pk, token=here.token).delete()[0]:
            raise due.Overtaken
        failpoint("due.finished")
    failpoint("due.committed")


def _still_ours(here: due.InHand) -> bool:
    return Due.objects.filter(pk=here.pk, token=here.token, state=Due.CLAIMED).exists()


def _try_later(row: Due) -> None:
    """Give the row back for later. If even that cannot be written, its lease does it."""
    wait = min(timedelta(seconds=0.5 * 2 ** min(row.attempts - 1, 16)), LONGEST_WAIT[Lane(row.lane)])
    ready_at = clock.now() + wait * random.uniform(0.7, 1.0)  # noqa: S311 (spreads load, guards nothing)
    try:
        _ours(row).update(state=Due.WAITING, ready_at=ready_at, worker="", lease_until=None)
    except DatabaseError:
        log.exception("due.stuck", extra={"kind": row.kind})
        mend()


def _let_go(rows: list[Due]) -> None:
    for row in rows:
        _ours(row).update(state=Due.WAITING, worker="", lease_until=None, attempts=row.attempts - 1)


def _ours(row: Due) -> QuerySet[Due]:
    return Due.objects.filter(pk=row.pk, token=row.token, state=Due.CLAIMED)


def run_what_is_due(*, at_most: int = 10_000) -> int:
    """Deal with everything that is due now, in this process (tests, simulations, a node without a worker)."""
    runner = Runner("here")
    count = 0
    while count < at_most and (done := runner.turn()):
        count += done
    return count
