"""Starting: a name, a passphrase, nothing else; six words once."""

import re
from dataclasses import replace

import pytest
from django.test import Client, RequestFactory

from handrail.gate import Actor
from handrail.kernel.models import DataKey
from handrail.people import limits, queries
from handrail.people.models import Person, Session, Tally
from tests.fixtures.people import PASSPHRASE, Somebody

FORM = {"name": "Kit", "passphrase": "four slow green boats", "time_zone": "America/Chicago", "country": "US"}


def words_on(page: bytes) -> str:
    return " ".join(re.findall(r"<li>([a-z]+)</li>", page.decode()))


def test_a_name_and_a_passphrase_are_all_it_takes(client: Client, db: None) -> None:
    page = client.get("/start").content.decode()
    assert not re.search(r'type="(email|tel)"', page)
    answer = client.post("/start", FORM)
    assert answer.status_code == 302
    assert answer["Location"] == "/start/words"
    person = Person.objects.get()
    assert DataKey.objects.filter(owner_id=person.pk).exists()
    assert queries.profile(Actor.person(person.pk), owner=person.pk).name == "Kit"


def test_the_name_is_sealed_in_the_database(client: Client, db: None) -> None:
    client.post("/start", FORM)
    stored = Person.objects.values_list("name", flat=True).get()
    assert b"Kit" not in stored.value


def test_the_six_words_are_shown_until_they_are_written_down_and_then_never_again(client: Client, db: None) -> None:
    client.post("/start", FORM)
    shown = words_on(client.get("/start/words").content)
    assert len(shown.split()) == 6
    assert words_on(client.get("/start/words").content) == shown
    assert client.post("/start/words")["Location"] == "/today"
    assert client.get("/start/words")["Location"] == "/me/sign-in"
    assert not any(shown.encode() in row.session_data.encode() for row in Session.objects.all())


def test_a_session_row_shows_nothing_of_what_waits_in_it(client: Client, db: None) -> None:
    client.post("/start", FORM)
    shown = words_on(client.get("/start/words").content)
    row = Session.objects.get()
    assert client.cookies["s"].value not in (row.session_key, row.session_data)
    assert shown.split()[0] not in row.session_data


def test_starting_again_with_the_same_name_and_passphrase_signs_in_and_never_says_taken(db: None) -> None:
    Client().post("/start", FORM)
    answer = Client().post("/start", FORM)
    assert answer["Location"] == "/today"
    assert Person.objects.count() == 1


def test_two_people_may_have_the_same_name(db: None) -> None:
    Client().post("/start", FORM)
    answer = Client().post("/start", {**FORM, "passphrase": "nine warm yellow chairs"})
    assert answer["Location"] == "/start/words"
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    "passphrase", ["tiny", "password1234", "aaaaaaaaaaaaaa", "kit kit kit kit", "a b c", "x" * 5000]
)
def test_a_passphrase_that_is_easy_to_guess_is_kindly_refused(client: Client, db: None, passphrase: str) -> None:
    answer = client.post("/start", {**FORM, "passphrase": passphrase})
    assert answer.status_code == 422
    assert b'value="Kit"' in answer.content
    assert passphrase.encode() not in answer.content.replace(b"password", b"")
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"name": "\x00", "passphrase": "\x00" * 20, "time_zone": "\x00", "country": "\x00"},
        {"name": "...", "passphrase": "four slow green boats", "time_zone": "Mars/Base", "country": "XX"},
        {"name": "🙂" * 500, "passphrase": "🙂" * 40, "time_zone": ["a", "b"], "country": "us"},
        {"name": "\u202e\ud7ff", "passphrase": "четыре зелёные лодки", "time_zone": "../../etc/passwd", "country": ""},
    ],
)
@pytest.mark.parametrize("path", ["/start", "/enter", "/enter/words"])
def test_nonsense_gets_the_form_again_and_never_an_error(client: Client, db: None, path: str, nonsense: dict) -> None:
    answer = client.post(path, nonsense)
    assert answer.status_code == 422
    assert b"There is a problem" in answer.content


