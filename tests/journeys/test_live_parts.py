"""A part of a page that fetches itself again takes nothing out of the hands of whoever is using it."""

import pytest
from playwright.sync_api import Page, expect

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
