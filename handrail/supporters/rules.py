"""What a supporter's answers say, what follows from them, and who carries how much. No clock, no database, no score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ASKED_EVERY = timedelta(days=7)
PUT_OFF = timedelta(days=3)
LOOKS_BACK = timedelta(days=28)  # for who carried how much
WEEKS_SHOWN = 12
LONGEST_NOTE = 4000
LONGEST_LINE = 200
MOST_NOTES = 500
ENOUGH_CALLS = 3  # fewer tell nothing about how they are spread


# --- the weekly question ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """One week. Strength and worry from 1 to 4, sleep from 1 to 3; None where nothing was said."""

    day: date
    strength: int
    sleep: int | None
    worry: int | None
    good: str = ""


def is_due(today: date, *, off: bool, answered_on: date | None, put_off_until: date | None) -> bool:
    """Is it time to ask again? Once in seven days at most, and never before the day it was put off to."""
    if off or (put_off_until is not None and today < put_off_until):
        return False
    return answered_on is None or today - answered_on >= ASKED_EVERY


def reminder_after(now: datetime, zone: str) -> datetime:
    """The next Sunday, five in the afternoon where they live."""
    here = now.astimezone(ZoneInfo(zone))
    sunday = here.date() + timedelta(days=(6 - here.weekday()) % 7)
    at = datetime.combine(sunday, time(17), ZoneInfo(zone))
    return at if at > here else datetime.combine(sunday + timedelta(days=7), time(17), ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class Trend:
    """How one thing went: `kind` is worded by said.py. `weeks`: in how many answers in a row."""

    kind: str
    weeks: int = 0


def is_hard(answer: Answer, what: str) -> bool:
    """Little strength, much worry, bad sleep."""
    value: int | None = getattr(answer, what)
    if value is None:
        return False
    return value >= 3 if what == "worry" else value <= {"strength": 2, "sleep": 1}[what]


def trends(weeks: Sequence[Answer]) -> list[Trend]:
    """What the answers say, oldest first in, the hard things first out. One answer says nothing yet."""
    if len(weeks) < 2:
        return [Trend("first")] if weeks else []
    hard: list[Trend] = []
    harder: list[Trend] = []
    better: list[Trend] = []
    for what in ("strength", "sleep", "worry"):
        run = _in_a_row(weeks, what)
        if run >= 2:
            hard.append(Trend(f"hard_{what}", run))
        elif way := _way(weeks, what):
            (better if way > 0 else harder).append(Trend(f"better_{what}" if way > 0 else f"harder_{what}"))
    return hard + harder + better or [Trend("steady")]


def _in_a_row(weeks: Sequence[Answer], what: str) -> int:
    """In how many of the newest answers in a row it was hard."""
    run = 0
    for answer in reversed(weeks):
        if not is_hard(answer, what):
            break
        run += 1
    return run


def _way(weeks: Sequence[Answer], what: str) -> int:
    """From the last time to this: above 0 where it got better, below where it got harder, 0 where nothing is known."""
    before, now = getattr(weeks[-2], what), getattr(weeks[-1], what)
    if before is None or now is None:
        return 0
    return int(before - now if what == "worry" else now - before)


def what_follows(weeks: Sequence[Answer], *, rests: bool) -> list[str]:
    """What could do good now, the most needful first; never nothing. Worded by said.py."""
    if not weeks:
        return []
    now, found = weeks[-1], []
    tired = now.strength == 1 or _in_a_row(weeks, "strength") >= 2
    if tired and not rests:
        found.append("rest")
    if is_hard(now, "worry") or now.strength == 1:
        found += ["someone", "lines"]
    if _in_a_row(weeks, "sleep") >= 2:
        found.append("doctor")
    if not found:
        found.append("small" if any(is_hard(now, what) for what in ("strength", "sleep")) else "keep")
    return found


# --- resting ----------------------------------------------------------------------------------------------------------

RESTS = {"days": timedelta(days=3), "week": timedelta(days=7), "two": timedelta(days=14), "month": timedelta(days=30)}
LONGEST_REST = timedelta(days=92)
BACK_AT = time(9)


def end_of_rest(day: date, zone: str) -> datetime:
    """Nine in the morning of that day, where they live: nobody wakes to a call that came at midnight."""
    return datetime.combine(day, BACK_AT, ZoneInfo(zone))


# --- who carries how much ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Carries:
    """One member, as far as the person's own circle and calls tell. `asked` and `yes` count calls."""

    membership: str
    name: str
    role: str
    rung: int
    gets_calls: bool
    rests: bool
    asked: int
    yes: int
    leaned_on_often: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing about how the load lies, and about whom; worded by said.py. Nobody is put in an order."""

    kind: str
    name: str = ""
    yes: int = 0
    calls: int = 0


def reasons(circle: Sequence[Carries], calls: int) -> list[Reason]:
    """What could be spread better, the most urgent first. `calls`: how many there were in the time looked at."""
    on_call = [each for each in circle if each.gets_calls]
    if not on_call:
        return [Reason("nobody")] if circle else []
    found = [Reason("alone", on_call[0].name)] if len(on_call) == 1 else _unevenly(circle, on_call, calls)
    named = {reason.name for reason in found}
    often = [each for each in circle if each.leaned_on_often]
    if len(often) == 1 and len(circle) > 1 and often[0].name not in named:
        found.append(Reason("leaned_on", often[0].name))
    return found


def _unevenly(circle: Sequence[Carries], on_call: Sequence[Carries], calls: int) -> list[Reason]:
    found = []
    answered = sum(each.yes for each in circle)
    if answered >= ENOUGH_CALLS:
        found += [Reason("most", each.name, each.yes, calls) for each in circle if 2 * each.yes > answered]
    first = min(each.rung for each in on_call)
    ahead = [each for each in on_call if each.rung == first]
    if len(ahead) == 1:
        found.append(Reason("always_first", ahead[0].name))
    if calls >= ENOUGH_CALLS:
        found += [Reason("not_asked", each.name, 0, calls) for each in on_call if not each.asked]
    return found
