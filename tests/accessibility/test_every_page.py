"""The same questions for every page of `tests/pages.py`."""

from collections.abc import Callable

import pytest
from django.urls import get_resolver
from playwright.sync_api import Page as Tab

from tests.accessibility import checks, weight
from tests.accessibility.conftest import Desk, Look
from tests.accessibility.markup import markup_problems
from tests.architecture.addresses import addresses
from tests.architecture.test_who_may_open_what import table
from tests.pages import ON_A_WALK, PAGES, SHOWS_NO_PAGE, Page

every_page = pytest.mark.parametrize("page", PAGES, ids=str)


def test_every_page_has_its_row() -> None:
    """Whatever answers a GET is a page, a page on a walk, or says why it is none: whoever is let in, and whenever."""
    answers = {route for route, method in table() if method == "GET"}
    known = {page.name for page in PAGES} | ON_A_WALK | SHOWS_NO_PAGE.keys()
    without = [
        address.route
        for address in addresses()
        if address.view.open_to != "token"
        and f"/{address.route}" in answers
        and not known & set(address.names or [address.route])
    ]
    assert without == []


def test_every_row_has_its_page() -> None:
    names = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    assert ({page.name for page in PAGES} | ON_A_WALK) - names == set()
    routes = {address.route for address in addresses()}
    assert SHOWS_NO_PAGE.keys() - names - routes == set()


@every_page
def test_everybody_can_read_and_work_it(look: Look, page: Page) -> None:
    tab = look(page)
    problems: dict[str, list[str]] = {}

    def ask(question: str, found: list[str]) -> None:
        if found:
            problems[question] = found

    for width in checks.WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        ask(f"axe, {width}", checks.axe_problems(tab))
        tab.emulate_media(color_scheme="dark")
        ask(f"axe, {width}, dark", checks.axe_problems(tab, rules=checks.RULES_OF_COLOUR))
        tab.emulate_media(color_scheme="light")
    ask("axe, 320", _at(tab, 320, lambda tab: checks.axe_problems(tab, rules=checks.RULES_OF_ROOM)))
    ask("keyboard", _at(tab, 390, checks.keyboard_problems))
    ask("320 pixels", _at(tab, 320, lambda tab: checks.sideways_problems(tab) + checks.cut_off_problems(tab)))
    ask("1280 pixels at 200%", _at(tab, 640, checks.sideways_problems))
    ask("letters twice as large", _at(tab, 390, checks.larger_text_problems))
    tab.emulate_media(reduced_motion="reduce", forced_colors="active")
    ask("less motion", checks.motion_problems(tab))
    ask("forced colours", checks.forced_colour_problems(tab))
    assert problems == {}


def _at(tab: Tab, width: int, check: Callable[[Tab], list[str]]) -> list[str]:
    tab.set_viewport_size({"width": width, "height": 800})
    return check(tab)


@every_page
def test_it_works_without_a_script_and_tells_nothing(desk: Desk, look: Look, page: Page) -> None:
    tab = look(page, scripts=False)
    assert markup_problems(desk.sent[page]) == []
    assert tab.locator("h1").is_visible()
    assert checks.title_problems(tab) + checks.size_problems(tab, page.nodes) == []
    assert checks.without_script_problems(tab) == []


@every_page
def test_it_is_light_and_asks_nobody_else(desk: Desk, page: Page) -> None:
    """Within its budget; no breach of its own strict policy, no error, no request that leaves the house."""
    heard: list[str] = []
    with desk.listening(page.who, heard) as context:
        path = desk.path(page)
        weights, policy = weight.weigh(context, desk.url + path)
    assert heard == []
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert weight.too_heavy(weights, weight.HELP_BUDGETS if path.startswith("/help/") else weight.BUDGETS) == []


FELT_PAGES = [page for page in PAGES if page.name in {"start", "today", "s-today", "people", "help-overdose", "call"}]


@pytest.mark.parametrize("page", FELT_PAGES, ids=str)
def test_it_is_quick_on_a_slow_phone(desk: Desk, page: Page) -> None:
    url = desk.url + desk.path(page)
    tries = []
    for _ in range(3):  # this machine does other things too; a page that can be quick is
        tries.append(weight.vitals_on_a_slow_phone(lambda: desk.fresh_context(page.who), url))
        if not weight.too_slow(tries[-1]):
            return
    pytest.fail(f"{weight.too_slow(tries[-1])} in {tries}")


def test_help_pages_have_no_script_at_all(look: Look) -> None:
    for page in PAGES:
        if page.name.startswith("help-"):
            tab: Tab = look(page)
            assert tab.locator("script").count() == 0
