"""How a person of a journey gets in, by the pages that everybody uses."""

from playwright.sync_api import Page

from tests.fixtures.live import Live

PASSPHRASE = "seven quiet harbours"


def sign_up(page: Page, live: Live, name: str) -> None:
    """A new account, on Today afterwards."""
    page.goto(f"{live.url}/start")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=passphrase]").fill(f"{PASSPHRASE} {name}")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="I have written them down").click()
    page.wait_for_url("**/today")


def sign_in(page: Page, live: Live, name: str) -> None:
    page.goto(f"{live.url}/enter")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=passphrase]").fill(f"{PASSPHRASE} {name}")
    page.locator("main form button:not([hidden])").first.click()
    page.wait_for_url(lambda url: "/enter" not in url)
