"""Somebody comes into the room: one tap, and nothing of what was read comes back.

Playwright turns the back/forward cache off, and an ordinary test would never see the fault: so Chromium is started
with it.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.fixtures.browsers import PHONE, Phone, start_chromium
from tests.fixtures.live import Live, MakeLive
from tests.journeys.arriving import sign_up

ROUNDS = 3


class Dull(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Weather</title><h1>Rain later</h1>")

    def log_message(self, *_nothing: object) -> None:
        pass


@pytest.fixture(scope="module")
def weather() -> Iterator[str]:
    """Another site, busy and dull."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Dull)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def house(make_live: MakeLive, weather: str) -> Live:
    return make_live(HANDRAIL_LEAVE_URL=weather)


@pytest.fixture(scope="module")
def remembering(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium that keeps pages in memory for the back button, as people's own does."""
    browser = start_chromium(playwright, ignore_default_args=["--disable-back-forward-cache"])
    yield browser
    browser.close()


@pytest.fixture
def page(remembering: Browser) -> Iterator[Page]:
    context = remembering.new_context(
        viewport=PHONE, service_workers="block"
    )  # one that takes over empties that memory
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def what_comes_back(page: Page, name: str) -> list[str]:
    """Press back and watch for a second: every moment in which something of the person could be seen."""
    page.evaluate("history.back()")
    seen = []
    for _ in range(20):
        page.wait_for_timeout(50)
        try:
            text = page.evaluate("document.body ? document.body.innerText : ''")
        except Exception:  # the page is being replaced at this very moment
            continue
        if name in text or "How are you right now" in text:
            seen.append(f"{page.url}: {text[:60]!r}")
    return seen


@pytest.mark.parametrize("way", ["button", "shift three times"])
def test_the_back_button_never_shows_a_private_page_again(page: Page, house: Live, weather: str, way: str) -> None:
    shown = []
    for number in range(ROUNDS):
        name = f"Jo {way} {number}"
        sign_up(page, house, name)
        page.get_by_role("link", name="People").click()
        page.wait_for_url("**/people")
        page.get_by_role("link", name="Today").click()
        page.wait_for_url("**/today")
        if way == "button":
            page.get_by_role("link", name="Leave this page").click()
        else:
            for _ in range(3):
                page.keyboard.press("Shift")
        page.wait_for_url(weather)
        shown += what_comes_back(page, name)
    assert shown == []


def test_a_page_that_the_browser_kept_in_memory_is_asked_for_again(page: Page, house: Live, weather: str) -> None:
    """Every page carries the same guard; this one sets no cookie: Chromium surely keeps it although it is `no-store`.

    Without the guard the type of the arrival is "navigate", with an emptied memory "back_forward".
    """
    page.goto(f"{house.url}/safe")
    page.evaluate("address => { location.href = address }", weather)
    page.wait_for_url(weather)
    page.evaluate("history.back()")
    page.wait_for_url("**/safe", wait_until="commit")
    page.wait_for_timeout(700)
    assert page.evaluate("performance.getEntriesByType('navigation')[0].type") == "reload"


def test_leave_ends_the_session_on_this_phone(page: Page, house: Live, weather: str) -> None:
    sign_up(page, house, "Jo leaves")
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url(weather)
    page.goto(f"{house.url}/today")
    assert "/enter" in page.url


def test_the_private_page_is_not_left_in_the_way_back(page: Page, house: Live, weather: str) -> None:
    page.goto(f"{house.url}/")
    sign_up(page, house, "Jo replaced")
    before = page.evaluate("history.length")
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url(weather)
    assert page.evaluate("history.length") == before


def test_leave_works_without_scripts(browser: Browser, house: Live, weather: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    sign_up(page, house, "Jo without scripts")
    page.get_by_role("link", name="Leave this page").click()
    assert page.url == weather
    page.go_back()
    assert "/enter" in page.url
    context.close()


def test_typing_capital_letters_is_no_wish_to_leave(page: Page, house: Live) -> None:
    page.goto(f"{house.url}/start")
    page.locator("input[name=name]").click()
    for letter in "JOANNA":
        page.keyboard.press(f"Shift+{letter}")
    assert page.url == f"{house.url}/start"
    assert page.locator("input[name=name]").input_value() == "JOANNA"


def test_no_inline_script_runs_and_our_own_pages_do_not_complain(phone: Phone, house: Live) -> None:
    page = phone()
    for path in ("/", "/start", "/enter", "/safe", "/offline", "/help/now"):
        page.goto(house.url + path)
    sign_up(page, house, "Jo quiet")
    for path in ("/people", "/plan", "/me", "/a"):
        page.goto(house.url + path)


def test_a_script_that_somebody_smuggles_in_does_not_run(browser: Browser, house: Live) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{house.url}/safe")
    page.evaluate("""() => {
        const planted = document.createElement('script');
        planted.textContent = 'window.planted = true';
        document.body.append(planted);
    }""")
    assert page.evaluate("window.planted") is None
    context.close()
