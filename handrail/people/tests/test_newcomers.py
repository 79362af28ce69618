"""A device that signed in later is asked about on those that were there before."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from handrail.kernel import clock
from handrail.people.models import Session
from handrail.people.sessions import hashed
from tests.fixtures.people import PASSPHRASE, Somebody

pytestmark = pytest.mark.django_db
ASKED = b"Was this you?"


def signed_in(minutes: int, name: str = "Jo") -> Client:
    with clock.moved_to(clock.now() + timedelta(minutes=minutes)):
        client = Client(headers={"User-Agent": "Mozilla/5.0 (Android 14) Firefox/130.0"})
        assert client.post("/enter", {"name": name, "passphrase": f"{PASSPHRASE} {name}"}).status_code == 302
    return client


def ref(client: Client) -> str:
    return hashed(client.cookies["s"].value)


def answer(client: Client, about: Client | str, was: str) -> Any:
    return client.post("/me/devices", {"device": about if isinstance(about, str) else ref(about), "was": was})


@pytest.fixture
def old(jo: Somebody) -> Client:
    return signed_in(-60)


@pytest.fixture
def new(old: Client) -> Client:
    return signed_in(-5)


def test_the_older_device_is_asked_on_me_and_on_today_and_the_newer_one_is_not(old: Client, new: Client) -> None:
    for path in ("/me", "/today"):
        page = old.get(path).content
        assert ASKED in page and b"New since you signed in here: Firefox on Android" in page
        assert ASKED not in new.get(path).content


def test_that_was_me_is_asked_once(old: Client, new: Client) -> None:
    assert answer(old, new, "me")["Location"] == "/me"
    assert ASKED not in old.get("/me").content
    new.post("/me/own-words", {"for_use": "x"})  # a page that saves its session does not undo the answer
    assert ASKED not in old.get("/today").content
    later = signed_in(-1)
    assert ASKED in old.get("/me").content and ASKED in new.get("/me").content
    assert ASKED not in later.get("/me").content


def test_not_me_ends_it_and_leads_to_a_new_passphrase(old: Client, new: Client) -> None:
    assert answer(old, new, "not-me")["Location"] == "/me/sign-in/passphrase"
    assert new.get("/me").status_code == 302
    assert ASKED not in old.get("/me").content


def test_who_came_later_cannot_vouch_for_themself_or_for_an_older_one(old: Client, new: Client) -> None:
    assert answer(new, new, "me").status_code == 404
    assert answer(new, old, "me").status_code == 404
    assert ASKED in old.get("/me").content


def test_somebody_elses_device_is_not_here(old: Client, ann: Somebody) -> None:
    hers = signed_in(-1, "Ann")
    for wrong in (ref(hers), "f" * 40, "x", ""):
        assert answer(old, wrong, "me").status_code == 404
    answer(old, ref(hers), "not-me")
    assert Session.objects.filter(session_key=ref(hers)).exists()


def test_after_signing_in_it_is_said_once_where_else_one_is_signed_in(old: Client, new: Client) -> None:
    said = b"You are signed in somewhere else too:"
    assert said in new.get("/today").content
    assert said not in new.get("/today").content
    assert said not in signed_in(0, "Jo").get("/me").content
