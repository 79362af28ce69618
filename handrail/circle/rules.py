"""Decisions about invitations and sharing. No clock, no database."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

GOOD_FOR = timedelta(hours=72)
DECOYS = 2
MATRIX_UP_TO = 4  # people; with more, each gets a page of their own


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
