"""The sender's three short transactions: claim (consent is asked in it), ask again, record what became of it."""

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from handrail.delivery.letters import Letter, Outcome, Result
from handrail.delivery.models import Attempt, Outbox, Way
from handrail.delivery.ways import opened_ways
from handrail.engine import bell, leases
from handrail.engine.failpoints import failpoint
from handrail.engine.lanes import Lane
from handrail.gate import Actor
from handrail.gate.rights import still_open
from handrail.kernel import clock

log = logging.getLogger(__name__)

ROUTINE_GIVES_UP = timedelta(hours=24)
LONGEST_WAIT = {Lane.CALL: timedelta(seconds=10), Lane.ROUTINE: timedelta(minutes=15)}
#: Where nobody can tell whether a text has left, each try may be one more: somebody's phone, and somebody's money.
UNSURE_TRIES = 5
FIRST_WAIT = {Lane.CALL: timedelta(seconds=1), Lane.ROUTINE: timedelta(seconds=5)}


def may_still_go() -> Q:
    """To the owner themself; to a member while the membership lives and the category is shared with them."""
    return Q(membership_id="", to=F("owner")) | still_open()


def claim(
    channel: str, lane: Lane, *, worker: str, lease: timedelta, limit: int, matter: str | None = None
) -> list[Letter]:
    """Up to `limit` letters that may leave now. Rows that may not any more are withdrawn on the way."""
    rows = leases.waiting(Outbox.objects.filter(channel=channel), lane)
    if matter is not None:
        rows = rows.filter(matter=matter)
    if limit <= 0 or not rows.exists():  # reading takes no lock
        return []
    with transaction.atomic():
        taken = leases.claim(_with_consent(rows), worker=worker, lease=lease, limit=limit)
        shut = [row for row in taken if not row.may_go or row.way_ended]  # type: ignore[attr-defined]
        _withdraw(shut)
        shut_ids = {row.pk for row in shut}
        # Opened before the commit: if that cannot be done, nothing is claimed and nobody waits for a lease.
        letters = _letters([row for row in taken if row.pk not in shut_ids], lease)
    failpoint("outbox.claimed")
    return letters


def _with_consent(rows: QuerySet[Outbox]) -> QuerySet[Outbox]:
    return rows.annotate(
        may_go=Case(When(may_still_go(), then=Value(True)), default=Value(False)),
        way_ended=Case(When(way__ended_at__isnull=False, then=Value(True)), default=Value(False)),
    )


def _withdraw(rows: Sequence[Outbox]) -> None:
    if rows:
        Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(state=Outbox.WITHDRAWN, lease_until=None)
        now = clock.now()
        Attempt.objects.bulk_create(Attempt(outbox=row, at=now, outcome=Outcome.CLOSED) for row in rows)
        log.info("outbox.closed", extra={"count": len(rows)})


def _letters(rows: Sequence[Outbox], lease: timedelta) -> list[Letter]:
    if not rows:
        return []
    people = sorted({row.to for row in rows})
    addresses = opened_ways(
        Actor.system("send what waits in the outbox"), owners=people, ways=[row.way_id for row in rows if row.way_id]
    )
    return [_letter(row, addresses, lease) for row in rows]


def _letter(row: Outbox, addresses: dict[str, tuple[object, str | None]], lease: timedelta) -> Letter:
    address, code = addresses.get(row.way_id or "", (None, None))
    assert row.lease_until is not None
    return Letter(
        pk=row.pk, token=row.token, idem=row.idem, channel=row.channel, lane=Lane(row.lane), kind=row.kind,
        link=row.link, seen_token=row.seen_token, owner=row.owner, way=row.way_id, attempts=row.attempts,
        due_at=row.due_at, lease_until=row.lease_until, lease_seconds=lease.total_seconds(),
        address=address, code=code,
    )  # fmt: skip


def is_still_wanted(letter: Letter) -> bool:
    """Asked again when some time has passed since the claim: still ours, not withdrawn, still allowed."""
    mine = Outbox.objects.filter(pk=letter.pk, token=letter.token, state=Outbox.CLAIMED)
    return mine.filter(may_still_go(), Q(way=None) | Q(way__ended_at=None)).exists()


