"""What a channel is given to send, and what it says became of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from handrail.engine.lanes import Lane
from handrail.kernel import clock


class Outcome(StrEnum):
    HANDED = "handed"  # taken by the mail server, push service or text gateway
    LATER = "later"  # not now: try again
    UNSURE = "unsure"  # it may have left: tried again, but not without end
    NEVER = "never"  # this address does not exist any more
    UNSENT = "unsent"  # we did not try: no time left on the lease, or we are stopping
    CLOSED = "closed"  # it may not go to them any more, or its reason ended


@dataclass(frozen=True, slots=True)
class Result:
    """`code` is a short technical word for the record ("http 410"), never a text from outside."""

    outcome: Outcome
    code: str
    wait: timedelta | None = None  # what the other side asked us to wait


@dataclass(slots=True)
class Letter:
    """One claimed outbox row with its address opened. Held in memory only, for as long as the lease lasts."""

    pk: str
    token: int
    idem: str
    channel: str
    lane: Lane
    kind: str
    link: str
    seen_token: str | None
    owner: str
    way: str | None
    attempts: int
    due_at: datetime
    lease_until: datetime
    address: Any
    code: str | None = None
    claimed_at: float = field(default_factory=clock.monotonic)
    lease_seconds: float = 0.0

    def seconds_left(self) -> float:
        """Of the lease: the shorter of what the wall and what the monotonic clock say, so neither may fool us."""
        by_wall = (self.lease_until - clock.now()).total_seconds()
        by_monotonic = self.claimed_at + self.lease_seconds - clock.monotonic()
        return min(by_wall, by_monotonic)
