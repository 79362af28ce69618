"""Somebody else holds the phone: the lock over an open page, the cover, and the second view."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.accessibility import checks
from tests.fixtures.browsers import Complaints, Phone
from tests.fixtures.live import Live
from tests.journeys.test_passkey import plug_in_authenticator

pytestmark = [pytest.mark.browser, pytest.mark.live]

FIRST, SECOND, PIN = "seven quiet harbours at dusk", "four dull grey mornings", "407193"
MINE = "a word of mine"
HIDDEN = """() => { Object.defineProperty(document, "visibilityState", {value: "hidden", configurable: true});
  document.dispatchEvent(new Event("visibilitychange")); }"""
SEEN = """() => { Object.defineProperty(document, "visibilityState", {value: "visible", configurable: true});
  document.dispatchEvent(new Event("visibilitychange")); }"""
# What a thumb taps on the lock screen or the sheet: too small (44 px), or less than 8 px from the next one.
TOO_CLOSE = """() => {
  const seen = [...document.querySelectorAll("#sheet *, main *, .foot *")].filter((each) =>
    each.matches("a, button, summary, input:not([type=hidden])") &&
    each.checkVisibility({ visibilityProperty: true }));
  const boxes = seen.map((each) => [each.innerText || each.name, each.getBoundingClientRect()]);
  const space = (a, b) => Math.max(b.left - a.right, a.left - b.right, b.top - a.bottom, a.top - b.bottom);
  const small = boxes.filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([name]) => name);
  const pairs = boxes.flatMap((one, n) => boxes.slice(n + 1).map((other) => [one, other]));
  return [...small, ...pairs.filter(([a, b]) => space(a[1], b[1]) < 7.5).map(([a, b]) => a[0] + " / " + b[0])];
}"""


@pytest.fixture
def somebody(phone: Phone, live: Live) -> Callable[..., Page]:
    """`somebody("Robin", lock=True)`: signed in; with a lock after five minutes and a PIN."""

    def arrive(name: str, *, lock: bool = True, at: str = "", **options: Any) -> Page:
        page = phone(**options)
        page.goto(f"{at or live.url}/start")
        page.get_by_label("What shall we call you?").fill(name)
        page.get_by_label("Choose a passphrase").fill(FIRST)
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="I have written them down").click()
        page.wait_for_url("**/today")
        if lock:
            page.goto(f"{at or live.url}/me/discreet/lock")
            page.get_by_label("5 minutes", exact=True).check()
            page.get_by_label("A PIN to open it").fill(PIN)
            page.get_by_role("button", name="Save").click()
            expect(page.get_by_text("It locks when nobody has used it for 5 minutes")).to_be_visible()
        return page

    return arrive


def type_a_word(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/me/own-words")
    page.get_by_label("Your word for using").fill(MINE)


def test_a_sheet_goes_over_an_open_page_and_what_was_typed_stays_beneath(
    somebody: Callable[..., Page], live: Live
) -> None:
    page = somebody("Robin")
    page.clock.install()
    type_a_word(page, live)
    live.forward(minutes=6)
    page.clock.fast_forward("06:00")
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_label("Your PIN")).to_be_focused()
    expect(page.get_by_label("Your word for using")).to_be_hidden()
    expect(page.get_by_role("link", name="Leave this page")).to_be_visible()
    assert not checks.axe_problems(page)

    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(TOO_CLOSE) == []
    sheet.get_by_label("Your PIN").fill("111111")
    sheet.get_by_role("button", name="Open", exact=True).click()
    expect(sheet.get_by_text("That did not open it.").first).to_be_visible()
    sheet.get_by_label("Your PIN").fill(PIN)
    sheet.get_by_role("button", name="Open", exact=True).click()
    expect(sheet).to_have_count(0)
    expect(page.get_by_label("Your word for using")).to_have_value(MINE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Only you see these words")).to_be_visible()


def said_once(complaints: Complaints, status: int) -> None:
    """Chromium calls the answer that leads away a resource that did not load. That one is meant, and no other."""
    assert len(complaints.heard) == 1 and f"status of {status}" in complaints.heard[0]
    complaints.heard.clear()


def covered(page: Page, live: Live) -> Locator:
    """The sheet over a page with a word of theirs."""
    page.clock.install()
    type_a_word(page, live)
    live.forward(minutes=6)
    page.clock.fast_forward("06:00")
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_label("Your PIN")).to_be_focused()
    return sheet


def test_the_sheet_does_not_lift_when_another_tab_ended_the_session(
    somebody: Callable[..., Page], live: Live, complaints: Complaints
) -> None:
    page = somebody("Sasha")
    sheet = covered(page, live)
    other = page.context.new_page()
    other.goto(f"{live.url}/lock")
    other.get_by_role("button", name="Sign in with a name instead").click()
    sheet.get_by_label("Your PIN").fill("0000")
    sheet.get_by_role("button", name="Open", exact=True).click()
    expect(page).to_have_url(f"{live.url}/enter")
    assert MINE not in page.content()
    said_once(complaints, 409)


def test_a_page_whose_session_was_ended_from_afar_is_left(
    somebody: Callable[..., Page], live: Live, complaints: Complaints
) -> None:
    page = somebody("Kimmy")
    page.clock.install()
    type_a_word(page, live)
    page.context.clear_cookies()
    page.clock.fast_forward("06:00")
    expect(page).to_have_url(f"{live.url}/enter")
    said_once(complaints, 409)


def test_the_sheet_does_not_lift_when_another_tab_opened_the_second_view(
    somebody: Callable[..., Page], live: Live, complaints: Complaints
) -> None:
    page = somebody("Ari")
    page.goto(f"{live.url}/me/discreet/second")
    page.get_by_label("The second passphrase").fill(SECOND)
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("You have one")).to_be_visible()
    sheet = covered(page, live)
    other = page.context.new_page()
    other.goto(f"{live.url}/lock")
    other.get_by_text("Use my passphrase").click()
    other.get_by_label("Your passphrase").fill(SECOND)
    other.get_by_role("button", name="Open with my passphrase").click()
    expect(other).to_have_url(f"{live.url}/today")
    sheet.get_by_label("Your PIN").fill(PIN)
    sheet.get_by_role("button", name="Open", exact=True).click()
    expect(page).to_have_url(f"{live.url}/today")
    page.goto(f"{live.url}/me/own-words")
    expect(page.get_by_label("Your word for using")).to_have_value("")
    said_once(complaints, 403)


def test_reading_and_typing_keep_the_page_open(somebody: Callable[..., Page], live: Live) -> None:
    page = somebody("Kim")
    page.clock.install()
    page.goto(f"{live.url}/me/own-words")
    for _ in range(3):
        live.forward(minutes=4)
        with page.expect_response("**/lock/used"):
            page.clock.fast_forward("04:00")
            page.keyboard.press("a")
    page.goto(f"{live.url}/me")
    expect(page.get_by_role("heading", name="Kim")).to_be_visible()


@pytest.mark.parametrize("size", [{"width": 390, "height": 844}, {"width": 320, "height": 640}])
def test_without_scripts_a_form_that_was_sent_is_held_and_sent_again_by_hand(
    somebody: Callable[..., Page], live: Live, size: dict[str, int]
) -> None:
    page = somebody(f"Lou {size['width']}", java_script_enabled=False, viewport=size)
    type_a_word(page, live)
    live.forward(minutes=6)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    expect(page.get_by_text("What you typed is kept.")).to_be_visible()
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("Your word for using")).to_be_visible()
    expect(page.get_by_text(MINE, exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_role("button", name="Send it", exact=True).click()
    expect(page.get_by_text("Only you see these words")).to_be_visible()
    page.goto(f"{live.url}/me/own-words")
    expect(page.get_by_label("Your word for using")).to_have_value(MINE)


def test_the_lock_screen_can_be_worked_and_tells_nothing(somebody: Callable[..., Page], live: Live) -> None:
    page = somebody("Alex")
    type_a_word(page, live)
    live.forward(minutes=6)
    page.goto(f"{live.url}/today")
    assert "Alex" not in page.content() and page.title().startswith("Locked")
    assert not checks.axe_problems(page)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(TOO_CLOSE) == []
    page.get_by_label("Your PIN").fill(PIN)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live.url}/today")


def test_a_passkey_opens_the_lock(somebody: Callable[..., Page], phone: Phone, live: Live) -> None:
    by_name = live.url.replace("127.0.0.1", "localhost")
    page = somebody("Noor", at=by_name, lock=False)
    plug_in_authenticator(page)
    page.goto(f"{by_name}/me/sign-in/passkey")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("You can sign in with this passkey now")).to_be_visible()
    page.goto(f"{by_name}/me/discreet/lock")
    page.get_by_label("1 minute", exact=True).check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Lock now").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{by_name}/today")


def test_the_list_of_open_apps_shows_a_blank_page(somebody: Callable[..., Page], live: Live) -> None:
    page = somebody("Pat", lock=False)
    greeting = page.get_by_role("heading", level=1)
    page.goto(f"{live.url}/today")
    page.evaluate(HIDDEN)
    expect(greeting).to_be_hidden()
    page.evaluate(SEEN)
    expect(greeting).to_be_visible()
    page.evaluate(HIDDEN)
    page.mouse.click(5, 300)  # whatever the phone forgot to say: somebody who taps is here
    expect(greeting).to_be_visible()

    page.goto(f"{live.url}/me/discreet")
    page.get_by_label("Cover the page when I switch apps").uncheck()
    page.get_by_role("button", name="Save").click()
    page.evaluate(HIDDEN)
    expect(greeting).to_be_visible()


def test_the_second_passphrase_opens_another_view_and_back_leads_nowhere(
    somebody: Callable[..., Page], live: Live
) -> None:
    page = somebody("Sky")
    type_a_word(page, live)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Only you see these words.")).to_be_visible()
    page.goto(f"{live.url}/me/discreet/second")
    page.get_by_label("The second passphrase").fill(SECOND)
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("You have one")).to_be_visible()
    page.goto(f"{live.url}/me/own-words")
    page.goto(f"{live.url}/me")
    page.get_by_role("button", name="Lock now").click()
    page.get_by_text("Use my passphrase").click()
    page.get_by_label("Your passphrase").fill(SECOND)
    page.get_by_role("button", name="Open with my passphrase").click()
    expect(page).to_have_url(f"{live.url}/today")
    page.goto(f"{live.url}/me/own-words")
    expect(page.get_by_label("Your word for using")).to_have_value("")
    for _ in range(6):
        page.go_back()
        assert MINE not in page.content() and "You have one" not in page.content()
