"""The app lock: after some minutes without use a session opens nothing, and nothing that was typed is lost."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from handrail.kernel import clock
from handrail.people import actions, discreet, limits, locking, queries
from handrail.people.middleware import person_of_scope
from handrail.people.models import AtDevice, Person, Session
from tests.fixtures.people import PASSPHRASE, Somebody

pytestmark = pytest.mark.django_db

RIGHT, PIN = f"{PASSPHRASE} Jo", "407193"
OPEN_TO_ALL = ("/help/now", "/help/overdose", "/help/naloxone", "/safe", "/privacy")


@pytest.fixture
def phone(jo: Somebody) -> Client:
    """Jo's, signed in, with a lock after five minutes."""
    discreet.change_lock(jo.actor, owner=jo.id, lock_after=5, pin=PIN)
    return signed_in()


def signed_in() -> Client:
    client = Client()
    assert client.post("/enter", {"name": "Jo", "passphrase": RIGHT}).status_code == 302
    return client


def lock(phone: Client) -> Client:
    assert phone.post("/lock/now")["Location"] == "/lock"
    return phone


def unlock(phone: Client, **typed: str) -> Any:
    return phone.post("/lock", typed or {"pin": PIN})


def scope_of(client: Client) -> dict[str, Any]:
    return {"type": "http", "headers": [(b"cookie", f"s={client.cookies['s'].value}".encode())]}


def test_it_locks_when_nobody_used_it_and_use_keeps_it_open(phone: Client) -> None:
    begin = clock.now()
    for minutes in (4, 8, 12):
        with clock.moved_to(begin + timedelta(minutes=minutes)):
            assert phone.get("/me").status_code == 200
    with clock.moved_to(begin + timedelta(minutes=17)):
        assert phone.get("/me")["Location"] == "/lock?next=%2Fme"


def test_what_fetches_itself_is_no_use(phone: Client) -> None:
    begin = clock.now()
    for minutes in (2, 4):
        with clock.moved_to(begin + timedelta(minutes=minutes)):
            phone.get("/s/today", headers={"HX-Request": "true"})
            phone.get("/today", headers={"Sec-Fetch-Mode": "cors"})
    with clock.moved_to(begin + timedelta(minutes=6)):
        assert phone.get("/me").status_code == 302


def test_what_a_script_sends_by_itself_is_no_use_and_is_not_held(phone: Client) -> None:
    begin, by_itself = clock.now(), {"By-Itself": "1"}
    for minutes in (2, 4):
        with clock.moved_to(begin + timedelta(minutes=minutes)):
            assert phone.get("/today", headers=by_itself).status_code == 200
            assert phone.post("/checkin", {"mood": "3"}, headers={"HX-Request": "true", **by_itself}).status_code == 200
    with clock.moved_to(begin + timedelta(minutes=6)):
        assert phone.post("/checkin", {"mood": "3"}, headers={"HX-Request": "true", **by_itself}).status_code == 401
        assert "held" not in phone.session
        assert phone.get("/me").status_code == 302


