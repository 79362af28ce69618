"""A passkey, with the browser's own virtual authenticator: made in Me, used at the door, removed again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browsers import Phone
from tests.fixtures.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]
NAME, PASSPHRASE = "Robin", "seven quiet harbours at noon"


def plug_in_authenticator(page: Page) -> None:
    """A phone's own sensor that always says yes."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def address(live: Live) -> str:
    """A passkey belongs to a host name; a bare address is none."""
    return live.url.replace("127.0.0.1", "localhost")


def start(page: Page, live: Live) -> None:
    page.goto(f"{address(live)}/start")
    page.get_by_label("What shall we call you?").fill(NAME)
    page.get_by_label("Choose a passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="I have written them down").click()
    page.wait_for_url("**/today")


def sign_out(page: Page, live: Live) -> None:
    page.goto(f"{address(live)}/me")
    page.get_by_role("button", name="Sign out").click()


def test_a_passkey_is_made_used_and_removed(phone: Phone, live: Live) -> None:
    page = phone()
    plug_in_authenticator(page)
    start(page, live)

    page.goto(f"{address(live)}/me/sign-in")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("You can sign in with this passkey now")).to_be_visible()
    expect(page.get_by_text(re.compile("Made on"))).to_be_visible()

    sign_out(page, live)
    page.goto(f"{address(live)}/enter?next=/me/devices")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{address(live)}/me/devices")

    page.goto(f"{address(live)}/me/sign-in")
    page.get_by_role("link", name="Remove").click()
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()
    page.get_by_label("Your passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("link", name="Remove")).to_have_count(0)

    sign_out(page, live)
    page.goto(f"{address(live)}/enter")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("That passkey did not work here").first).to_be_visible()
    page.get_by_label("Your name here").fill(NAME)
    page.get_by_label("Your passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/today$"))
