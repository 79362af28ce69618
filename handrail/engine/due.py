"""What is due: `schedule`, `cancel`, `handles`. A domain's `due.py` registers its handlers when the house starts.

    @due.handles("call.rung")
    def ask_next_rung(moment: Moment) -> None: ...

A handler runs in one transaction with the end of its row and whatever it schedules, puts in the outbox or writes. It
may be run again (after an error, a crash, a lease that ran out), but only one run ever commits. It can still meet a
state that has moved on, so it changes its own rows conditionally ("only if still waiting") before anything else;
domain rows first, due rows after, which is also the order that keeps PostgreSQL free of deadlocks.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from handrail.engine import wake
from handrail.engine.lanes import Lane
from handrail.engine.leases import new_token
from handrail.engine.models import Due
from handrail.kernel import clock

Handler = Callable[["Moment"], None]
EVERY_DAY = "all"  # `ref` of a moment that is nobody's, and comes again and again

_handlers: dict[str, Handler] = {}
_daily: list[str] = []


class UnknownKind(Exception):
    """No handler is registered for this kind: the moment would come and nobody would know what to do."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A due row as its handler sees it. `attempt` is 1 the first time."""

    kind: str
    ref: str
    generation: int
    due_at: datetime
    attempt: int = 1

    @property
    def key(self) -> tuple[str, str, int]:
        return self.kind, self.ref, self.generation


class Overtaken(Exception):
    """The row in hand is no longer ours: taken over, taken back or moved. What its handler did is undone."""


@dataclass(slots=True)
class InHand:
    """The row whose handler is running in this context."""

    pk: int
    key: tuple[str, str, int]
    token: int
    rearmed: bool = False


in_hand: ContextVar[InHand | None] = ContextVar("handrail_moment_in_hand", default=None)


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the one function that deals with moments of this kind."""

    def register(handler: Handler) -> Handler:
        if kind in _handlers and _handlers[kind] is not handler:
            raise ValueError(f"two handlers for the moment {kind!r}")
        _handlers[kind] = handler
        return handler

    return register


def daily(kind: str) -> Callable[[Handler], Handler]:
    """As `handles`, for upkeep: a worker that starts arms it where nobody has, and the handler says when it is next."""
    _daily.append(kind)
    return handles(kind)


def arm_daily() -> None:
    """What is armed already stays as it is."""
    for kind in _daily:
        with transaction.atomic():
            if not Due.objects.filter(kind=kind, ref=EVERY_DAY).exists():
                schedule(kind, ref=EVERY_DAY, at=clock.now())


def handler_of(kind: str) -> Handler:
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(kind) from None


def schedule(kind: str, *, ref: str, at: datetime, generation: int = 0, lane: Lane = Lane.ROUTINE) -> None:
    """Arm the moment (kind, ref, generation) for `at`, inside the caller's transaction.

    Scheduled again, it moves: there is one row for a key, and the last word counts. A handler may schedule its own
    key anew (tomorrow's reminder). Raises UnknownKind when nobody handles `kind`.
    """
    handler_of(kind)
    if at.tzinfo is None:
        raise ValueError("a moment is aware of its time zone")
    require_transaction()
    here = in_hand.get()
    if here is not None and here.key == (kind, ref, generation):
        _arm_anew(here, at, lane)
    else:
        _arm(Due(kind=kind, ref=ref, generation=generation, lane=lane, due_at=at, ready_at=at))
    if at <= clock.now():
        wake.up()  # what is due later is found by the poll


def _arm(row: Due) -> None:
    Due.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["kind", "ref", "generation"],
        update_fields=["lane", "due_at", "ready_at", "state", "token", "worker", "lease_until", "attempts"],
    )


def _arm_anew(here: InHand, at: datetime, lane: Lane) -> None:
    """The handler moves its own moment: only while the row is still the one it was given."""
    token = new_token()
    moved = Due.objects.filter(pk=here.pk, token=here.token).update(
        lane=lane, due_at=at, ready_at=at, state=Due.WAITING, token=token, worker="", lease_until=None, attempts=0
    )
    if not moved:
        raise Overtaken
    here.token, here.rearmed = token, True


def cancel(kind: str, *, ref: str, generation: int | None = None) -> None:
    """Take back this moment (every generation of it, unless one is named), inside the caller's transaction.

    One whose handler is running right now either sees its transaction undone, or had already committed before us.
    """
    require_transaction()
    rows = Due.objects.filter(kind=kind, ref=ref)
    if generation is not None:
        rows = rows.filter(generation=generation)
    if (here := in_hand.get()) and not here.rearmed:
        rows = rows.exclude(pk=here.pk)  # the moment in hand ends by itself when its handler returns
    rows.delete()


def require_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("what is due is written in the transaction of the event that causes it")
