"""What a push shows on a locked screen, and that the phone itself tells of it. Delivered by Chromium's own tools."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.fixtures.browsers import PHONE
from tests.fixtures.live import Live
from tests.fixtures.outside import wait_for

TOKEN = "k" * 22


@pytest.fixture
def page(browser: Browser, live: Live) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, service_workers="allow")
    context.grant_permissions(["notifications"], origin=live.url)
    page = context.new_page()
    page.goto(f"{live.url}/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    yield page
    context.close()


def deliver(page: Page, live: Live, payload: str) -> dict[str, Any]:
    """Push `payload` to the page's worker; answers the notification that stands on the screen then."""
    tools = page.context.new_cdp_session(page)
    found: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(each["registrationId"] for each in event["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(50)
    tools.send("ServiceWorker.deliverPushMessage", {"origin": live.url, "registrationId": found[-1], "data": payload})
    page.wait_for_timeout(500)
    shown: list[dict[str, Any]] = page.evaluate("""navigator.serviceWorker.ready
        .then(worker => worker.getNotifications())
        .then(all => all.map(({title, body, data}) => ({title, body, link: data.link})))""")
    assert len(shown) == 1
    return shown[0]


def test_the_same_neutral_words_whatever_it_is_about(page: Page, live: Live) -> None:
    link = "/s/alert/abc"
    shown = deliver(page, live, json.dumps({"link": link, "title": "Jo asked for help", "body": "Jo used"}))
    assert shown == {"title": "Handrail", "body": "1 new update", "link": link}


@pytest.mark.parametrize(
    "payload", ["", "null", "no JSON", '{"link": "https://elsewhere.example/x"}', '{"link": "//elsewhere"}']
)
def test_it_never_leads_to_another_site(page: Page, live: Live, payload: str) -> None:
    assert deliver(page, live, payload)["link"] == "/"


def test_the_phone_tells_that_it_has_arrived(page: Page, live: Live) -> None:
    before = live.log.read_text().count("push/seen/")
    deliver(page, live, json.dumps({"link": "/s/today", "seen": f"/push/seen/{TOKEN}"}))
    wait_for(lambda: live.log.read_text().count("push/seen/") > before, what="the call-back")
    assert TOKEN not in live.log.read_text()


def test_it_calls_nothing_else_back(page: Page, live: Live) -> None:
    before = live.log.read_text().count('"method": "POST"')
    deliver(page, live, json.dumps({"seen": "/leave"}))
    deliver(page, live, json.dumps({"seen": "https://elsewhere.example/"}))
    assert live.log.read_text().count('"method": "POST"') == before