def test_a_start_by_invitation_goes_on_to_where_it_was_going(client: Client, db: None) -> None:
    client.post("/start", {**FORM, "next": "/j/abc/go"})
    assert client.post("/start/words")["Location"] == "/j/abc/go"


def test_a_closed_install_needs_an_invitation(client: Client, db: None, settings) -> None:
    settings.HANDRAIL = replace(settings.HANDRAIL, open_sign_up=False)
    assert b"You need an invitation" in client.get("/start").content
    client.post("/start", FORM)
    assert not Person.objects.exists()
    session = client.session
    session["invited_by"] = "abc"
    session.save()
    client.cookies["s"] = session.session_key
    client.post("/start", FORM)
    assert Person.objects.exists()


def test_anonymous_visitors_leave_no_session_row_and_get_no_session_cookie(client: Client, db: None) -> None:
    for path in ["/start", "/enter", "/enter/words", "/me", "/safe"]:
        answer = client.get(path)
        assert "s" not in answer.cookies, path
    client.post("/enter", {"name": "Kit", "passphrase": "not the right one"})
    assert not Session.objects.exists()


def test_what_is_counted_tells_neither_a_name_nor_an_address(client: Client, db: None) -> None:
    client.post("/enter", {"name": "Kit", "passphrase": "not the right one"})
    assert Tally.objects.count() == 2
    assert all(len(bytes(row.key)) == 16 for row in Tally.objects.all())


def test_signing_up_again_and_again_is_no_way_to_guess_at_a_namesake(jo: Somebody) -> None:
    """A sign-up that opens an account is a guess at its passphrase, from however many addresses it comes."""
    for _try in range(limits.NEW_DOORS_BY_NAME.most):
        limits.spend((limits.NEW_DOORS_BY_NAME, "jo"))
    form = {"name": "Jo", "passphrase": f"{PASSPHRASE} Jo", "time_zone": "Europe/London", "country": "GB"}
    assert Client(REMOTE_ADDR="10.0.1.1").post("/start", form).status_code == 429
    assert Client(REMOTE_ADDR="10.0.1.1").post("/enter", form)["Location"] == "/today"


def test_one_address_cannot_use_up_a_name_for_everybody_else(db: None) -> None:
    form = {"name": "Kit", "time_zone": "Europe/London", "country": "GB"}

    def start(address: str, number: int) -> int:
        passphrase = f"four plain grey stones {number}"
        return Client(REMOTE_ADDR=address).post("/start", {**form, "passphrase": passphrase}).status_code

    here = [start("10.0.0.9", number) for number in range(limits.SIGN_UPS_OF_A_NAME.most + 2)]
    assert here.count(302) == limits.SIGN_UPS_OF_A_NAME.most and here[-2:] == [429, 429]
    spent = limits.NEW_DOORS_BY_NAME.most - limits.SIGN_UPS_OF_A_NAME.most
    for _left in range(spent):
        limits.spend((limits.NEW_DOORS_BY_NAME, "kit"))  # as many as they left to the others
    assert start("10.7.7.7", 99) == 429


def test_an_address_that_has_tried_too_often_takes_nothing_from_a_name(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BY_ADDRESS", limits.Limit("address", 0))
    monkeypatch.setattr(limits, "NEW_DOORS_BY_NAME", limits.Limit("new-door", 1))
    form = {"name": "Kit", "passphrase": "four plain grey stones", "time_zone": "Europe/London", "country": "GB"}
    assert Client(REMOTE_ADDR="10.0.0.9").post("/start", form).status_code == 429
    monkeypatch.undo()
    monkeypatch.setattr(limits, "NEW_DOORS_BY_NAME", limits.Limit("new-door", 1))
    assert Client(REMOTE_ADDR="10.7.7.7").post("/start", form).status_code == 302


def test_people_who_come_by_ipv4_are_told_apart_where_the_install_listens_for_both() -> None:
    def address(raw: str) -> str:
        return limits.address_of(RequestFactory().get("/", REMOTE_ADDR=raw))

    assert address("::ffff:192.0.2.1") == address("192.0.2.1") != address("::ffff:192.0.2.2")
    assert address("2001:db8::1") == address("2001:db8::2") != address("2001:db8:0:1::1")
