"""WCAG contrast of the design's colour pairs, read from the stylesheet itself.

axe leaves gradients and drawings undecided and does not look at the edges of chart bars, so the pairs are computed
here: relative luminance and ratio as in WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
"""

import re
from pathlib import Path

STYLESHEET = Path(__file__).parent.parent / "static" / "shell" / "app.css"
GROUNDS = ("paper", "card", "sand")
SOFT = ("pinesoft", "claysoft", "ambersoft", "skysoft", "plumsoft")

#: (what stands on it, ground, least ratio). Text 4.5, body ink 7, edges of controls and parts of drawings 3.
PAIRS: tuple[tuple[str, str, float], ...] = (
    *(("ink", ground, 7.0) for ground in (*GROUNDS, *SOFT, "sun")),
    *(("ink2", ground, 4.5) for ground in (*GROUNDS, "pinesoft", "ambersoft")),
    *(("pine", ground, 4.5) for ground in (*GROUNDS, "pinesoft")),
    *(("clay", ground, 4.5) for ground in (*GROUNDS, "claysoft")),
    ("amber", "ambersoft", 4.5), ("sky", "skysoft", 4.5), ("plum", "plumsoft", 4.5),
    ("onpine", "pine", 4.5), ("onclay", "clay", 4.5),
    *(("edge", ground, 3.0) for ground in GROUNDS),
    *(("ring", ground, 3.0) for ground in (*GROUNDS, *SOFT)),
    ("bar", "card", 3.0), ("pine", "sun", 3.0), ("pine", "hill1", 3.0),
)  # fmt: skip


def tokens(css: str) -> dict[str, dict[str, str]]:
    """The colours of the light and the dark design, by name: `{"light": {"paper": "#FBF5EC", ...}, "dark": ...}`."""
    blocks = re.findall(r":root\{(.*?)\}", css, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w]+):(#[0-9A-Fa-f]{6})", block)) for block in blocks[:2])
    return {"light": light, "dark": light | dark}


def ratio(one: str, other: str) -> float:
    """Contrast of two colours `#RRGGBB`, from 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def too_faint(css: str) -> list[str]:
    return [
        f"{scheme}: {front} on {ground} is {found:.2f}, should be {least}"
        for scheme, colours in tokens(css).items()
        for front, ground, least in PAIRS
        if (found := ratio(colours[front], colours[ground])) < least
    ]


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def test_every_pair_of_colours_can_be_read_in_light_and_dark() -> None:
    assert too_faint(STYLESHEET.read_text()) == []


def test_a_fainter_grey_is_caught() -> None:
    assert too_faint(STYLESHEET.read_text().replace("--ink2:#55605A", "--ink2:#8A938E")) != []


def test_the_formula_knows_black_on_white() -> None:
    assert round(ratio("#000000", "#FFFFFF"), 2) == 21
