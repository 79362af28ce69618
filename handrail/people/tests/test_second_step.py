"""The second step: a code app, spare codes, and "is it still you?"."""

import re
import time
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from handrail.gate import Actor
from handrail.people import actions as people
from handrail.people import discreet, limits
from tests.fixtures.people import PASSPHRASE, Somebody

RIGHT = f"{PASSPHRASE} Jo"


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def first_step(client: Client | None = None, **more: str):
    client = client or Client()
    return client, client.post("/enter", {"name": "Jo", "passphrase": RIGHT, **more})


@pytest.fixture
def secret(jo: Somebody) -> str:
    """Jo turns the second step on, through the pages."""
    client, _answer = first_step()
    page = client.get("/me/sign-in/code").content.decode()
    found = re.search(r'class="once">([A-Z2-7=]+)<', page)
    assert found is not None
    answer = client.post("/me/sign-in/code", {"code": code_of(found[1], -1)})
    assert answer["Location"] == "/me/sign-in/spare"
    return found[1]


def test_the_passphrase_alone_is_not_enough_any_more(secret: str) -> None:
    client, answer = first_step(next="/me/devices")
    assert answer["Location"] == "/enter/code"
    assert client.get("/me").status_code == 302
    assert client.get("/enter/code").status_code == 200
    answer = client.post("/enter/code", {"code": code_of(secret)})
    assert answer["Location"] == "/me/devices"
    assert client.get("/me").status_code == 200


