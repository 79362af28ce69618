"""The history of sharing: how a share ends, and from when to when each of them held."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Least

from handrail.gate.categories import Purpose
from handrail.gate.models import Grant
from handrail.gate.opening import opening
from handrail.gate.rights import rests
from handrail.kernel import clock
from handrail.kernel.errors import NotHere


@dataclass(frozen=True, slots=True)
class Shared:
    """One line of the history of sharing: from when to when somebody could see one thing."""

    membership_id: str
    category: str
    purpose: str
    since: datetime
    until: datetime | None  # when it was to end by itself
    stopped_at: datetime | None
    consent: str = ""  # the signed consent that it rested on
    ended_by_itself: bool = False
    resting: bool = False  # it goes on, and the place is paused now

    @property
    def purpose_word(self) -> str:
        return str(Purpose(self.purpose).label)


def stop(shares: "QuerySet[Grant]", *, now: datetime) -> None:
    """End these, as far as they go on. One whose time ran out before keeps that moment as its end."""
    shares.filter(stopped_at=None).update(stopped_at=Least(Coalesce(F("until"), now), now))


def history_of(owner_id: str) -> list[Shared]:
    """Every share there ever was in this circle, newest first."""
    if not opening().allows(owner_id, None):
        raise NotHere
    rows = Grant.objects.filter(membership__owner_id=owner_id).order_by("-since", "category")
    pauses = {"paused_at": F("membership__paused_at"), "keeps_help": F("membership__pause_keeps_help")}
    now = clock.now()
    return [_shared(row, now) for row in rows.annotate(**pauses)]


def _shared(row: Any, now: datetime) -> Shared:
    """A row of old can be stamped later than it ended: what is said of it is its true end."""
    goes_on = row.stopped_at is None and (row.until is None or row.until > now)
    ran_out = row.until is not None and row.until <= (row.stopped_at or now)
    return Shared(
        membership_id=row.membership_id,
        category=row.category,
        purpose=row.purpose,
        since=row.since,
        until=row.until,
        stopped_at=row.until if ran_out and row.stopped_at else row.stopped_at,
        consent=row.consent,
        ended_by_itself=ran_out,
        resting=goes_on and rests(row.category, row.paused_at is not None, row.keeps_help),
    )
