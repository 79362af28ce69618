"""Opens the demo's pages as its people do: one browser context a person, kept for the whole run."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, WebError
from playwright.sync_api import Page as Tab

from tests.architecture.addresses import addresses
from tests.fixtures.browsers import PHONE
from tests.fixtures.live import Live
from tests.fixtures.people import PASSPHRASE
from tests.pages import PAGES, Page

Look = Callable[..., Tab]
KNOWN_BY_PASSPHRASE = {"kit": "Kit", "bea": "Bea"}
FILL = """
import json
from tests.accessibility.prepared import prepare
from tests.architecture.filled import fill
from tests.fixtures.people import sign_up
print(json.dumps({**fill(sign_up("Kit"), sign_up("Bea")), "unused": prepare()}, default=str))
"""


class Desk:
    """Signed-in contexts and the addresses that were found."""

    def __init__(self, demo: Live, browser: Browser) -> None:
        self.url = demo.url
        self._filled: dict[str, Any] = json.loads(demo.manage("shell", "-v", "0", "-c", FILL).splitlines()[-1])
        self.unused: dict[str, str] = self._filled["unused"]  # links
        self._addresses = {name: address for address in addresses() for name in address.names}
        self._browser = browser
        self._contexts: dict[tuple[str, bool], BrowserContext] = {}
        self._paths: dict[Page, list[str]] = {}
        self.sent: dict[Page, str] = {}  # the HTML of what was looked at

    def context(self, who: str, *, scripts: bool = True) -> BrowserContext:
        if (who, scripts) not in self._contexts:
            context = self.fresh_context(who, java_script_enabled=scripts)
            self._contexts[who, scripts] = context
        return self._contexts[who, scripts]

    @contextmanager
    def listening(self, who: str, heard: list[str]) -> Iterator[BrowserContext]:
        """Somebody's browser, with whatever it complains about and whomever else it asks written into `heard`."""
        context = self.context(who)

        def on_console(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"} and "blocked by Playwright" not in message.text:
                heard.append(message.text)

        def on_request(asked: Request) -> None:
            if not asked.url.startswith((self.url, "data:", "blob:")):
                heard.append(f"asks {asked.url}")

        def on_error(error: WebError) -> None:
            heard.append(str(error.error))

        listeners = {"console": on_console, "request": on_request, "weberror": on_error}
        for event, listener in listeners.items():
            context.on(event, listener)  # type: ignore[call-overload]
        yield context
        for event, listener in listeners.items():
            context.remove_listener(event, listener)

    def fresh_context(self, who: str, **options: object) -> BrowserContext:
        """Somebody's browser with an empty cache."""
        context = self._browser.new_context(viewport=PHONE, service_workers="block", **options)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        if who:
            tab = context.new_page()
            (self._enter if who in KNOWN_BY_PASSPHRASE else self._look_through_the_eyes_of)(tab, who)
            tab.close()
        return context

    def _look_through_the_eyes_of(self, tab: Tab, who: str) -> None:
        tab.goto(self.url)
        tab.locator(f'form[action$="/demo/as/{who}"] button').click()
        # Arrived before the tab is closed: Chromium may never answer a close in the middle of a navigation.
        tab.wait_for_url(lambda url: url.rstrip("/") != self.url.rstrip("/"))
        tab.wait_for_load_state()

    def _enter(self, tab: Tab, who: str) -> None:
        name = KNOWN_BY_PASSPHRASE[who]
        tab.goto(self.url + reverse("enter"))
        tab.locator("[name=name]").fill(name)
        tab.locator("[name=passphrase]").fill(f"{PASSPHRASE} {name}")
        tab.locator("main form button:not([type=button])").first.click()
        tab.wait_for_url(lambda url: "/enter" not in url)
        tab.wait_for_load_state()

    def path(self, page: Page) -> str:
        """Where a page is: its fixed address, that of the first link to it on another page, or Kit's."""
        return self._every(page)[0]

    def _every(self, page: Page) -> list[str]:
        if page not in self._paths:
            fixed = [] if page.on else [page.path or self._addresses[page.name].path(self._filled)]
            self._paths[page] = fixed or self._found(page)
        return self._paths[page]

    def _found(self, page: Page) -> list[str]:
        """What the pages before it link to. All of these are asked: not everybody in a circle has an agreement, and
        who stands first on the map is drawn by lot."""
        before = next((one for one in PAGES if one.name == page.on and one.who == page.who), Page(page.on, page.who))
        seen: dict[str, None] = {}
        for address in self._every(before):
            tab = self.context(page.who).new_page()
            tab.goto(self.url + address)
            seen |= dict.fromkeys(
                tab.eval_on_selector_all("a[href]", "links => links.map(link => new URL(link.href).pathname)")
            )
            tab.close()
        found = [link for link in seen if _is(link, page.name)]
        assert found, f"{page.on} shows {page.who} no link to {page.name}, only {sorted(seen)}"
        return found

    def close(self) -> None:
        for context in self._contexts.values():
            context.close()


def _is(path: str, name: str) -> bool:
    try:
        return resolve(path).url_name == name
    except Resolver404:
        return False


@pytest.fixture(scope="session")
def desk(demo: Live, light_browser: Browser) -> Iterator[Desk]:
    made = Desk(demo, light_browser)
    yield made
    made.close()


@pytest.fixture
def look(desk: Desk) -> Iterator[Look]:
    """`look(page)` is the page, open in the browser of whoever it is for."""
    tabs: list[Tab] = []

    def open_page(page: Page, *, width: int = PHONE["width"], scripts: bool = True, **media: str) -> Tab:
        tab = desk.context(page.who, scripts=scripts).new_page()
        tabs.append(tab)
        tab.set_viewport_size({"width": width, "height": 800})
        tab.emulate_media(**media)  # type: ignore[arg-type]
        answer = tab.goto(desk.url + desk.path(page))
        assert answer is not None
        assert answer.status == 200, f"{page}: {answer.status} at {tab.url}"
        desk.sent[page] = answer.text()
        return tab

    yield open_page
    for tab in tabs:
        tab.close()
