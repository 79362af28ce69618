"""How far a message came: only what is known, in words that promise no more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from handrail.delivery.models import Channel, Outbox, Way
from handrail.gate.prepared import PreparedAmong


class Step(IntEnum):
    """The higher the further. A page words them; `HANDED_OVER` never means that somebody read it."""

    TAKEN_BACK = 0  # its reason ended before it left, or it may not go to them any more
    GAVE_UP = 1  # this way did not work
    QUEUED = 2  # on our disk, not out yet
    IN_APP = 3  # shown when they open Handrail; nothing has left the house
    HANDED_OVER = 4  # the mail server, push service or text gateway has taken it
    DELIVERED = 5  # the phone company reports that the phone has it: their word, and nobody need have read it
    ON_PHONE = 6  # the phone itself called back


@dataclass(frozen=True, slots=True)
class WayProgress:
    channel: str
    step: Step
    at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the furthest way came, and each way on its own (furthest first)."""

    step: Step
    at: datetime
    ways: tuple[WayProgress, ...]


def how_far(*, matter: str, kind: str | None = None) -> dict[str, Progress]:
    """{person: progress} of all that was put for this matter (of one kind, if named). One query."""
    rows = Outbox.objects.filter(matter=matter)
    if kind is not None:
        rows = rows.filter(kind=kind)
    by_person: dict[str, list[WayProgress]] = {}
    for row in rows.only("to", "channel", "state", "handed_at", "delivered_at", "on_phone_at", "due_at"):
        by_person.setdefault(row.to, []).append(_progress(row))
    return {person: _best(ways) for person, ways in by_person.items()}


def reachable(people: Iterable[str]) -> set[str]:
    """Who of these has a way that leads outside the app and works as far as we know. Which way is not told."""
    return {way.person_id for way in _WORKING.rows(people)}


_WORKING = PreparedAmong(
    lambda people: Way.objects.filter(
        person_id__in=people, ended_at=None, verified_at__isnull=False, failing_since=None
    )
)


def _progress(row: Outbox) -> WayProgress:
    if row.on_phone_at:
        return WayProgress(row.channel, Step.ON_PHONE, row.on_phone_at)
    if row.delivered_at:
        return WayProgress(row.channel, Step.DELIVERED, row.delivered_at)
    if row.handed_at and row.state != Outbox.GAVE_UP:  # handed over, and then reported as never arrived
        step = Step.IN_APP if row.channel == Channel.IN_APP else Step.HANDED_OVER
        return WayProgress(row.channel, step, row.handed_at)
    steps = {Outbox.GAVE_UP: Step.GAVE_UP, Outbox.WITHDRAWN: Step.TAKEN_BACK}
    return WayProgress(row.channel, steps.get(row.state, Step.QUEUED), row.due_at)


def _best(ways: Iterable[WayProgress]) -> Progress:
    ordered = tuple(sorted(ways, key=lambda way: (-way.step, way.at)))
    # While something that can reach a phone is still on its way, "it waits in the app" would not be the whole truth,
    # but it is the furthest that is known; the ways say the rest.
    return Progress(ordered[0].step, ordered[0].at, ordered)
