"""No signal: help pages open, a check-in waits, a call for help never pretends."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fixtures.browsers import PHONE
from tests.fixtures.live import Live
from tests.journeys.arriving import sign_in, sign_up

WORKER_KEEPS = (
    "navigator.serviceWorker.ready.then(() => caches.open).then(() => caches.keys()).then(keys => keys.length)"
)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone with a service worker. (Without signal Chromium itself writes errors: nobody listens for them here.)"""
    context = browser.new_context(viewport=PHONE, service_workers="allow")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def no_signal(page: Page) -> None:
    page.context.set_offline(True)


def signal_again(page: Page) -> None:
    page.context.set_offline(False)


def let_worker_settle(page: Page) -> None:
    assert page.evaluate(WORKER_KEEPS) == 1


def check_in(page: Page, mood: str) -> None:
    page.locator("label.pick", has_text=mood).first.click()
    page.get_by_role("button", name="Save check-in").click()


def saved_check_ins(page: Page, live: Live) -> int:
    page.goto(f"{live.url}/trends/table")
    return page.get_by_role("region", name="Check-ins").locator("h3").count()


def test_the_help_pages_open_without_signal_after_one_visit(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/")
    let_worker_settle(page)
    no_signal(page)
    for path, words in {"/help/now": "988", "/help/overdose": "breath", "/help/naloxone": "aloxone"}.items():
        page.goto(live.url + path)
        assert words in page.inner_text("main")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)", "no stylesheet"


@pytest.mark.parametrize("path", ["/today", "/people", "/plan", "/me", "/a"])
def test_a_private_page_is_never_shown_without_signal(page: Page, live: Live, path: str) -> None:
    name = f"Offline Jo {path.strip('/')}"
    sign_up(page, live, name)
    page.goto(live.url + path)
    let_worker_settle(page)
    no_signal(page)
    page.goto(live.url + path)
    text = page.inner_text("body")
    assert "No signal right now" in text
    assert name not in text


def test_only_pages_about_nobody_are_kept_on_the_phone(page: Page, live: Live) -> None:
    sign_up(page, live, "Kept Jo")
    for path in ("/today", "/people", "/plan", "/me"):
        page.goto(live.url + path)
    let_worker_settle(page)
    kept = page.evaluate("""caches.keys().then(async names => {
        const urls = [];
        for (const name of names)
            urls.push(...(await (await caches.open(name)).keys()).map(asked => new URL(asked.url).pathname));
        return urls.filter(url => !url.startsWith('/static/')).sort();
    })""")
    assert kept == ["/help/naloxone", "/help/now", "/help/overdose", "/offline"]


def test_a_check_in_without_signal_waits_on_the_phone_and_is_sent_once(page: Page, live: Live) -> None:
    sign_up(page, live, "Waiting Jo")
    no_signal(page)
    check_in(page, "Low")
    expect(page.locator("#strip")).to_have_text("No signal. Saved on this phone. We will send it when you are back.")
    signal_again(page)
    expect(page.locator("#strip")).to_have_text("You are back. Your saved check-in was sent.")
    assert saved_check_ins(page, live) == 1
    page.goto(f"{live.url}/today")
    page.wait_for_timeout(500)
    assert saved_check_ins(page, live) == 1


def test_two_check_ins_on_the_same_page_without_signal_are_two(page: Page, live: Live) -> None:
    sign_up(page, live, "Twice Jo")
    no_signal(page)
    for mood in ("Low", "Good"):
        page.locator("#strip").evaluate("strip => { strip.textContent = ''; }")
        check_in(page, mood)
        expect(page.locator("#strip")).to_contain_text("Saved on this phone")
    signal_again(page)
    expect(page.locator("#strip")).to_contain_text("sent")
    page.wait_for_timeout(1000)
    assert saved_check_ins(page, live) == 2


def test_it_is_sent_at_the_next_visit_when_the_page_was_closed(page: Page, live: Live) -> None:
    sign_up(page, live, "Closing Jo")
    no_signal(page)
    check_in(page, "Good")
    expect(page.locator("#strip")).to_contain_text("Saved on this phone")
    page.goto("about:blank")
    signal_again(page)
    page.goto(f"{live.url}/people")
    expect(page.locator("#strip")).to_have_text("You are back. Your saved check-in was sent.")
    assert saved_check_ins(page, live) == 1


def test_one_persons_answers_are_never_sent_as_somebody_elses(page: Page, live: Live) -> None:
    sign_up(page, live, "First Jo")
    no_signal(page)
    check_in(page, "Rough")
    expect(page.locator("#strip")).to_contain_text("Saved on this phone")
    page.goto("about:blank")
    signal_again(page)
    page.context.clear_cookies()
    sign_up(page, live, "Second Jo")
    page.wait_for_timeout(700)
    assert saved_check_ins(page, live) == 0
    page.context.clear_cookies()
    sign_in(page, live, "First Jo")  # Today sends it, and says so once: opened again, it would be silent
    expect(page.locator("#strip")).to_have_text("You are back. Your saved check-in was sent.", timeout=40_000)
    assert saved_check_ins(page, live) == 1


def test_a_call_for_help_without_signal_says_so_and_is_never_sent_late(page: Page, demo: Live) -> None:
    page.goto(demo.url)
    page.locator(".demo-bar").get_by_role("button", name="Jo").click()
    page.wait_for_url("**/today")
    page.goto(f"{demo.url}/a")
    no_signal(page)
    page.locator("form[data-never-late] button").first.click()
    box = page.locator("#not-sent")
    expect(box).to_be_focused()
    assert box.locator("a[href^='tel:'], a[href^='sms:']").count() > 0
    expect(page.locator("#strip")).to_have_text("Not sent yet. No signal.")
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    signal_again(page)
    page.goto(f"{demo.url}/people")
    page.wait_for_timeout(700)
    assert asked == []
