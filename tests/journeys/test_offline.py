"""No signal: help pages open, a check-in waits, a call for help never pretends."""

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

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


KEPT_PAGES = """caches.keys().then(async names => {
    const urls = [];
    for (const name of names)
        urls.push(...(await (await caches.open(name)).keys()).map(asked => new URL(asked.url)));
    return urls.map(url => url.pathname + url.search).filter(url => !url.startsWith('/static/')).sort();
})"""
INSTALLS = ["/help/naloxone", "/help/now", "/help/overdose", "/offline"]
BRITISH = [f"/help/{name}?country=GB" for name in ("naloxone", "now", "overdose")]


def chooses(page: Page, live: Live, country: str) -> None:
    page.goto(f"{live.url}/me/name")
    page.locator("select[name=country]").select_option(country)
    page.locator("main form button.btn").first.click()
    page.goto(f"{live.url}/today")


def keeps(page: Page, pages: list[str]) -> None:
    """Soon the worker keeps these, and nothing else that is a page."""
    for _ in range(50):
        if page.evaluate(KEPT_PAGES) == sorted(pages):
            return
        page.wait_for_timeout(100)
    assert page.evaluate(KEPT_PAGES) == sorted(pages)


def test_without_signal_help_is_that_of_the_country_that_the_person_chose(page: Page, live: Live) -> None:
    sign_up(page, live, "British Jo")
    let_worker_settle(page)
    chooses(page, live, "GB")
    keeps(page, INSTALLS + BRITISH)
    link = page.locator("a", has_text="Someone will not wake up").first
    no_signal(page)
    link.click()
    page.wait_for_url("**/help/overdose?country=GB")
    assert "999" in page.inner_text("main")
    assert "911" not in page.inner_text("main")
    page.goto(f"{live.url}/people")
    assert "No signal right now" in page.inner_text("main")
    page.get_by_role("link", name="Phone lines").click()
    page.wait_for_url("**/help/now?country=GB")
    assert "999" in page.inner_text("main")
    signal_again(page)
    chooses(page, live, "US")
    page.wait_for_timeout(1000)
    no_signal(page)
    page.goto(f"{live.url}/people")
    page.get_by_role("link", name="Phone lines").click()
    page.wait_for_url("**/help/now")
    assert "988" in page.inner_text("main")