def record(results: Sequence[tuple[Letter, Result]]) -> None:
    """What became of these letters, in one transaction. A row that is not ours any more keeps its new state."""
    now = clock.now()
    with transaction.atomic():
        held = _lock([letter.pk for letter, _ in results])
        ours = [pair for pair in results if (row := held.get(pair[0].pk)) and row.token == pair[0].token]
        handed = [pair for pair in ours if pair[1].outcome == Outcome.HANDED]
        others = [pair for pair in ours if pair[1].outcome != Outcome.HANDED]
        _settle_handed([letter.pk for letter, _ in handed], now)
        changed = handed + [(letter, result) for letter, result in others if _settle(letter, result, now)]
        Attempt.objects.bulk_create(
            Attempt(outbox_id=letter.pk, at=now, outcome=_noted(result))
            for letter, result in results
            if letter.pk in held and result.outcome != Outcome.UNSENT
        )
        _note_ways(changed, now)
        bell.ring(letter.owner for letter, _ in changed if letter.lane == Lane.CALL)
        failpoint("outbox.recording")
    failpoint("outbox.recorded")


def _noted(result: Result) -> str:
    unsure = f"{Outcome.UNSURE} " if result.outcome == Outcome.UNSURE else ""
    return (unsure + result.code)[:40]


def _lock(keys: Sequence[str]) -> dict[str, Outbox]:
    """In the order in which `withdraw` locks, too."""
    rows = Outbox.objects.filter(pk__in=keys).order_by("pk").select_for_update()
    return {row.pk: row for row in rows.only("pk", "token")}


def _settle_handed(keys: Sequence[str], now: datetime) -> None:
    """Withdrawn while it left, or reported on before we knew: it did leave, and we say so."""
    rows = Outbox.objects.filter(pk__in=keys)
    told = [Outbox.ON_PHONE, Outbox.DELIVERED, Outbox.GAVE_UP]
    rows.exclude(state__in=told).update(state=Outbox.HANDED, handed_at=now, lease_until=None, worker="")
    rows.filter(state__in=told).update(handed_at=now)


def _settle(letter: Letter, result: Result, now: datetime) -> bool:
    """Write the new state of a row that did not leave; whether it changed what a page shows."""
    mine = Outbox.objects.filter(pk=letter.pk, token=letter.token, state=Outbox.CLAIMED)
    tries_over = {Outcome.NEVER: True, Outcome.LATER: _is_too_late(letter, now)}
    if result.outcome == Outcome.UNSURE:
        tries_over[Outcome.UNSURE] = _is_too_late(letter, now) or _was_unsure_often(letter)
    if tries_over.get(result.outcome):
        return bool(mine.update(state=Outbox.GAVE_UP, lease_until=None, worker=""))
    if result.outcome == Outcome.CLOSED:
        return bool(mine.update(state=Outbox.WITHDRAWN, lease_until=None, worker=""))
    ready_at = now if result.outcome == Outcome.UNSENT else now + _wait(letter, result)
    untried = 1 if result.outcome == Outcome.UNSENT else 0
    mine.update(
        state=Outbox.WAITING, ready_at=ready_at, lease_until=None, worker="", attempts=letter.attempts - untried
    )
    return False


def _was_unsure_often(letter: Letter) -> bool:
    earlier = Attempt.objects.filter(outbox=letter.pk, outcome__startswith=Outcome.UNSURE)
    return earlier.count() + 1 >= UNSURE_TRIES


def _is_too_late(letter: Letter, now: datetime) -> bool:
    """A call for help is tried until its matter is withdrawn; everything else for a day."""
    return letter.lane != Lane.CALL and now - letter.due_at >= ROUTINE_GIVES_UP


def _wait(letter: Letter, result: Result) -> timedelta:
    longest = LONGEST_WAIT[letter.lane]
    grown: timedelta = FIRST_WAIT[letter.lane] * 2 ** min(letter.attempts - 1, 10)
    wait = min(max(grown, result.wait or timedelta()), longest)
    return wait * random.uniform(0.7, 1.0)  # noqa: S311 (spreads load)


def _note_ways(changed: Sequence[tuple[Letter, Result]], now: datetime) -> None:
    """A way that does not exist any more is marked so that its person can be told; one that works again is cleared."""
    gone = [letter.way for letter, result in changed if letter.way and result.outcome == Outcome.NEVER]
    good = [letter.way for letter, result in changed if letter.way and result.outcome == Outcome.HANDED]
    if gone:
        Way.objects.filter(pk__in=gone, failing_since=None).update(failing_since=now)
    if good and Way.objects.filter(pk__in=good, failing_since__isnull=False).exists():
        Way.objects.filter(pk__in=good).update(failing_since=None)