def test_coming_to_the_door_again_starts_again(secret: str) -> None:
    client, _answer = first_step()
    client.get("/enter")
    assert client.get("/enter/code")["Location"] == "/enter"
    asked = client.get("/enter/passkey", HTTP_ACCEPT="application/json", HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    assert "challenge" in asked.json()["request_options"]["publicKey"]


def test_a_code_fits_once(secret: str) -> None:
    code = code_of(secret)
    client, _answer = first_step()
    client.post("/enter/code", {"code": code})
    with patch("django.core.cache.cache.add", return_value=True):  # another process knows nothing of allauth's cache
        other, _answer = first_step()
        answer = other.post("/enter/code", {"code": code})
    assert answer.status_code == 422
    assert other.get("/me").status_code == 302


def test_codes_can_only_be_guessed_a_few_times_an_hour(secret: str) -> None:
    client, _answer = first_step()
    for number in range(limits.CODES_BY_PERSON.most):
        assert client.post("/enter/code", {"code": f"{number:05}x"}).status_code == 422
    assert client.post("/enter/code", {"code": code_of(secret)}).status_code == 429


def test_a_spare_code_works_one_time(secret: str) -> None:
    client, _answer = first_step()
    client.post("/enter/code", {"code": code_of(secret)})
    spare = re.findall(r"<li>(\d{8})</li>", client.get("/me/sign-in/spare").content.decode())
    assert len(spare) == 10
    other, _answer = first_step()
    assert other.post("/enter/code", {"code": spare[0]})["Location"] == "/today"
    third, _answer = first_step()
    assert third.post("/enter/code", {"code": spare[0]}).status_code == 422


def test_the_six_words_stand_for_the_passphrase_not_for_the_second_step(jo: Somebody, secret: str) -> None:
    from handrail.people import actions

    words = actions.new_recovery_words(jo.actor, owner=jo.id)
    client = Client()
    answer = client.post("/enter/words", {"words": words, "passphrase": "nine warm yellow chairs"})
    assert answer["Location"] == "/enter/code"
    assert client.get("/me").status_code == 302
    # Until they are in, the words on their paper stay good; then they are shown new ones.
    assert Client().post("/enter/words", {"words": words, "passphrase": "ten cold grey stairs"}).status_code == 302
    answer = client.post("/enter/code", {"code": code_of(secret)})
    assert answer.status_code == 302 and client.get("/start/words").status_code == 200
    assert actions.recover(recovery_words=words, passphrase="eleven quiet lanes") is None


def test_secrets_of_the_second_step_are_sealed_in_the_database(secret: str) -> None:
    for row in Authenticator.objects.all():
        assert secret not in str(row.data)
    assert Authenticator.objects.get(type="totp").wrap().instance.data["secret"] != secret


def test_turning_it_off_makes_the_passphrase_enough_again(secret: str) -> None:
    client, _answer = first_step()
    client.post("/enter/code", {"code": code_of(secret)})
    assert client.get("/me/sign-in/code/off").status_code == 200
    client.post("/me/sign-in/code/off")
    _client, answer = first_step()
    assert answer["Location"] == "/today"


def long_ago(client: Client) -> None:
    """The passphrase was last typed an hour ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - 3600} for one in session["account_authentication_methods"]
    ]
    session.save()


@pytest.mark.parametrize("path", ["/me/sign-in/code", "/me/sign-in/passkey", "/me/tokens"])
def test_before_something_important_changes_we_ask_once_more(jo: Somebody, path: str) -> None:
    client, _answer = first_step()
    assert client.get(path).status_code == 200
    long_ago(client)
    answer = client.get(path)
    assert answer["Location"] == "/me/again?" + urlencode({"next": path})
    assert client.post(answer["Location"], {"password": "not this one"}).status_code == 422
    assert client.post(answer["Location"], {"password": RIGHT})["Location"] == path


def test_new_words_asked_for_without_typing_the_passphrase_come_after_it_was_typed(jo: Somebody) -> None:
    client, _answer = first_step()
    long_ago(client)
    asked = client.post("/me/sign-in/words")
    assert asked["Location"].startswith("/me/again")
    answer = client.post(asked["Location"], {"password": RIGHT})
    assert answer["Location"] == "/start/words"
    assert b"wordlist" in client.get("/start/words").content


@pytest.mark.parametrize("path", ["/enter/code", "/enter/passkey"])
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"code": "\x00"},
        {"code": "é" * 30},
        {"credential": "[1]"},
        {"credential": "{"},
        {"credential": '{"response": 7, "id": []}'},
        {
            "credential": '{"id":"a","rawId":"a","type":"public-key","response":{"userHandle":"!",'
            '"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA"}}'
        },
    ],
)
def test_nonsense_for_a_code_or_a_passkey_is_never_an_error(secret: str, path: str, sent: dict[str, str]) -> None:
    client, _answer = first_step()
    assert client.post(path, sent).status_code in (302, 422)


@pytest.mark.parametrize(
    "path", ["/me/sign-in/passkey", "/me/again/passkey", "/me/again/code", "/me/sign-in/spare/new"]
)
def test_nonsense_on_the_pages_of_the_second_step_is_never_an_error(jo: Somebody, path: str) -> None:
    client, _answer = first_step()
    for sent in ({}, {"credential": '{"id":"a","rawId":"a","response":{}}'}, {"credential": "\x00"}, {"code": "x"}):
        assert client.post(path, sent).status_code in (302, 422)


@pytest.fixture
def namesake(secret: str) -> Client:
    """Somebody who took Jo's name and stands before their own lock screen, with a form held there."""
    own = "own words of a namesake"
    mal = Actor.person(
        people.sign_up(name="Jo", passphrase=own, time_zone="America/New_York", country="US").person_id,
    )
    discreet.change_lock(mal, owner=mal.me, lock_after=5, pin="407193")
    client = Client()
    client.post("/enter", {"name": "Jo", "passphrase": own})
    client.post("/lock/now")
    client.post("/me/own-words", {"for_use": "words of the namesake"})
    assert "held" in client.session
    return client


@pytest.mark.parametrize("more", [{}, {"pin": "1234"}, {"pin": "407193"}])
def test_the_lock_screen_of_a_namesake_asks_for_the_second_step_too(
    namesake: Client, secret: str, more: dict[str, str]
) -> None:
    assert namesake.post("/lock", {"passphrase": RIGHT, **more})["Location"] == "/enter/code"
    assert namesake.get("/me").status_code == 302
    namesake.post("/enter/code", {"code": code_of(secret)})
    assert namesake.get("/me").status_code == 200


def test_the_first_account_is_gone_from_the_session_before_the_second_step_of_another(namesake: Client) -> None:
    """Neither its lock, nor what was held for it, waits under the question for the code."""
    namesake.post("/lock", {"passphrase": RIGHT})
    assert "held" not in namesake.session and "_auth_user_id" not in namesake.session
