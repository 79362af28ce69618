"""Days, marks and findings as arithmetic: values in, values out, no clock and no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

LATE_DAYS = 7  # how far back a check-in may be added from memory, and how long a phone may keep one
MARKS = (7, 14, 30, 60, 90, 100, 120, 150, 180, 270)  # days; after these come whole years
WEEK = 7
LONGEST_MEMORY = 36_525  # days: a century
ENOUGH_FOR_A_TREND = 4  # answered days; with fewer, a headline would say more than is known
ROUGHEST_MOOD = 1
STRONGEST_CRAVING = 3
A_CHANGE = 0.5  # of one craving step (0-3), between the older and the newer half of the answered days


class Greeting(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class Finding(StrEnum):
    """What the cravings of some days say. `said.py` has the words."""

    NOTHING_YET = "nothing_yet"
    FEW = "few"
    NONE = "none"
    EASING = "easing"
    RISING = "rising"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Mark:
    """A day worth noticing. `days` counts from the start; `years` is set for anniversaries; `to_go` is in days."""

    days: int
    to_go: int
    years: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """One check-in as the chart needs it."""

    day: date
    at: datetime
    mood: int | None = None
    craving: int | None = None
    sleep: int | None = None


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One calendar day: its latest mood and sleep, its strongest craving, None where nothing was said."""

    day: date
    mood: int | None = None
    craving: int | None = None
    sleep: int | None = None
    times: int = 0


def greeting(hour: int) -> Greeting:
    """`hour` 0-23 where the person is."""
    if 5 <= hour < 12:
        return Greeting.MORNING
    if 12 <= hour < 17:
        return Greeting.AFTERNOON
    return Greeting.EVENING if 17 <= hour < 22 else Greeting.NIGHT


def their_day(today: date, latest: date | None) -> date:
    """The day that a person is in. Flying west can set the calendar back; a day once begun is not taken away again."""
    return max(today, min(latest, today + timedelta(days=1))) if latest else today


def days_in_recovery(began: date, today: date) -> int:
    """Whole days since the start that the person chose. Nothing that happens in between makes it smaller."""
    return max(0, (today - began).days)


def days_since_use(used: Iterable[date], today: date) -> int | None:
    """Days since the last day of use, None when there is none on record."""
    last = max((day for day in used if day <= today), default=None)
    return None if last is None else (today - last).days


def next_mark(began: date, today: date) -> Mark:
    """The first mark after today; `days` is always more than the days in recovery."""
    days = days_in_recovery(began, today)
    return next(Mark(mark, mark - days, years) for mark, years in _marks(began) if mark > days)


def mark_reached(began: date, today: date) -> Mark | None:
    """The mark that falls on today, if one does."""
    days = days_in_recovery(began, today)
    mark, years = next((mark, years) for mark, years in _marks(began) if mark >= days)
    return Mark(mark, 0, years) if mark == days else None


def _marks(began: date) -> Iterable[tuple[int, int]]:
    yield from ((mark, 0) for mark in MARKS)
    yield from (((_anniversary(began, years) - began).days, years) for years in count(1))


def _anniversary(began: date, years: int) -> date:
    try:
        return began.replace(year=began.year + years)
    except ValueError:  # 29 February: the year is whole on 1 March
        return date(began.year + years, 3, 1)


def moment_answered(claimed: datetime | None, now: datetime) -> datetime:
    """When a check-in was answered, by the phone's word: never in the future, and at most `LATE_DAYS` ago."""
    if claimed is None:
        return now
    return min(now, max(claimed, now - timedelta(days=LATE_DAYS)))


def may_add_for(day: date, today: date) -> bool:
    """May a check-in still be added for `day`? Today, and the `LATE_DAYS` before it."""
    return today - timedelta(days=LATE_DAYS) <= day <= today


def in_living_memory(day: date, today: date) -> bool:
    """Can something be written down for `day`? Today or before, and no slip of the finger centuries ago."""
    return 0 <= (today - day).days <= LONGEST_MEMORY


def may_still_change(received_at: datetime, now: datetime, zones: Iterable[str]) -> bool:
    """Until midnight where the person was or where they are, whichever comes later.

    Calendar days are compared, not hours: a day of 23 or 25 hours ends at its own midnight, also where clocks change
    at midnight and that hour does not exist.
    """
    return any(_local_day(now, zone) <= _local_day(received_at, zone) for zone in zones)


def _local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def figures(answers: Iterable[Answered], days: Sequence[date]) -> list[DayFigures]:
    """One `DayFigures` for each of `days`, in their order."""
    by_day: dict[date, list[Answered]] = {}
    for answer in answers:
        by_day.setdefault(answer.day, []).append(answer)
    return [_one_day(day, sorted(by_day.get(day, ()), key=lambda answer: answer.at)) for day in days]


def _one_day(day: date, answers: Sequence[Answered]) -> DayFigures:
    return DayFigures(
        day=day,
        mood=next((answer.mood for answer in reversed(answers) if answer.mood is not None), None),
        craving=max((answer.craving for answer in answers if answer.craving is not None), default=None),
        sleep=next((answer.sleep for answer in reversed(answers) if answer.sleep is not None), None),
        times=len(answers),
    )


def days_up_to(last: date, how_many: int) -> list[date]:
    return [last - timedelta(days=back) for back in range(how_many - 1, -1, -1)]


def finding(cravings: Sequence[int | None]) -> Finding:
    """What the strongest craving of each day (0-3, None: not said), oldest first, says about those days."""
    said = [craving for craving in cravings if craving is not None]
    if not said:
        return Finding.NOTHING_YET
    if len(said) < ENOUGH_FOR_A_TREND:
        return Finding.FEW
    if not any(said):
        return Finding.NONE
    half = len(said) // 2  # with an odd number of days the middle one belongs to neither side
    change = (sum(said[-half:]) - sum(said[:half])) / half
    if change <= -A_CHANGE:
        return Finding.EASING
    return Finding.RISING if change >= A_CHANGE else Finding.STEADY


def calls_for_company(mood: int | None, craving: int | None) -> bool:
    """Is this a check-in after which we ask whether the person wants company?"""
    return mood == ROUGHEST_MOOD or craving == STRONGEST_CRAVING