def test_a_locked_session_opens_no_page_no_live_part_and_no_bell(phone: Client) -> None:
    assert person_of_scope(scope_of(phone)) is not None
    lock(phone)
    for path in ("/today", "/people", "/plan", "/me", "/a", "/trends", "/me/export", "/start/words"):
        assert phone.get(path)["Location"].startswith("/lock?next="), path
    live = phone.get("/s/today", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/s/today"})
    assert (live.status_code, live["HX-Redirect"], live.content) == (401, "/lock?next=%2Fs%2Ftoday", b"")
    assert person_of_scope(scope_of(phone)) is None
    for path in OPEN_TO_ALL:
        assert phone.get(path).status_code == 200


def test_the_lock_screen_says_nothing_about_whose_it_is_and_help_is_in_reach(phone: Client, jo: Somebody) -> None:
    page = lock(phone).get("/lock").content.decode()
    assert not re.search(r"\bJo\b", page) and jo.id not in page and "/help/now" in page and "/leave" in page
    assert phone.get("/")["Location"] == phone.get("/enter")["Location"].replace("%2Fenter", "%2F") == "/lock?next=%2F"


def test_what_there_was_to_say_is_not_said_on_a_public_page(phone: Client) -> None:
    phone.post("/me/name", {"name": "Jo", "time_zone": "America/New_York", "country": "US"})  # "Saved." waits
    lock(phone)
    assert b"Saved." not in phone.get("/privacy").content
    unlock(phone)
    assert b"Saved." in phone.get("/me").content


def test_pin_and_passphrase_open_it_where_it_was(phone: Client) -> None:
    for typed in ({"pin": PIN}, {"passphrase": RIGHT}):
        lock(phone)
        assert unlock(phone, next="/me/devices", **typed)["Location"] == "/me/devices"
        assert phone.get("/me/devices").status_code == 200


def test_a_passphrase_opens_it_whatever_was_begun_in_the_field_of_the_pin(phone: Client) -> None:
    assert unlock(lock(phone), pin="47", passphrase=RIGHT).status_code == 302
    wrong = unlock(lock(phone), pin="47", passphrase="not this one")
    assert wrong.status_code == 422 and b"4 to 8 digits" not in wrong.content


def test_it_leads_to_no_other_site(phone: Client) -> None:
    assert unlock(lock(phone), pin=PIN, next="//elsewhere.example")["Location"] == "/today"


def test_a_wrong_pin_opens_nothing_and_after_five_only_the_passphrase_does(phone: Client) -> None:
    lock(phone)
    for _try in range(4):
        assert unlock(phone, pin="111111").status_code == 422
    fifth = unlock(phone, pin="111111")
    assert b"Please use your passphrase" in fifth.content and b"Your PIN" not in fifth.content
    assert unlock(phone, pin=PIN).status_code == 422
    assert unlock(phone, passphrase="nine warm yellow chairs").status_code == 422
    assert phone.get("/me").status_code == 302
    assert unlock(phone, passphrase=RIGHT).status_code == 302
    assert unlock(lock(phone)).status_code == 302  # and the PIN counts again


def test_wrong_pins_are_counted_over_all_devices(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "PINS_BY_PERSON", limits.Limit("pin", 3))
    for _device in range(3):
        assert b"did not open" in unlock(lock(signed_in()), pin="111111").content
    assert unlock(lock(signed_in())).status_code == 422


def test_a_guess_on_the_lock_screen_counts_for_the_name_as_at_the_door(
    phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BY_NAME", limits.Limit("name", 2))
    lock(phone)
    for _try in range(2):
        assert b"did not open" in unlock(phone, passphrase="nine warm yellow chairs").content
    assert b"did not open" not in unlock(phone, passphrase=RIGHT).content
    assert Client().post("/enter", {"name": "Jo", "passphrase": RIGHT}).status_code == 429


def test_saving_the_session_does_not_unlock_it(phone: Client) -> None:
    """A page that was asked for before the lock may save its session after it."""
    late = Session.get_session_store_class()(phone.cookies["s"].value)
    late["something"] = "else"
    lock(phone)
    late.save()
    assert phone.get("/me").status_code == 302
    with clock.moved_by(minutes=6):
        second = signed_in()
    with clock.moved_by(minutes=12):
        second.post("/me/own-words", {"for_use": "using"})  # locks by time, and what is held saves the session
        assert second.get("/me").status_code == 302


def test_a_form_that_is_sent_while_locked_is_kept_and_sent_by_hand_after(phone: Client, jo: Somebody) -> None:
    lock(phone)
    sent = phone.post("/me/own-words", {"for_use": "<my word>", "for_recovery": ""})
    assert sent["Location"] == "/lock?next=%2Fme%2Fown-words"
    assert b"What you typed is kept" in phone.get("/lock").content
    assert b"my word" not in phone.get("/lock").content
    assert unlock(phone)["Location"] == "/lock/held"
    page = phone.get("/lock/held").content.decode()
    assert 'action="/me/own-words"' in page and 'name="for_use" value="&lt;my word&gt;"' in page
    assert ">My words</h2>" in page and "Your word for using</dt><dd>&lt;my word&gt;</dd>" in page
    assert "Your word for being in recovery" not in page  # nothing was typed there
    assert phone.get("/lock/held").status_code == 200  # it stays until it is sent
    assert phone.post("/me/own-words", {"for_use": "<my word>"}).status_code == 302
    assert phone.get("/lock/held").status_code == 302


def test_what_was_held_can_be_thrown_away(phone: Client, jo: Somebody) -> None:
    lock(phone).post("/me/own-words", {"for_use": "my word"})
    unlock(phone)
    assert b"Throw it away" in phone.get("/lock/held").content
    assert phone.post("/lock/held")["Location"] == "/today"
    assert phone.get("/lock/held").status_code == 302 and "held" not in phone.session
    assert queries.own_words(jo.actor, owner=jo.id).for_use == ""


def test_a_secret_is_not_kept_and_what_is_kept_is_forgotten_after_half_an_hour(phone: Client) -> None:
    lock(phone).post("/me/own-words", {"for_use": "mine", "passphrase": RIGHT, "pin": "2580", "device": "x"})
    assert phone.session["held"]["fields"] == [["for_use", "mine"]]
    with clock.moved_by(minutes=31):
        assert unlock(phone)["Location"] == "/today"


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/me/sign-in/passphrase", "/me/sign-in/passphrase"),
        ("/me/name", "/me/name"),
        ("/me/tokens", "/me/tokens"),
        ("/me/discreet/second", "/me/discreet/second"),
        ("/me/discreet/second/remove", "/me/discreet/second"),
        ("/me/erase", "/me/erase"),
        ("/people/sharing", "/people"),
        ("/people/pause", "/people/pause"),
        ("/people/AAAAAAAAAAAAAAAAAAAAAA/end", "/people/AAAAAAAAAAAAAAAAAAAAAA/end"),
        ("/people/AAAAAAAAAAAAAAAAAAAAAA/stop", "/people/AAAAAAAAAAAAAAAAAAAAAA"),
        ("/papers/AAAAAAAAAAAAAAAAAAAAAA/sign", "/papers/AAAAAAAAAAAAAAAAAAAAAA"),
        ("/agreed/AAAAAAAAAAAAAAAAAAAAAA/answer", "/agreed/AAAAAAAAAAAAAAAAAAAAAA"),
        ("/s/alert/AAAAAAAAAAAAAAAAAAAAAA/answer", "/s/alert/AAAAAAAAAAAAAAAAAAAAAA"),
        ("/s/left/AAAAAAAAAAAAAAAAAAAAAA", "/"),
    ],
)
def test_what_shares_ends_signs_or_erases_is_not_held_and_leads_to_its_page(
    phone: Client, path: str, page: str
) -> None:
    sent = lock(phone).post(path, {"name": "Jo", "do": "end", "words": "x", "share": "mood", "answer": "coming"})
    assert sent["Location"] == f"/lock?{urlencode({'next': page})}"
    assert "held" not in phone.session
    assert b"What you typed is kept" not in phone.get("/lock").content


