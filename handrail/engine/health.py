"""How the engine is: the worker's last heartbeat, and the oldest thing that should have happened and has not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min

from handrail.engine.leases import Leased, leased_models
from handrail.engine.models import Worker
from handrail.kernel import clock

SILENT_SECONDS = 15.0

#: What other rooms add to `/healthz`, by name: a number each. They never change its status.
also_told: dict[str, Callable[[], int]] = {}


@dataclass(frozen=True, slots=True)
class Pulse:
    """Ages in seconds; `worker` is None when no worker has ever been heard of. `overdue` has one entry a table."""

    worker: float | None
    overdue: dict[str, float]

    @property
    def is_silent(self) -> bool:
        """Nobody climbs ladders or sends; only the first round of a call still goes out (see `delivery.standby`)."""
        return self.worker is None or self.worker > SILENT_SECONDS


def pulse() -> Pulse:
    now = clock.now()
    return Pulse(worker=_last_heard(now), overdue=_overdue(now))


def is_silent() -> bool:
    """Has no worker been heard of lately? For a page that must not promise what nobody would do. One query."""
    return Pulse(worker=_last_heard(clock.now()), overdue={}).is_silent


def _last_heard(now: datetime) -> float | None:
    seen = Worker.objects.aggregate(at=Max("seen_at"))["at"]
    return _age(seen, now) if seen else None


def _overdue(now: datetime) -> dict[str, float]:
    oldest = {}
    for model in leased_models():
        owed = model._default_manager.filter(state__in=[Leased.WAITING, Leased.CLAIMED], due_at__lte=now)
        first = owed.aggregate(at=Min("due_at"))["at"]
        oldest[model._meta.model_name or ""] = _age(first, now) if first else 0.0
    return oldest


def _age(moment: datetime, now: datetime) -> float:
    return max(0.0, round((now - moment).total_seconds(), 1))
