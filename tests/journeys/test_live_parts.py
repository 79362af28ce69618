"""A part of a page that fetches itself again takes nothing out of the hands of whoever is using it."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.fixtures.browsers import Phone
from tests.fixtures.live import Live
from tests.journeys.arriving import sign_up
from tests.journeys.test_the_whole_way import invite, join, match_words

pytestmark = [pytest.mark.browser, pytest.mark.live]


def ring(page: Page) -> None:
    """The doorbell, and the live part that came back for it."""
    with page.expect_response(lambda answer: answer.request.method == "GET" and answer.url == page.url):
        page.evaluate('document.body.dispatchEvent(new CustomEvent("doorbell"))')
    page.wait_for_timeout(300)


def test_the_link_can_still_be_copied_after_the_doorbell_rang(phone: Phone, live: Live) -> None:
    nia = phone()
    sign_up(nia, live, "Nia")
    invite(nia, live, "Mum", "Family")
    ring(nia)
    nia.context.grant_permissions(["clipboard-read", "clipboard-write"])
    nia.get_by_role("button", name="Copy the link").click()
    expect(nia.get_by_role("button", name="Copied")).to_be_visible()
    assert nia.evaluate("navigator.clipboard.readText()") == nia.locator("#link").input_value()


COUNTS_RINGS = """
    window.rings = 0;
    window.EventSource = class extends EventSource {
        constructor(address) { super(address); this.addEventListener("doorbell", () => { window.rings += 1; }); }
    };
"""


def test_a_bell_that_rings_while_a_part_fetches_itself_is_heard_afterwards(phone: Phone, live: Live) -> None:
    ivy, mum, held = phone(), phone(), []
    ivy.add_init_script(COUNTS_RINGS)
    sign_up(ivy, live, "Ivy")
    link = invite(ivy, live, "Mum", "Family")
    ivy.wait_for_function("rings")  # the stream is open

    def hold(route: Route) -> None:
        answer = route.fetch()  # how it stood then
        held.append(lambda: route.fulfill(response=answer))

    ivy.route(ivy.url, hold, times=1)
    while not held:  # what the opened stream fetched has to be here first
        ivy.evaluate('document.body.dispatchEvent(new CustomEvent("doorbell"))')
        ivy.wait_for_timeout(100)
    heard = ivy.evaluate("rings")
    join(mum, live, link, "Vera")
    ivy.wait_for_function("heard => rings > heard", arg=heard)
    held[0]()
    expect(ivy.get_by_label(mum.locator(".phrase").inner_text(), exact=True)).to_be_visible()


def test_words_being_typed_while_somebody_opens_the_call_stay(phone: Phone, live: Live) -> None:
    olu, mum = phone(), phone()
    sign_up(olu, live, "Olu")
    link = invite(olu, live, "Mum", "Family", "My call for help")
    join(mum, live, link, "Tess")
    match_words(olu, mum, "Olu")
    olu.get_by_role("link", name="I need someone now").click()
    olu.get_by_role("button", name="Send it now").click()
    olu.get_by_text("Add words or your place").click()
    olu.locator("#add textarea").first.fill("I am behind the")
    mum.goto(f"{live.url}/s/today")
    mum.get_by_role("link", name="Open it now").click()
    expect(olu.get_by_text("has seen it")).to_be_visible()
    expect(olu.locator("#add textarea").first).to_have_value("I am behind the")
    expect(olu.locator("#add textarea").first).to_be_focused()