def test_a_call_for_help_that_is_sent_while_locked_says_that_it_was_not_sent(phone: Client) -> None:
    lock(phone).post("/a", {"words": "Please come"})
    assert b"Not sent yet." in phone.get("/lock").content
    assert unlock(phone)["Location"] == "/a"  # its own page, with all that was typed, and its own button
    assert b"Your call for help is not sent yet" in phone.get("/a").content


def test_the_answer_link_of_somebody_who_helps_waits_behind_the_lock(phone: Client) -> None:
    lock(phone)
    asked = phone.get("/s/alert/AAAAAAAAAAAAAAAAAAAAAA")
    assert asked["Location"] == "/lock?next=%2Fs%2Falert%2FAAAAAAAAAAAAAAAAAAAAAA"
    assert unlock(phone, pin=PIN, next="/s/alert/AAAAAAAAAAAAAAAAAAAAAA")["Location"].startswith("/s/alert/")


def sheet_of(owner: str) -> dict[str, str]:
    return {"HX-Request": "true", "Page-Owner": owner}


def test_the_sheet_over_an_open_page_asks_for_the_form_alone(phone: Client, jo: Somebody) -> None:
    lock(phone)
    live = sheet_of(jo.id)
    assert b"<html" not in phone.get("/lock", headers=live).content
    assert phone.post("/lock", {"pin": "000000"}, headers=live).status_code == 422
    assert phone.post("/lock", {"pin": PIN}, headers=live).status_code == 204
    assert phone.get("/me").status_code == 200


