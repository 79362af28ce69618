"""How an agreement moves between two people. No clock, no database, nobody's words.

    OFFERED --both said yes--> AGREED --30 days--> REVIEW --both said yes--> AGREED
    any words changed, in any of these: OFFERED again, with the yes of whoever changed them and of nobody else
    either side, at any time: ENDED

A draft is no state of an agreement: it is words that one side keeps for themself (`models.Draft`), not offered yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from handrail.kernel.errors import TooLate

REVIEW_AFTER = timedelta(days=30)
SAID_LATELY = timedelta(days=7)  # what one would like to say is announced to the other for so long
MOST_LINES = 5
LONGEST_LINE = 200
MOST_TOPICS = 20  # that are still to be talked about
MOST_TOPICS_EACH = 40  # that one side keeps on the list, the ones talked about too
MOST_ENDED = 20  # of one kind with one member
LONGEST_NOTE = 1000


class Side(StrEnum):
    OWNER = "owner"  # whose circle it is
    MEMBER = "member"

    @property
    def other(self) -> "Side":
        return Side.MEMBER if self is Side.OWNER else Side.OWNER


class State(StrEnum):
    OFFERED = "offered"
    AGREED = "agreed"
    REVIEW = "review"  # it still holds; both are asked whether it still fits
    ENDED = "ended"


BOTH = frozenset(Side)
NOBODY: frozenset[Side] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agreement stands. `version` counts the words: a yes is always to one version of them."""

    state: State
    version: int
    yes: frozenset[Side]


def first_offer(by: Side) -> Standing:
    return Standing(State.OFFERED, 1, frozenset({by}))


def reworded(now: Standing, by: Side) -> Standing:
    """One side changed its words: whatever was said yes to is no longer what stands there."""
    _require_not_ended(now)
    return Standing(State.OFFERED, now.version + 1, frozenset({by}))


def said_yes(now: Standing, by: Side, *, to: int) -> Standing:
    """A yes to version `to`; TooLate when the words have changed since, or nothing is asked."""
    if now.state not in (State.OFFERED, State.REVIEW) or to != now.version:
        raise TooLate
    yes = now.yes | {by}
    return replace(now, state=State.AGREED if yes == BOTH else now.state, yes=yes)


def came_due(now: Standing, *, version: int) -> Standing:
    """Thirty days have passed since both said yes to this version; anything else stays as it is."""
    if now.state != State.AGREED or now.version != version:
        return now
    return replace(now, state=State.REVIEW, yes=NOBODY)


def ended(now: Standing) -> Standing:
    _require_not_ended(now)
    return replace(now, state=State.ENDED)


def _require_not_ended(now: Standing) -> None:
    if now.state == State.ENDED:
        raise TooLate


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a side says, and what they will do themselves if it goes differently."""

    say: str
    then: str = ""

    def as_json(self) -> dict[str, str]:
        return {"say": self.say, "then": self.then}


def tidy(lines: Sequence[Line], starters: Sequence[str]) -> list[Line]:
    """Lines in one row of words each, without the empty ones and those that are still a bare starter."""
    bare = {_one_row(starter).casefold() for starter in starters}
    found = [Line(_one_row(line.say), _one_row(line.then)) for line in lines]
    return [line for line in found if line.say and line.say.casefold() not in bare]


def lines_from(stored: Sequence[Mapping[str, str]]) -> tuple[Line, ...]:
    return tuple(Line(str(line.get("say", "")), str(line.get("then", ""))) for line in stored)


def fits(lines: Sequence[Line]) -> bool:
    """Few enough, and short enough, to be read in a hard moment."""
    return len(lines) <= MOST_LINES and all(max(len(line.say), len(line.then)) <= LONGEST_LINE for line in lines)


def _one_row(text: str) -> str:
    return " ".join(text.split())
