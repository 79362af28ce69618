"""How a ladder is climbed, as arithmetic. No clock, no database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

#: A call that nobody ended is closed after this time, and the person is asked how they are.
CLOSES_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Place:
    """A member who may be asked now."""

    membership: str
    person: str
    rung: int


@dataclass(frozen=True, slots=True)
class Step:
    """Who is asked next. `end_reached`: the ladder has been climbed to its end, so all are asked again together."""

    places: tuple[Place, ...]
    rung: int
    round: int
    end_reached: bool


def next_step(ladder: Sequence[Place], *, rung: int, round: int) -> Step:
    """The step after `rung` in `round`; `rung` 0 means that nobody has been asked yet.

    In the first round the rungs come one after the other. After the last one everybody is asked again at once, round
    after round: the ladder never ends in nothing. An empty ladder gives a step without places.
    """
    if round == 1:
        above = sorted({place.rung for place in ladder if place.rung > rung})
        if above:
            return Step(tuple(place for place in ladder if place.rung == above[0]), above[0], 1, end_reached=False)
    top = max((place.rung for place in ladder), default=rung)
    return Step(tuple(ladder), top, round + 1, end_reached=True)


def rung_has_passed(answers: Collection[str]) -> bool:
    """Has everybody who was asked on this rung let it pass? Then nobody needs to wait for the clock."""
    return bool(answers) and all(answer in ("cannot", "unreached") for answer in answers)
