"""The circle as a picture: where everybody stands, as arithmetic. The template draws it, the list says it in words.

The inner orbit is close, the outer one around; a thicker tie means that the two lean on each other more often. The
same person stands in the same place each time, because angles come from the order of ids.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 340, 348
CENTRE = (170.0, 174.0)
ORBITS = {1: 84.0, 2: 136.0}  # closeness: radius
TURNS = 48  # positions tried for the outer ring
HALF_A_LABEL = 12.0  # between how high and how wide a role's word is
MOST = 12  # nodes; what is more stands in the list
SHORT = 7  # letters of a name inside a node


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody who wants a place on the map."""

    id: str
    name: str
    role: str
    role_word: str
    closeness: int
    lean: int
    paused: bool = False
    outside: bool = False  # not in Handrail


@dataclass(frozen=True, slots=True)
class Node:
    figure: Figure
    x: float
    y: float
    radius: float
    label_y: float
    tie: str

    @property
    def spots(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Where something is drawn: the face and its label."""
        return (self.x, self.y), (self.x, self.label_y)

    @property
    def is_long(self) -> bool:
        """The name needs smaller letters to stay inside."""
        return len(self.short) > 5

    @property
    def short(self) -> str:
        name = self.figure.name
        if len(name) > SHORT:
            name = name.split()[0] if name.split() else name
        return name if len(name) <= SHORT else f"{name[: SHORT - 1]}…"


def place(figures: Sequence[Figure]) -> list[Node]:
    """A node for each figure, up to MOST, those who are close first."""
    chosen = sorted(figures, key=lambda figure: (figure.closeness, figure.id))[:MOST]
    inner = _ring(chosen, 1, start=-math.pi * 3 / 4)
    turns = (_ring(chosen, 2, start=2 * math.pi * turn / TURNS) for turn in range(TURNS))
    # The outer ring is turned until its faces are as far as can be from the inner one's, and off their ties.
    return inner + max(turns, key=lambda outer: _room(inner, outer))


def _ring(chosen: Sequence[Figure], orbit: int, *, start: float) -> list[Node]:
    ring = [figure for figure in chosen if figure.closeness == orbit]
    return [
        _node(figure, start + 2 * math.pi * index / len(ring), ORBITS[orbit], crowded=len(chosen) > 6)
        for index, figure in enumerate(ring)
    ]


def _room(inner: Sequence[Node], outer: Sequence[Node]) -> float:
    """How much air is left where the two rings come closest; less than nothing where they touch."""
    return min((_air(one, two) for one in inner for two in outer), default=0.0)


def _air(one: Node, two: Node) -> float:
    (face, label), (other_face, other_label) = one.spots, two.spots
    return min(
        math.dist(face, other_face) - one.radius - two.radius,
        math.dist(face, other_label) - one.radius - HALF_A_LABEL,
        math.dist(label, other_face) - two.radius - HALF_A_LABEL,
        math.dist(label, other_label) - 2 * HALF_A_LABEL,
    )


def in_words(nodes: Sequence[Node]) -> str:
    """The picture for those who hear it: only names and roles; the list below says the rest."""
    return ", ".join(f"{node.figure.name} ({node.figure.role_word})" for node in nodes)


def _node(figure: Figure, angle: float, radius: float, *, crowded: bool) -> Node:
    size = 24.0 if crowded else (29.0 if figure.closeness == 1 else 26.0)
    x = round(CENTRE[0] + radius * math.cos(angle), 1)
    y = round(CENTRE[1] + radius * math.sin(angle) * 0.92, 1)
    above = y < CENTRE[1]
    return Node(
        figure=figure,
        x=x,
        y=y,
        radius=size,
        label_y=round(y - size - 8 if above else y + size + 16, 1),
        tie="pause" if figure.paused else {3: "big", 2: "mid"}.get(figure.lean, ""),
    )