def test_the_sheet_lifts_where_another_tab_was_in_use(phone: Client, jo: Somebody) -> None:
    assert phone.get("/lock", headers=sheet_of(jo.id)).status_code == 204
    assert phone.post("/lock/used", headers=sheet_of(jo.id)).status_code == 204


@pytest.mark.parametrize("send", ["get", "post"])
def test_the_sheet_leads_away_where_the_session_is_over_or_another_s(
    phone: Client, jo: Somebody, mum: Somebody, send: str
) -> None:
    def asked() -> tuple[int, str]:
        answer = getattr(phone, send)("/lock", headers=sheet_of(mum.id))
        return answer.status_code, answer["HX-Redirect"]

    assert asked() == (409, "/today")
    assert phone.post("/lock/used", headers=sheet_of(mum.id)).status_code == 409
    lock(phone)
    assert asked() == (409, "/lock")
    phone.post("/lock/out")
    assert asked() == (409, "/enter")


def test_leave_and_signing_in_by_name_work_while_locked(phone: Client) -> None:
    lock(phone)
    assert phone.post("/lock/out")["Location"] == "/enter"
    assert phone.post("/enter", {"name": "Jo", "passphrase": RIGHT}).status_code == 302
    assert phone.get("/me").status_code == 200
    assert lock(phone).get("/leave").status_code == 302
    assert Session.objects.count() == 0


def test_signing_in_anew_over_a_locked_session_opens_it(phone: Client) -> None:
    lock(phone).post("/enter", {"name": "Jo", "passphrase": RIGHT})
    assert phone.get("/me").status_code == 200


def test_without_a_pin_the_passphrase_opens_it(jo: Somebody) -> None:
    discreet.change_lock(jo.actor, owner=jo.id, lock_after=1)
    phone = lock(signed_in())
    assert b"Your PIN" not in phone.get("/lock").content
    assert unlock(phone, pin="").status_code == 422 and unlock(phone, pin="0000").status_code == 422
    assert unlock(phone, passphrase=RIGHT).status_code == 302


def test_changing_the_lock_asks_who_it_is(phone: Client) -> None:
    assert phone.get("/me/discreet/lock").status_code == 200  # the passphrase was typed just now
    session = phone.session
    session["account_authentication_methods"] = []
    session.save()
    assert phone.get("/me/discreet/lock")["Location"].startswith("/me/again")


def test_the_pin_is_kept_nowhere_and_a_copy_of_the_database_does_not_tell_what_was_chosen(
    phone: Client, jo: Somebody
) -> None:
    long = sizes(jo)
    discreet.change_lock(jo.actor, owner=jo.id, lock_after=None, pin="")
    discreet.point_to_second(jo.actor, owner=jo.id, second=jo.id, pin="1234")
    assert sizes(jo) == long


def sizes(somebody: Somebody) -> int:
    return len(vars(Person.objects.get(pk=somebody.id))["discreet"].value)


def test_nothing_is_noted_of_devices_without_a_lock(jo: Somebody) -> None:
    client = signed_in()
    assert client.get("/me").status_code == 200
    assert not AtDevice.objects.exists()


def test_ended_devices_are_gone_with_what_was_noted_of_them(phone: Client, jo: Somebody) -> None:
    lock(phone)
    actions.end_other_devices(jo.actor, owner=jo.id, session_key=None)
    assert not AtDevice.objects.exists()


def test_a_lock_of_weird_input_says_what_to_do(phone: Client) -> None:
    for given in ({"lock_after": "7"}, {"lock_after": "5", "pin": "12"}, {"lock_after": "5", "pin": "abcd"}, {}):
        answer = phone.post("/me/discreet/lock", given)
        assert answer.status_code == 422 and b"There is a problem" in answer.content
