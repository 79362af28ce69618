"""The whole way, in several browsers at once, through the real web, worker and mail server.

A person signs up, brings a parent and a sponsor in, shares, checks in, stops sharing, calls for help, and is answered.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browsers import Phone
from tests.fixtures.live import Live
from tests.fixtures.outside import Mailbox
from tests.journeys.arriving import sign_up

pytestmark = [pytest.mark.browser, pytest.mark.live]


def invite(page: Page, live: Live, name: str, role: str, *shares: str) -> str:
    """The link, as the person would copy it."""
    page.goto(f"{live.url}/invite")
    page.get_by_label("What do you call them?").fill(name)
    page.get_by_label(role, exact=True).check()
    for label in shares:
        page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Make the link").click()
    return page.locator("#link").input_value()


def join(theirs: Page, live: Live, link: str, name: str) -> None:
    """Follow the link without an account: make one on the way, and use the link."""
    theirs.goto(link)
    theirs.get_by_role("link", name="Yes: make an account").click()
    theirs.locator("input[name=name]").fill(name)
    theirs.locator("input[name=passphrase]").fill(f"seven quiet harbours {name}")
    theirs.get_by_role("button", name="Continue").click()
    theirs.get_by_role("button", name="I have written them down").click()
    theirs.get_by_role("button", name="Yes, I would like that").click()


def match_words(page: Page, theirs: Page, called: str) -> None:
    """The joiner reads three words out; the person, whose page has changed by itself, picks them."""
    words = theirs.locator(".phrase").inner_text()
    page.get_by_label(words, exact=True).check()
    page.get_by_role("button", name="These are the words").click()
    expect(theirs.get_by_role("heading", name=f"You are in {called}’s circle")).to_be_visible()  # without reloading


def reach_by_mail(page: Page, live: Live, mailbox: Mailbox, address: str) -> None:
    """Add an e-mail address, and type in the code that reached it."""
    page.goto(f"{live.url}/me/ways")
    page.locator("input[name=address]").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    code = re.search(r"\b\d{6}\b", mailbox.wait_for_letter_to(address).get_content())
    assert code
    page.locator("input[name=code]").fill(code[0])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text(address).first).to_be_visible()


def tick(page: Page, live: Live, label: str, *, on: bool) -> None:
    page.goto(f"{live.url}/people")
    page.get_by_label(label, exact=True).set_checked(on, force=True)
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("alert")).to_contain_text("Done.")


def test_from_signing_up_to_a_human_answer(phone: Phone, live: Live, mailbox: Mailbox) -> None:
    jo, mum, sam = phone(), phone(), phone()

    sign_up(jo, live, "Jo")
    link = invite(jo, live, "Mum", "Family")
    join(mum, live, link, "Maria")
    match_words(jo, mum, "Jo")
    mum.get_by_role("link", name="Open Jo’s page").click()
    expect(mum.get_by_text("Jo is not sharing this right now")).to_be_visible()

    # sharing a feeling, seen; stopped, not seen
    tick(jo, live, "Mum sees: How I feel", on=True)
    jo.goto(f"{live.url}/today")
    jo.get_by_label("Good", exact=True).check()
    jo.get_by_role("button", name="Save check-in").click()
    expect(jo.get_by_text("Mum sees your mood")).to_be_visible()
    mum.reload()
    expect(mum.get_by_text("Jo is feeling good")).to_be_visible()
    tick(jo, live, "Mum sees: How I feel", on=False)
    expect(mum.get_by_text("Jo is not sharing this right now")).to_be_visible()  # the doorbell rang
    tick(jo, live, "Mum sees: My call for help", on=True)

    # a sponsor, reached by e-mail, on the second rung
    link = invite(jo, live, "Sam", "Sponsor", "My call for help")
    join(sam, live, link, "Sam")
    match_words(jo, sam, "Jo")
    reach_by_mail(sam, live, mailbox, "sam@example.org")
    jo.goto(f"{live.url}/people/order")
    jo.get_by_label("Mum").fill("1")
    jo.get_by_label("Sam").fill("2")
    jo.get_by_role("button", name="Save this order").click()

    # the call: two taps
    mum.goto(f"{live.url}/s/today")
    jo.get_by_role("link", name="I need someone now").click()
    jo.get_by_role("button", name="Send it now").click()
    expect(jo.get_by_role("heading", name="Your people are being asked")).to_be_visible()
    assert not mailbox.to("sam@example.org")[1:], "only the first rung is asked"

    # the parent sees it by itself, opens it, and lets it pass
    mum.get_by_role("link", name="Open it now").click()
    expect(jo.get_by_text("has seen it")).to_be_visible()
    mum.get_by_role("button", name="I can’t right now").click()
    expect(mum.get_by_text("If somebody else can be asked, they are asked now")).to_be_visible()
    expect(jo.get_by_text("cannot right now")).to_be_visible()

    # the sponsor gets the e-mail, which says nothing, and says yes
    letter = mailbox.wait_for_letter_to("sam@example.org", after=1)
    said = f"{letter['Subject']} {letter['From']} {letter.get_content()}"
    assert not re.search(r"\bJo\b|help|call|recover|opioid|hard time", said, re.IGNORECASE)
    address = re.search(r"http\S+", letter.get_content())
    assert address
    sam.goto(address[0])
    expect(sam.get_by_text("I am having a hard time. Can you call me?")).to_be_visible()
    sam.get_by_role("button", name="I’ll call now").click()

    # the person sees who said yes without reloading; the parent may stand down
    expect(jo.get_by_role("heading", name="Sam said yes and will call you")).to_be_visible()
    expect(mum.get_by_text("Sam has this. You can stand down.")).to_be_visible()
    jo.get_by_role("button", name="I am okay now").click()
    expect(sam.get_by_text("Jo is okay now. Thank you.")).to_be_visible()

    # and it is all in the log, in plain words
    jo.goto(f"{live.url}/me/seen")
    expect(jo.get_by_text("Sam answered your call for help")).to_be_visible()
    expect(jo.get_by_text("Mum looked at: How I feel").first).to_be_visible()


def test_when_nobody_answers_the_next_is_asked_and_then_it_says_so(phone: Phone, live: Live, mailbox: Mailbox) -> None:
    kim, lee, ray = phone(), phone(), phone()
    sign_up(kim, live, "Kim")
    for page, name in ((lee, "Lee"), (ray, "Ray")):
        link = invite(kim, live, name, "Friend", "My call for help")
        join(page, live, link, name)
        match_words(kim, page, "Kim")
        reach_by_mail(page, live, mailbox, f"{name.lower()}@example.org")

    kim.get_by_role("link", name="I need someone now").click()
    kim.get_by_role("button", name="Send it now").click()
    mailbox.wait_for_letter_to("lee@example.org", after=1)
    assert len(mailbox.to("ray@example.org")) == 1

    live.forward(minutes=10, seconds=1)
    mailbox.wait_for_letter_to("ray@example.org", after=1)
    live.forward(minutes=10, seconds=1)
    expect(kim.get_by_role("heading", name="Nobody has said yes yet")).to_be_visible()
    expect(kim.get_by_role("link", name=re.compile("988 Lifeline")).first).to_be_visible()
    mailbox.wait_for_letter_to("lee@example.org", after=2)  # everybody is asked again
    mailbox.wait_for_letter_to("ray@example.org", after=2)

    # a human answers after all, and the first yes is the one that counts
    lee.goto(f"{live.url}/s/today")
    lee.get_by_role("link", name="Open it now").click()
    lee.get_by_role("button", name="I’ll call now").click()
    expect(kim.get_by_role("heading", name="Lee said yes and will call you")).to_be_visible()
    kim.get_by_role("button", name="Sent by mistake").click()
    expect(lee.get_by_text("Kim is okay now. Thank you.")).to_be_visible()
