"""Pictures of days as server-made SVG: bars and dots, each with a sentence that says the same.

Drawn in units of a 320-wide box; `.chart`, `.bar`, `.now`, `.base` of the stylesheet give size and colour. Nothing in
them is drawn by colour alone: height or place says it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 320, 132
LEFT, RIGHT, TOP, FLOOR = 58, 310, 18, 104  # edges of the drawing inside the box
WEEK = 7
WIDEST_BAR, BAR_SHARE = 24, 0.64
NOTHING = 6  # height of the bar that stands for an answer of "none": said, and different from not said


@dataclass(frozen=True, slots=True)
class Scale:
    """The answers from low to high. `from_zero`: the lowest one lies on the floor line (no cravings)."""

    labels: Sequence[tuple[int, str | Promise]]
    from_zero: bool = False

    def height(self, value: int) -> float:
        low = self.labels[0][0]
        steps = len(self.labels) - (1 if self.from_zero else 0)
        rank = value - low + (0 if self.from_zero else 1)
        return max(NOTHING, rank * (FLOOR - TOP) / steps)


def bars(
    points: Sequence[tuple[date, int | None]], scale: Scale, sentence: str, *, last: str | None = None
) -> SafeString:
    """One bar a day, oldest first; a day without an answer has none.

    `last`: names the newest, where it is not today.
    """
    step = _step(points)
    width = min(WIDEST_BAR, step * BAR_SHARE)
    drawn = [
        (
            " now" if _is_last(points, i) else "",
            _n(_middle(i, step) - width / 2),
            _n(FLOOR - scale.height(value)),
            _n(width),
            _n(scale.height(value)),
            _n(min(7, width / 3, scale.height(value) / 2)),
        )
        for i, (_day, value) in enumerate(points)
        if value is not None
    ]
    shape = '<rect class="bar{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>'
    return _picture(points, scale, sentence, format_html_join("", shape, drawn), last)


def dots(points: Sequence[tuple[date, int | None]], scale: Scale, sentence: str) -> SafeString:
    """One dot a day, at the height of its answer."""
    step = _step(points)
    radius = max(2.5, min(7, step * 0.42))
    drawn = [
        (" now" if _is_last(points, i) else "", _n(_middle(i, step)), _n(FLOOR + 2 - scale.height(value)), _n(radius))
        for i, (_day, value) in enumerate(points)
        if value is not None
    ]
    return _picture(
        points, scale, sentence, format_html_join("", '<circle class="bar{}" cx="{}" cy="{}" r="{}"/>', drawn)
    )


def _picture(
    points: Sequence[tuple[date, int | None]],
    scale: Scale,
    sentence: str,
    drawn: SafeString,
    last: str | None = None,
) -> SafeString:
    opening = format_html('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">', WIDTH, HEIGHT, sentence)
    floor = format_html('<path class="base" d="M52 {}H318"/>', FLOOR + 1)
    return format_html("{}{}{}{}{}</svg>", opening, _side(scale), drawn, floor, _foot(points, last))


def _side(scale: Scale) -> SafeString:
    rows = [
        (_n(FLOOR - scale.height(value) + (8 if scale.from_zero and not value else 6)), label)
        for value, label in scale.labels
    ]
    return format_html_join("", '<text x="0" y="{}">{}</text>', rows)


def _foot(points: Sequence[tuple[date, int | None]], newest: str | None) -> SafeString:
    """A week names each day; a longer time its first day, the middle and today."""
    step, last = _step(points), len(points) - 1
    if len(points) <= WEEK:
        named = [(i, date_format(day, "D")) for i, (day, _value) in enumerate(points[:-1])]
    else:
        named = [(i, date_format(points[i][0], "j M")) for i in (0, last // 2)]
    named.append((last, _("Today") if newest is None else newest))
    placed = [(_n(_middle(i, step)), _anchor(i, last, len(points)), text) for i, text in named]
    return format_html_join("", '<text x="{}" y="124" text-anchor="{}">{}</text>', placed)


def _anchor(i: int, last: int, how_many: int) -> str:
    if how_many <= WEEK:
        return "middle"
    return {0: "start", last: "end"}.get(i, "middle")


def _step(points: Sequence[object]) -> float:
    return (RIGHT + WIDEST_BAR / 2 - LEFT) / max(1, len(points)) if len(points) > WEEK else 38


def _middle(i: int, step: float) -> float:
    return LEFT + 12 + i * step if step == 38 else LEFT + step / 2 + i * step


def _is_last(points: Sequence[object], i: int) -> bool:
    return i == len(points) - 1


def _n(value: float) -> SafeString:
    """At most one place behind the point: the page stays small. `mark_safe`: a number of our own."""
    return mark_safe(f"{value:.1f}".removesuffix(".0"))  # noqa: S308
