"""Somebody without a smartphone is reached: a number, a code, a text in the night, and the word that ends it."""

import re
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.fixtures.browsers import Phone
from tests.fixtures.live import REPORT_KEY, Live, MakeLive
from tests.fixtures.outside import wait_for
from tests.fixtures.texts import TextService, phone_signed
from tests.journeys.arriving import sign_up
from tests.journeys.test_the_whole_way import invite, join, match_words

pytestmark = [pytest.mark.browser, pytest.mark.live]
NUMBER = "(415) 555-2671"


@pytest.fixture(scope="module")
def install(make_live: MakeLive, outside: dict[str, str]) -> Live:
    return make_live(**outside)


def tells(install: Live, **told: Any) -> int:
    """The gateway tells the install something, signed as it signs."""
    asked = phone_signed(told, REPORT_KEY)
    request = urllib.request.Request(f"{install.url}/sms/heard", asked["data"].encode(), asked["headers"])
    with urllib.request.urlopen(request) as answer:
        return int(answer.status)


def text(texts: TextService, about: str) -> dict[str, Any]:
    return wait_for(lambda: next((one for one in texts.sent if about in one["words"]), None), what=f"a text: {about}")


def test_a_mother_with_a_plain_phone_is_asked_by_text(phone: Phone, install: Live, texts: TextService) -> None:
    jo, mum = phone(), phone()
    sign_up(jo, install, "Jo")
    link = invite(jo, install, "Mum", "Family", "My call for help")
    join(mum, install, link, "Mum")
    match_words(jo, mum, "Jo")

    mum.goto(f"{install.url}/me/ways")
    mum.get_by_label("Mobile number").fill(NUMBER)
    mum.get_by_role("button", name="Text me a code").click()
    code = re.search(r"\b\d{6}\b", text(texts, "your code is")["words"])
    assert code
    mum.get_by_label("The code that we sent").fill(code[0])
    mum.get_by_role("button", name="Continue").click()
    expect(mum.get_by_role("button", name="Remove +1 415-555-2671")).to_be_visible()
    mum.goto("about:blank")

    jo.get_by_role("link", name="I need someone now").click()
    jo.get_by_role("button", name="Send it now").click()
    sent = text(texts, "you have an update")
    assert sent["to"] == "+14155552671" and len(sent["words"]) <= 160
    expect(jo.get_by_text("was sent a message")).to_be_visible(timeout=15_000)

    assert tells(install, event="sms:delivered", id="e1", payload={"messageId": sent["ref"]}) == 204
    expect(jo.get_by_text("The phone company says it arrived")).to_be_visible(timeout=15_000)

    link_in_it = re.search(r"https?://\S+", sent["words"])
    assert link_in_it
    mum.goto(link_in_it[0])
    mum.get_by_role("button", name="I’ll call now").click()
    expect(jo.get_by_role("heading", name="Mum said yes")).to_be_visible()

    stop = {"phoneNumber": "+14155552671", "message": "STOP", "receivedAt": "now"}
    assert tells(install, event="sms:received", id="e2", payload=stop) == 204
    mum.goto(f"{install.url}/s/today")
    mum.get_by_role("link", name="One of your phones no longer gets our texts").click()
    expect(mum.get_by_text("A phone ending in 71")).to_be_visible()
    mum.get_by_role("button", name="All right").click()
    expect(mum.get_by_text("A phone ending in 71")).to_have_count(0)
