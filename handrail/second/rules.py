"""Days that nobody would look at twice, as arithmetic."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from handrail.checkins.rules import Answered

DAYS = 24  # that a fresh second view looks back on
OFTEN = 0.45  # of the days have a check-in: few people come every day
MOODS = (3, 3, 3, 4, 4, 2)  # answers.Mood, as often as they stand here
CRAVINGS = (0, 0, 0, None)
SLEEPS = (2, 3, 3, None)


def ordinary(since: date, now: datetime, zone: str, chance: Random) -> Iterator[Answered]:
    """Check-ins from `since` up to yesterday, in the hours in which people have a minute. Nothing in them is hard."""
    day, last = since, now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    while day <= last:
        if chance.random() < OFTEN:
            clock_time = time(chance.choice((7, 8, 12, 18, 20, 21)), chance.randrange(60), chance.randrange(60))
            at = datetime.combine(day, clock_time, tzinfo=ZoneInfo(zone))
            yield Answered(day, at, chance.choice(MOODS), chance.choice(CRAVINGS), chance.choice(SLEEPS))
        day += timedelta(days=1)
