"""Coming back by six words, changing the passphrase, ending sessions."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from handrail.people import actions, limits, queries
from handrail.people.models import Session
from tests.fixtures.people import PASSPHRASE, Somebody

RIGHT = f"{PASSPHRASE} Jo"
FRESH = "nine warm yellow chairs"


def signed_in(passphrase: str = RIGHT, **headers: str) -> Client:
    client = Client(**headers)
    assert client.post("/enter", {"name": "Jo", "passphrase": passphrase}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/me").status_code == 200


@pytest.fixture
def words(jo: Somebody) -> str:
    return actions.new_recovery_words(jo.actor, owner=jo.id)


def test_six_words_and_a_new_passphrase_bring_somebody_back_and_end_every_other_session(
    jo: Somebody, words: str
) -> None:
    elsewhere = signed_in()
    client = Client()
    answer = client.post("/enter/words", {"words": words.upper().replace(" ", ", "), "passphrase": FRESH})
    assert answer["Location"] == "/start/words"
    assert Session.objects.count() == 1  # before anything else is asked: asking with an old cookie sweeps its row too
    assert is_in(client)
    assert not is_in(elsewhere)
    assert Client().post("/enter", {"name": "Jo", "passphrase": RIGHT}).status_code == 422
    assert is_in(signed_in(FRESH))


@pytest.mark.parametrize("shape", ["{0}. {1}", "{0} {1}", "{0}) {1}", "({0}) {1},"])
def test_words_copied_with_their_numbers_are_the_same_words(jo: Somebody, words: str, shape: str) -> None:
    numbered = "\n".join(shape.format(n, word) for n, word in enumerate(words.split(), 1))
    assert Client().post("/enter/words", {"words": numbered, "passphrase": FRESH}).status_code == 302


def test_somebody_who_forgot_their_name_too_can_choose_a_new_one(jo: Somebody, words: str) -> None:
    Client().post("/enter/words", {"words": words, "passphrase": FRESH, "name": "Robin"})
    assert Client().post("/enter", {"name": "Robin", "passphrase": FRESH})["Location"] == "/today"
    assert queries.profile(jo.actor, owner=jo.id).name == "Robin"


def test_wrong_words_keep_what_was_typed_but_not_the_passphrase(jo: Somebody, words: str) -> None:
    wrong = " ".join(reversed(words.split()))
    answer = Client().post("/enter/words", {"words": wrong, "passphrase": FRESH})
    assert answer.status_code == 422
    assert f'value="{wrong}"'.encode() in answer.content
    assert FRESH.encode() not in answer.content


def test_words_can_only_be_guessed_a_few_times_an_hour(jo: Somebody, words: str) -> None:
    for _try in range(limits.WORDS_BY_ADDRESS.most):
        Client().post("/enter/words", {"words": "a b c d e f", "passphrase": FRESH})
    assert Client().post("/enter/words", {"words": words, "passphrase": FRESH}).status_code == 429


def test_words_that_were_used_are_replaced_by_new_ones_shown_once(jo: Somebody, words: str) -> None:
    client = Client()
    client.post("/enter/words", {"words": words, "passphrase": FRESH, "next": "/me/devices"})
    page = client.get("/start/words").content.decode()
    fresh = " ".join(re.findall(r"<li>([a-z]+)</li>", page))
    assert len(fresh.split()) == 6 and fresh != words and "These are new" in page
    assert Client().post("/enter/words", {"words": words, "passphrase": f"{FRESH} x"}).status_code == 422
    assert client.post("/start/words")["Location"] == "/me/devices"
    assert client.get("/start/words")["Location"] == "/me/sign-in"
    assert Client().post("/enter/words", {"words": fresh, "passphrase": f"{FRESH} y"}).status_code == 302


def test_words_used_by_somebody_who_is_signed_in_as_another_are_replaced_too(
    jo: Somebody, ann: Somebody, words: str
) -> None:
    client = Client()
    client.post("/enter", {"name": "Ann", "passphrase": f"{PASSPHRASE} Ann"})
    client.post("/enter/words", {"words": words, "passphrase": FRESH})
    assert "These are new" in client.get("/start/words").content.decode()
    assert actions.recover(recovery_words=words, passphrase=FRESH) is None


def test_the_words_end_passkeys_and_a_new_passphrase_says_that_it_does_not(jo: Somebody, words: str) -> None:
    """A passkey is a way in that somebody else may have made while they held the phone."""
    Authenticator.objects.create(user_id=jo.id, type="webauthn", data={"name": "A phone"})
    assert "keeps working" in signed_in().get("/me/sign-in/passphrase").content.decode()
    Client().post("/enter/words", {"words": words, "passphrase": FRESH})
    assert not Authenticator.objects.filter(user_id=jo.id).exists()
    assert "keeps working" not in signed_in(FRESH).get("/me/sign-in/passphrase").content.decode()


def test_new_words_end_the_old_ones(jo: Somebody, words: str) -> None:
    actions.new_recovery_words(jo.actor, owner=jo.id)
    assert actions.recover(recovery_words=words, passphrase=FRESH) is None


def test_a_new_passphrase_keeps_this_device_and_ends_the_others(jo: Somebody) -> None:
    here, there = signed_in(), signed_in()
    answer = here.post("/me/sign-in/passphrase", {"current": RIGHT, "passphrase": FRESH})
    assert answer.status_code == 302
    assert Session.objects.count() == 1
    assert is_in(here)
    assert not is_in(there)


def test_the_passphrase_cannot_be_changed_without_the_old_one(jo: Somebody) -> None:
    here = signed_in()
    answer = here.post("/me/sign-in/passphrase", {"current": "not this one", "passphrase": FRESH})
    assert answer.status_code == 422
    assert is_in(signed_in())


def test_a_new_name_needs_the_passphrase_because_both_open_the_account(jo: Somebody) -> None:
    here = signed_in()
    place = {"time_zone": "Europe/London", "country": "GB"}
    assert here.post("/me/name", {"name": "Robin", **place}).status_code == 422
    assert here.post("/me/name", {"name": "Robin", "passphrase": RIGHT, **place}).status_code == 302
    assert is_in(here)
    seen = queries.profile(jo.actor, owner=jo.id)
    assert (seen.name, seen.time_zone, seen.country) == ("Robin", "Europe/London", "GB")
    assert Client().post("/enter", {"name": "Robin", "passphrase": RIGHT})["Location"] == "/today"


def test_a_new_name_with_a_wrong_passphrase_changes_nothing(jo: Somebody) -> None:
    here = signed_in()
    sent = {"name": "Robin", "passphrase": "not the right one", "time_zone": "Europe/London", "country": "GB"}
    answer = here.post("/me/name", sent)
    assert answer.status_code == 422
    assert b"not the right one" not in answer.content
    assert queries.profile(jo.actor, owner=jo.id).name == "Jo"
    assert is_in(signed_in())


def test_devices_are_listed_coarsely_and_can_be_signed_out_one_by_one(jo: Somebody) -> None:
    here = signed_in(HTTP_USER_AGENT="Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0")
    there = signed_in(
        HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"
    )
    page = here.get("/me/devices").content.decode()
    assert "Firefox on Android" in page
    assert "Safari on iPhone" in page
    assert page.count("This one") == 1
    other = next(
        one for one in queries.devices(jo.actor, owner=jo.id, session_key=here.cookies["s"].value) if not one.this_one
    )
    here.post("/me/devices", {"device": other.ref})
    assert is_in(here)
    assert not is_in(there)


def test_every_other_device_can_be_signed_out_at_once(jo: Somebody) -> None:
    here, there, somewhere = signed_in(), signed_in(), signed_in()
    here.post("/me/devices", {})
    assert [is_in(one) for one in (here, there, somewhere)] == [True, False, False]


def test_nobody_can_sign_out_the_device_of_somebody_else(jo: Somebody, ann: Somebody) -> None:
    here = signed_in()
    actions.end_device(ann.actor, owner=ann.id, device=Session.objects.get(person_id=jo.id).session_key)
    assert is_in(here)


@pytest.mark.parametrize("nonsense", ["\x00", "x", "é" * 40])
def test_nonsense_for_a_device_is_not_here(jo: Somebody, nonsense: str) -> None:
    here = signed_in()
    assert here.post("/me/devices", {"device": nonsense}).status_code == 404


def test_own_words_are_kept_sealed_and_read_by_their_owner(jo: Somebody) -> None:
    here = signed_in()
    here.post("/me/own-words", {"for_use": "a bad day", "for_recovery": "sober"})
    assert queries.own_words(jo.actor, owner=jo.id) == queries.Words("a bad day", "sober")
    assert b"a bad day" in here.get("/me/own-words").content


def test_the_view_that_opens_is_remembered_for_the_next_time(jo: Somebody) -> None:
    here = signed_in()
    assert here.post("/me/roles", {"view": "supporter"})["Location"] == "/s/today"
    assert Client().post("/enter", {"name": "Jo", "passphrase": RIGHT})["Location"] == "/s/today"
    assert here.post("/me/roles", {"view": "nonsense"})["Location"] == "/today"


def test_new_passphrases_cannot_be_used_to_try_out_those_of_a_namesake(jo: Somebody) -> None:
    """Whoever takes the name of somebody else is told when their new passphrase is taken, so each one is a guess."""
    actions.sign_up(name="Jo", passphrase="my own first phrase", time_zone="Europe/London", country="GB")
    guesser, now = signed_in("my own first phrase"), "my own first phrase"
    for number in range(limits.NEW_DOORS_BY_NAME.most):
        guess = f"guess number {number}"
        assert guesser.post("/me/sign-in/passphrase", {"current": now, "passphrase": guess}).status_code == 302
        now = guess
    answer = guesser.post("/me/sign-in/passphrase", {"current": now, "passphrase": RIGHT})
    assert answer.status_code == 429


def test_recovery_words_of_one_s_own_do_not_try_out_passphrases_of_a_namesake(jo: Somebody, make_person) -> None:
    ann = make_person("Ann")
    own_words = actions.new_recovery_words(ann.actor, owner=ann.id)
    for _try in range(limits.NEW_DOORS_BY_NAME.most):
        limits.spend((limits.NEW_DOORS_BY_NAME, "jo"))
    answer = Client().post("/enter/words", {"words": own_words, "passphrase": RIGHT, "name": "Jo"})
    assert answer.status_code == 429
    assert Client().post("/enter/words", {"words": own_words, "passphrase": FRESH}).status_code == 302
