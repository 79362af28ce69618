"""Rows that a worker takes with a lease: `Leased` is the shape of the due table and of the outbox alike.

A claim writes the worker, a fresh token and an end of the lease. Every later change asks for that token, so whoever
lost a row (its lease ran out, it was taken back, armed anew, withdrawn) changes nothing any more.
"""

import secrets
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TypeVar

from django.apps import apps
from django.db import models, transaction
from django.db.models import F, Q

from handrail.engine.lanes import Lane
from handrail.kernel import clock


def new_token() -> int:
    """Marks one arming or one claim of a row; whoever holds the row's present token may finish it."""
    return secrets.randbits(62)


class Leased(models.Model):
    """Work that waits for its time. Times are the wall's (`kernel.clock`): leases cross processes."""

    WAITING = "waiting"
    CLAIMED = "claimed"

    lane = models.SmallIntegerField(choices=Lane.choices, default=Lane.ROUTINE)
    due_at = models.DateTimeField()  # what was promised
    ready_at = models.DateTimeField()  # when to try: `due_at`, later after an error
    state = models.CharField(max_length=10, default=WAITING)
    token = models.BigIntegerField(default=new_token)
    worker = models.CharField(max_length=22, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state="claimed", lease_until__isnull=False)
                | (~Q(state="claimed") & Q(lease_until__isnull=True)),
                name="%(class)s_claimed_is_leased",
            ),
        ]
        indexes = [
            models.Index("lane", "ready_at", condition=Q(state="waiting"), name="%(class)s_waiting"),
            models.Index("lease_until", condition=Q(state="claimed"), name="%(class)s_leased"),
            models.Index("due_at", condition=Q(state__in=["waiting", "claimed"]), name="%(class)s_oldest"),
        ]


Row = TypeVar("Row", bound=Leased)


def leased_models() -> Iterator[type[Leased]]:
    return (model for model in apps.get_models() if issubclass(model, Leased))


def waiting(rows: models.QuerySet[Row], lane: Lane) -> models.QuerySet[Row]:
    """What may be claimed now in this lane, oldest first. One lane a query, so that the index answers."""
    return rows.filter(state=Leased.WAITING, lane=lane, ready_at__lte=clock.now()).order_by("ready_at")


def claim(rows: models.QuerySet[Row], *, worker: str, lease: timedelta, limit: int) -> list[Row]:
    """Take up to `limit` of these waiting rows. Inside a transaction.

    PostgreSQL skips what another worker is claiming this instant; on SQLite the transaction itself is exclusive.
    """
    found = list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])
    if found:
        token, until = new_token(), clock.now() + lease
        model = type(found[0])
        taken = model._default_manager.filter(pk__in=[row.pk for row in found], state=Leased.WAITING)
        taken.update(state=Leased.CLAIMED, token=token, worker=worker, lease_until=until, attempts=F("attempts") + 1)
        for row in found:
            row.state, row.token, row.worker, row.lease_until = Leased.CLAIMED, token, worker, until
            row.attempts += 1
    return found


def take_back_expired() -> int:
    """Rows whose lease ran out wait again. Returns how many."""
    return _take_back(Q(lease_until__lte=clock.now()))


def take_back_from(workers: Iterable[str]) -> int:
    """Rows of workers that are known to be dead wait again, without waiting for their lease."""
    return _take_back(Q(worker__in=list(workers)))


def _take_back(lost: Q) -> int:
    count = 0
    for model in leased_models():
        rows = model._default_manager.filter(lost, state=Leased.CLAIMED)
        if not rows.exists():  # reading locks nothing; this is the answer nearly always
            continue
        with transaction.atomic():
            held = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
            lost_rows = model._default_manager.filter(lost, pk__in=held, state=Leased.CLAIMED)
            count += lost_rows.update(state=Leased.WAITING, token=new_token(), worker="", lease_until=None)
    return count