def test_without_signal_no_country_is_answered_with_anothers_numbers(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/")
    let_worker_settle(page)
    no_signal(page)
    page.goto(f"{live.url}/help/overdose?country=GB")
    text = page.inner_text("main")
    assert "No signal right now" in text
    assert "911" not in text
    page.goto(f"{live.url}/help/overdose?country=us")  # the install's own, however it is said
    assert "911" in page.inner_text("main")


def test_a_country_that_was_asked_for_once_is_there_without_signal(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/")
    let_worker_settle(page)
    page.goto(f"{live.url}/help/now?country=GB")
    keeps(page, INSTALLS + BRITISH)
    no_signal(page)
    page.goto(f"{live.url}/help/overdose?country=GB")
    assert "999" in page.inner_text("main")
    page.goto(f"{live.url}/help/overdose")
    assert "911" in page.inner_text("main")


def web_process(live: Live) -> int:
    assert live.process is not None
    asked = ["ps", "-o", "pid=,args=", "--ppid", str(live.process.pid)]
    lines = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
    return next(int(line.split()[0]) for line in lines if "handrail.startup.child web" in line)


def test_on_a_slow_line_no_country_is_answered_with_anothers_numbers(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/")
    let_worker_settle(page)
    page.goto(f"{live.url}/safe")  # from now on the worker answers
    web = web_process(live)
    os.kill(web, signal.SIGSTOP)
    try:
        page.evaluate("setTimeout(() => { location.href = '/help/overdose?country=GB'; })")
        page.wait_for_timeout(4500)  # more than the three seconds after which a kept page is shown
        assert page.url.endswith("/safe")
    finally:
        os.kill(web, signal.SIGCONT)
    page.wait_for_url("**/help/overdose?country=GB")
    assert "999" in page.inner_text("main")
    assert "911" not in page.inner_text("main")


def test_the_kept_pages_do_not_say_who_the_person_is(page: Page, live: Live) -> None:
    sign_up(page, live, "Nameless Jo")
    let_worker_settle(page)
    chooses(page, live, "GB")
    keeps(page, INSTALLS + BRITISH)
    kept = page.evaluate("""caches.keys().then(async names => {
        const texts = [];
        for (const name of names) {
            const store = await caches.open(name);
            for (const asked of await store.keys()) {
                if (!asked.url.includes('/static/')) texts.push(await (await store.match(asked)).text());
            }
        }
        return texts;
    })""")
    assert len(kept) == 7
    assert [text for text in kept if "Nameless" in text or "data-owner" in text or "Sign out" in text] == []


def craves(page: Page, how_much: str) -> Locator:
    pick = page.locator("label.pick", has_text=how_much).first
    pick.click()
    return pick.locator("input")


def kept_by_a_phone_that_does_not_know_what_is_needed(page: Page) -> None:
    """Without a mood: as an older page would keep it, or one made before a question was changed."""
    page.locator("fieldset[data-needed]").evaluate("asked => { delete asked.dataset.needed; }")
    no_signal(page)
    craves(page, "Strong")
    page.get_by_role("button", name="Save check-in").click()
    expect(page.locator("#strip")).to_contain_text("Saved on this phone")
    signal_again(page)
    expect(page.locator("#strip")).to_have_text("A check-in kept on this phone is not saved yet. Today shows it.")


def aside(page: Page) -> Locator:
    return page.locator("section[data-aside]")


def test_without_signal_a_check_in_without_a_mood_is_asked_for_and_nothing_typed_is_lost(
    page: Page, live: Live
) -> None:
    sign_up(page, live, "Moodless Jo")
    no_signal(page)
    craving = craves(page, "Strong")
    page.get_by_role("button", name="Save check-in").click()
    alert = page.get_by_role("alert")
    expect(alert).to_have_text("Choose how you are right now.")
    expect(page.locator("input[name=mood]").first).to_be_focused()
    expect(craving).to_be_checked()
    expect(page.locator("#strip")).not_to_contain_text("Saved")
    page.locator("label.pick", has_text="Low").first.click()
    expect(alert).to_have_count(0)
    page.get_by_role("button", name="Save check-in").click()
    expect(page.locator("#strip")).to_contain_text("Saved on this phone")
    signal_again(page)
    expect(page.locator("#strip")).to_have_text("You are back. Your saved check-in was sent.")
    assert saved_check_ins(page, live) == 1


def test_a_kept_check_in_that_the_server_cannot_take_stays_until_it_is_finished(page: Page, live: Live) -> None:
    sign_up(page, live, "Unfinished Jo")
    kept_by_a_phone_that_does_not_know_what_is_needed(page)
    expect(aside(page)).to_contain_text("Any cravings today? Strong")
    page.goto(f"{live.url}/today")
    check_in(page, "Good")  # another one: Today has no form then
    expect(page.locator("#saved-at")).to_be_visible()
    page.goto(f"{live.url}/today")
    aside(page).get_by_role("button", name="Finish it").click()
    page.wait_for_url("**/checkin")
    expect(page.get_by_role("alert")).to_have_text("Choose how you are right now.")
    expect(page.locator("label.pick", has_text="Strong").locator("input")).to_be_checked()
    page.locator("label.pick", has_text="Low").first.click()
    with page.expect_request(lambda asked: asked.method == "POST") as sent:
        page.get_by_role("button", name="Save check-in").click()
    assert "answered_at=20" in (sent.value.post_data or ""), "it is of the moment when it was typed"
    expect(aside(page)).to_have_count(0)
    assert saved_check_ins(page, live) == 2
    page.goto(f"{live.url}/today")
    page.wait_for_timeout(500)
    expect(aside(page)).to_have_count(0)


def test_what_could_not_be_saved_is_shown_to_its_person_alone_and_goes_by_their_hand(page: Page, live: Live) -> None:
    sign_up(page, live, "Letting Jo")
    kept_by_a_phone_that_does_not_know_what_is_needed(page)
    page.context.clear_cookies()
    sign_up(page, live, "Somebody Else")
    page.wait_for_timeout(500)
    expect(aside(page)).to_have_count(0)
    page.context.clear_cookies()
    sign_in(page, live, "Letting Jo")
    page.goto(f"{live.url}/today")
    aside(page).get_by_text("Let it go", exact=True).click()
    aside(page).get_by_role("button", name="Yes, let it go").click()
    expect(aside(page)).to_have_count(0)
    page.goto(f"{live.url}/today")
    page.wait_for_timeout(500)
    expect(aside(page)).to_have_count(0)


def test_what_came_too_late_is_shown_before_it_goes(page: Page, live: Live) -> None:
    sign_up(page, live, "Late Jo")
    no_signal(page)
    check_in(page, "Rough")
    expect(page.locator("#strip")).to_contain_text("Saved on this phone")
    page.route("**/checkin", lambda route: route.fulfill(status=409))
    signal_again(page)
    expect(page.locator("#strip")).to_contain_text("came too late to save")
    page.goto(f"{live.url}/today")
    expect(aside(page)).to_contain_text("came too late to save")
    expect(aside(page)).to_contain_text("How are you right now? Rough")
    expect(aside(page).get_by_role("button", name="Finish it")).to_have_count(0)
