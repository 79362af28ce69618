"""What is asked of every page. Each check takes an open page and returns what is wrong, in words; [] is good.

`test_checks_catch.py` shows each of them a page with that very fault.
"""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.house_rules import TELLING_WORDS

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]  # all that another colour scheme can break
RULES_OF_ROOM = ["target-size", "scrollable-region-focusable"]  # all that less room in the same layout can break
WIDTHS = (390, 1280)  # CSS pixels: one of each layout
DOM_NODES = 800
MOST_TABS = 150  # presses of the Tab key before a page counts as a trap
_SCRIPT = (Path(__file__).parent / "checks.js").read_text()


def _ask(page: Page, question: str) -> Any:
    if not page.evaluate("Boolean(window.handrailChecks)"):
        page.evaluate(f"(() => {{ {_SCRIPT}\n window.handrailChecks = checks; }})()")
    return page.evaluate(f"handrailChecks.{question}()")


def axe_problems(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """Violations of WCAG 2.2 A and AA and of axe's best practices (or of `rules` alone), as the page stands now."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(Axe().axe_script)
    chosen = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": AXE_TAGS}
    options = {"runOnly": chosen, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def sideways_problems(page: Page) -> list[str]:
    return _ask(page, "sideways")


def cut_off_problems(page: Page) -> list[str]:
    return _ask(page, "cutOff")


def larger_text_problems(page: Page) -> list[str]:
    """Faults with letters twice as large (WCAG 1.4.4)."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    try:
        return sideways_problems(page) + cut_off_problems(page)
    finally:
        page.evaluate("document.documentElement.style.fontSize = ''")


def keyboard_problems(page: Page) -> list[str]:
    """Walks the page by Tab: every stop shows its focus, none lies under the dock or the top bar, and the walk ends."""
    problems: list[str] = []
    page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    seen: set[str] = set()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        stop = _ask(page, "focused")
        if stop is None or stop["number"] in seen:
            break
        seen.add(stop["number"])
        if not stop["hasRing"]:
            problems.append(f"the focus does not show: {stop['what']}")
        if stop["isCovered"]:
            problems.append(f"covered while it has the focus: {stop['what']}")
    else:
        problems.append(f"no end after {MOST_TABS} presses of Tab")
    return problems or ([] if seen else ["nothing on this page takes the focus"])


def motion_problems(page: Page) -> list[str]:
    return _ask(page, "motion")


def forced_colour_problems(page: Page) -> list[str]:
    return _ask(page, "edges")


def without_script_problems(page: Page) -> list[str]:
    return _ask(page, "needsScript")


def size_problems(page: Page, most: int = DOM_NODES) -> list[str]:
    nodes = page.evaluate("document.querySelectorAll('*').length")
    return [f"{nodes} elements, at most {most}"] if nodes > most else []


def title_problems(page: Page) -> list[str]:
    """A title stands in the task switcher, the history and over a shoulder: it tells nothing about anybody."""
    title = page.title()
    told = [f"the title {title!r} tells {word!r}" for word in TELLING_WORDS if word in title.casefold()]
    return told or ([] if title.strip() else ["no title"])
