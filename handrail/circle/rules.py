"""Decisions about invitations and sharing. No clock, no database."""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

GOOD_FOR = timedelta(hours=72)
UNDO_LEAVING = timedelta(hours=24)
DECOYS = 2
DIALLABLE = re.compile(r"[\d+()/.\-\s#*,;extEXT]{2,40}")
MATRIX_UP_TO = 5  # people and programs; with more, each gets a page of their own


def is_open(state: str, expires_at: datetime, now: datetime) -> bool:
    """Can the link still be used by somebody?"""
    return state in ("made", "opened") and now < expires_at


def phrases_to_choose_from(right: str, pick: Callable[[], str]) -> list[str]:
    """The right three words among decoys, in random order; no two alike."""
    options = [right]
    while len(options) < 1 + DECOYS:
        decoy = pick()
        if decoy not in options:
            options.append(decoy)
    secrets.SystemRandom().shuffle(options)
    return options


def could_be_dialled(phone: str) -> bool:
    """As typed: a short line like 988 is a number too. Only what no phone could dial is turned away."""
    return DIALLABLE.fullmatch(phone) is not None and any(letter.isdigit() for letter in phone)


def initial_of(name: str) -> str:
    """All that a link gives away about who sent it: "J."."""
    return f"{name.strip()[:1].upper()}." if name.strip() else "?"


def names_by_category(shared: Iterable[tuple[str, Iterable[str]]]) -> dict[str, list[str]]:
    """{category: names who see it}, from (name, categories) of each member, in the given order."""
    found: dict[str, list[str]] = {}
    for name, categories in shared:
        for category in categories:
            found.setdefault(category, []).append(name)
    return found


def wanted_shares(
    ticks: Iterable[str], memberships: Sequence[str], categories: Iterable[str]
) -> Mapping[str, set[str]]:
    """Turn ticked boxes ("membership:category") into the wanted shares of every membership that stood on the page.

    A box that is not ticked is not shared; a tick for somebody who was not on the page counts for nothing.
    """
    known = set(categories)
    wanted: dict[str, set[str]] = {membership: set() for membership in memberships}
    for tick in ticks:
        membership, _, category = tick.partition(":")
        if membership in wanted and category in known:
            wanted[membership].add(category)
    return wanted


# --- shares that end by themselves ------------------------------------------------------------------------------------


def end_of(choice: str, now: datetime, zone: str) -> datetime | None:
    """The moment behind "until tonight", "until Sunday", "for a week" or "for a month"; None for no end.

    Days end at midnight where the person is. On a Sunday, "until Sunday" means that same night.
    """
    here = now.astimezone(ZoneInfo(zone))
    days = {"tonight": 0, "sunday": (6 - here.weekday()) % 7, "week": 7, "month": 30}
    if choice not in days:
        return None
    last_day = here.date() + timedelta(days=days[choice])
    return datetime.combine(last_day + timedelta(days=1), time(), ZoneInfo(zone))


# --- who is missing, and whom to ask next -----------------------------------------------------------------------------

CLOSE_TO_ME = ("family", "friend")
BEEN_THERE = ("sponsor", "mentor", "peer")
TRAINED = ("counsellor", "physician", "case_worker", "program")
TOGETHER = ("group", "online")
OFTEN, SOMETIMES, RARELY, UNSAID = 3, 2, 1, 0
SETTLED = timedelta(days=30)  # before that, nobody needs to have leaned on anybody


@dataclass(frozen=True, slots=True)
class Stands:
    """Somebody on the map, in Handrail or not."""

    name: str
    role: str
    lean: int
    gets_calls: bool
    since: datetime | None  # None: not in Handrail
    reachable: bool = True  # a message can leave the house for them
    place: str = ""  # in Handrail: their membership


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is thin, why, and words that could be sent. `kind` is worded by `said.py`; there is no score."""

    kind: str
    name: str = ""
    place: str = ""  # where the person can say more about them


def gaps(circle: Sequence[Stands], now: datetime) -> list[Gap]:
    """What would make this circle carry better, the most urgent first. Nobody yet is one gap, not five."""
    if not circle:
        return [Gap("nobody")]
    found = []
    answering = [each for each in circle if each.gets_calls]
    if not answering:
        found.append(Gap("no_calls"))
    elif len(answering) == 1:
        found.append(Gap("one_answers", answering[0].name))
    found += [Gap("only_in_app", each.name) for each in answering if not each.reachable]
    leaned_on = [each for each in circle if each.lean >= SOMETIMES]
    if len(circle) > 1 and len(leaned_on) == 1 and leaned_on[0].lean == OFTEN:
        found.append(Gap("one_carries", leaned_on[0].name))
    roles = {each.role for each in circle}
    for kind, wanted in (
        ("no_close", CLOSE_TO_ME),
        ("no_been_there", BEEN_THERE),
        ("no_trained", TRAINED),
        ("no_group", TOGETHER),
    ):
        if roles.isdisjoint(wanted):
            found.append(Gap(kind))
    settled = [each for each in circle if each.since is not None and now - each.since >= SETTLED]
    found += [Gap("not_leaned_on", each.name) for each in settled if each.lean == RARELY]
    people = [each for each in settled if each.role != "program"]  # what is asked is whether one person carries a lot
    return found + [Gap("unsaid", each.name, each.place) for each in people if each.lean == UNSAID]
