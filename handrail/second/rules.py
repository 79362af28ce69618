"""Days that nobody would look at twice, as arithmetic."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAYS = 24  # that a fresh second view looks back on
OFTEN = 0.45  # of the days have a check-in: few people come every day
HOURS = (7, 8, 12, 18, 20, 21)
MOODS = (3, 3, 3, 4, 4, 2)  # answers.Mood, as often as they stand here
CRAVINGS = (0, 0, 0, None)
SLEEPS = (2, 3, 3, None)

Chance = Callable[[], float]  # each time another number from 0 up to 1, never 1 itself


@dataclass(frozen=True, slots=True)
class Ordinary:
    day: date
    at: datetime
    mood: int
    craving: int | None
    sleep: int | None


def ordinary(since: date, now: datetime, zone: str, chance: Chance) -> Iterator[Ordinary]:
    """Check-ins from `since` up to yesterday, in the hours in which people have a minute. Nothing in them is hard."""
    day, last = since, now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    while day <= last:
        if chance() < OFTEN:
            at = time(_one(HOURS, chance), int(chance() * 60), int(chance() * 60), tzinfo=ZoneInfo(zone))
            answers = (_one(some, chance) for some in (MOODS, CRAVINGS, SLEEPS))
            yield Ordinary(day, datetime.combine(day, at), *answers)
        day += timedelta(days=1)


def _one(some: Sequence[Any], chance: Chance) -> Any:
    return some[int(chance() * len(some))]
