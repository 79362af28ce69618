"""The same questions for every page of `tests/pages.py`."""

import pytest
from django.urls import get_resolver
from playwright.sync_api import Page as Tab

from tests.accessibility import checks, weight
from tests.accessibility.conftest import Desk, Look
from tests.architecture.addresses import addresses
from tests.architecture.test_who_may_open_what import table
from tests.pages import OTHERWISE_LOOKED_AT, PAGES, Page

every_page = pytest.mark.parametrize("page", PAGES, ids=str)


def test_every_page_has_its_row() -> None:
    """Whatever answers 200 to a GET of anybody is a page, or says why it is none."""
    rows = table()
    known = {page.name for page in PAGES} | OTHERWISE_LOOKED_AT.keys()
    without = [
        address.route
        for address in addresses()
        if "200" in rows.get((f"/{address.route}", "GET"), ["200"]) and not known & set(address.names)
    ]
    assert without == []


def test_every_row_has_its_page() -> None:
    names = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    assert {page.name for page in PAGES} - names == set()


@every_page
def test_axe_finds_nothing(look: Look, page: Page) -> None:
    tab = look(page)
    problems = []
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in checks.WIDTHS:
            tab.set_viewport_size({"width": width, "height": 800})
            problems += [f"{width} {scheme}: {problem}" for problem in checks.axe_problems(tab)]
    assert problems == []


@every_page
def test_it_can_be_used_by_keyboard(look: Look, page: Page) -> None:
    assert checks.keyboard_problems(look(page)) == []


@every_page
def test_it_flows_into_320_pixels_and_twice_the_size(look: Look, page: Page) -> None:
    tab = look(page, width=320)
    assert checks.sideways_problems(tab) + checks.cut_off_problems(tab) == []
    tab.set_viewport_size({"width": 640, "height": 400})  # 1280 wide at 200%
    assert checks.sideways_problems(tab) == []
    tab.set_viewport_size({"width": 390, "height": 800})
    assert checks.larger_text_problems(tab) == []


@every_page
def test_it_keeps_still_and_keeps_its_edges(look: Look, page: Page) -> None:
    tab = look(page, reduced_motion="reduce", forced_colors="active")
    assert checks.motion_problems(tab) + checks.forced_colour_problems(tab) == []


@every_page
def test_it_works_without_a_script_and_tells_nothing(look: Look, page: Page) -> None:
    tab = look(page, scripts=False)
    assert tab.locator("h1").is_visible()
    assert checks.title_problems(tab) + checks.size_problems(tab) + checks.without_script_problems(tab) == []


@every_page
def test_the_browser_has_no_complaint(desk: Desk, page: Page) -> None:
    """No breach of the content security policy, no error, no request to anybody else."""
    tab = desk.context(page.who).new_page()
    heard: list[str] = []
    tab.on("console", lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None)
    tab.on("pageerror", lambda error: heard.append(str(error)))
    tab.on("request", lambda asked: heard.append(asked.url) if not is_ours(asked.url, desk) else None)
    tab.goto(desk.url + desk.path(page), wait_until="load")
    tab.wait_for_timeout(100)
    policy = tab.evaluate("fetch(location.href).then(answer => answer.headers.get('Content-Security-Policy'))")
    tab.close()
    assert heard == []
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def is_ours(url: str, desk: Desk) -> bool:
    return url.startswith((desk.url, "data:", "blob:"))


@every_page
def test_it_is_light(desk: Desk, page: Page) -> None:
    context = desk.fresh_context(page.who)
    path = desk.path(page)
    weights = weight.weigh(context, desk.url + path)
    context.close()
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
