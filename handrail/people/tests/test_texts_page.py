"""Adding a phone: a number is taken as people write it, and nobody can make us text a stranger again and again."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from handrail.delivery import ways
from handrail.delivery.models import Outbox
from handrail.kernel import clock as house_clock
from tests.fixtures.people import Somebody, sign_up, signed_in
from tests.fixtures.texts import TextService

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "(415) 555-2671"


@pytest.fixture(autouse=True)
def texts_are_set_up(settings, texts: TextService, monkeypatch) -> None:
    monkeypatch.setattr("handrail.delivery.standby.watch", lambda matter: None)  # its threads outlive a short test
    changed = {"sms_by": "phone", "sms_url": f"{texts.url}/message", "sms_user": "u", "sms_password": "p"}
    settings.HANDRAIL = type(settings.HANDRAIL)(**{**vars(settings.HANDRAIL), **changed})


@pytest.fixture
def client(jo: Somebody) -> Client:
    return signed_in(jo)


def texts_put() -> int:
    return Outbox.objects.filter(channel="sms").count()


def test_without_a_provider_a_phone_is_not_offered(client: Client, settings) -> None:
    assert b'name="number"' in client.get("/me/ways").content
    settings.HANDRAIL = type(settings.HANDRAIL)(**{**vars(settings.HANDRAIL), "sms_by": ""})
    assert b'name="number"' not in client.get("/me/ways").content
    assert client.post("/me/ways", {"number": NUMBER}).status_code == 422
    assert texts_put() == 0


def test_a_number_counts_once_the_code_that_was_texted_comes_back(
    client: Client, jo: Somebody, texts, make_sender
) -> None:
    asked = client.post("/me/ways", {"number": NUMBER})
    page = client.get(asked["Location"]).content.decode()
    assert "+1 415-555-2671" in page
    with make_sender():
        sent = texts_until(texts)
    code = re.search(r"\b\d{6}\b", sent["words"])
    assert sent["to"] == "+14155552671" and code
    assert client.post(asked["Location"], {"code": "1"}).status_code == 422
    assert client.post(asked["Location"], {"code": code[0]})["Location"] == "/me/ways"
    assert [way.verified for way in ways.list_ways(jo.actor, owner=jo.id)] == [True]


def test_what_one_account_is_refused_does_not_use_up_the_install_s_texts(client: Client, settings) -> None:
    for _try in range(settings.HANDRAIL.sms_codes_an_hour + 2):
        client.post("/me/ways", {"number": NUMBER})
    assert signed_in(sign_up("Pat")).post("/me/ways", {"number": "(415) 555-2673"}).status_code == 302


def texts_until(texts: TextService):
    from tests.fixtures.outside import wait_for

    return wait_for(lambda: (texts.sent or [None])[0])


@pytest.fixture
def make_sender():
    import contextlib

    from handrail.delivery.channels.installed import installed_channels
    from handrail.delivery.sender import SendingThread

    @contextlib.contextmanager
    def sending():
        thread = SendingThread("w", installed_channels, lease=timedelta(seconds=60))
        thread.start()
        try:
            yield
        finally:
            thread.stop()
            thread.join(30)

    return sending


@pytest.mark.parametrize("typed", ["415 555 2671", "+1 415 555 2671", "1-415-555-2671", "４１５５５５２６７１"])
def test_a_number_may_be_written_as_people_write_it(client: Client, jo: Somebody, typed: str) -> None:
    assert client.post("/me/ways", {"number": typed}).status_code == 302
    assert [way.address for way in ways.list_ways(jo.actor, owner=jo.id)] == ["+1 415-555-2671"]


@pytest.mark.parametrize(
    "typed",
    [
        "", "call me", "555", "+1 000 000 0000", "+" * 40, "1" * 400, "\x00", "911",
        "+44 20 7946 0958",  # another country
        "+1 876 555 0123",  # +1 too, and dear
        "+1 900 555 0123",  # a service number
        "+1 800 555 0123",
    ],
)  # fmt: skip
def test_what_takes_no_texts_or_costs_a_lot_is_refused_and_stays_typed(client: Client, typed: str) -> None:
    answer = client.post("/me/ways", {"number": typed})
    assert answer.status_code == 422
    assert b'role="alert"' in answer.content
    assert texts_put() == 0


def test_a_landline_is_told_apart_where_numbers_tell(client: Client, settings) -> None:
    settings.HANDRAIL = type(settings.HANDRAIL)(**{**vars(settings.HANDRAIL), "sms_countries": ("US", "GB")})
    assert "mobile" in client.post("/me/ways", {"number": "+44 20 7946 0958"}).content.decode()
    assert client.post("/me/ways", {"number": "+44 7400 123456"}).status_code == 302


def test_one_phone_gets_a_few_codes_an_hour_from_all_accounts_together(jo: Somebody) -> None:
    for number in range(4):
        assert signed_in(sign_up(f"P{number}")).post("/me/ways", {"number": NUMBER}).status_code == 302
    answer = signed_in(jo).post("/me/ways", {"number": "+1 415 555 2671"})
    assert answer.status_code == 422 and texts_put() == 4


def test_and_not_many_more_in_a_day(clock) -> None:
    morning = house_clock.now().replace(hour=1, minute=0)
    clock.at(morning)
    for hour in range(4):
        clock.at(morning + timedelta(hours=hour))
        for number in range(3):
            signed_in(sign_up(f"P{hour}{number}")).post("/me/ways", {"number": NUMBER})
    assert texts_put() == 8


def test_one_account_cannot_text_many_phones_in_a_day(client: Client, clock) -> None:
    morning = house_clock.now().replace(hour=1, minute=0)
    for hour in range(5):
        clock.at(morning + timedelta(hours=2 * hour))
        for number in range(4):
            client.post("/me/ways", {"number": f"+1415555{2000 + 10 * hour + number}"})
    assert texts_put() == 8


def test_the_whole_install_sends_no_more_codes_than_its_operator_pays_for(settings) -> None:
    settings.HANDRAIL = type(settings.HANDRAIL)(**{**vars(settings.HANDRAIL), "sms_codes_an_hour": 2})
    for number in range(3):
        signed_in(sign_up(f"P{number}")).post("/me/ways", {"number": f"+1 415 555 267{number}"})
    assert texts_put() == 2


def test_ending_and_adding_again_does_not_begin_the_count_anew(client: Client) -> None:
    for _ in range(6):
        asked = client.post("/me/ways", {"number": NUMBER})
        if asked.status_code == 302:
            client.post(asked["Location"] + "/end")
    assert Outbox.objects.filter(channel="sms").count() <= 4


def test_an_e_mail_address_gets_a_few_codes_an_hour_from_all_accounts_together(settings) -> None:
    changed = {"mail_url": "smtp://127.0.0.1:2", "mail_from": "h@example.org"}
    settings.HANDRAIL = type(settings.HANDRAIL)(**{**vars(settings.HANDRAIL), **changed})
    answers = [
        signed_in(sign_up(f"P{number}")).post("/me/ways", {"address": address}).status_code
        for number, address in enumerate(["mum@example.org", "MUM@example.org", " mum@example.org"] * 2)
    ]
    assert answers == [302] * 4 + [422] * 2


def test_a_phone_that_said_stop_is_told_of_on_the_page_until_it_was_noted(client: Client, jo: Somebody) -> None:
    from handrail.delivery import reports
    from handrail.delivery.channels.sms import Reply
    from handrail.gate import Actor

    asked = client.post("/me/ways", {"number": NUMBER})
    way = asked["Location"].rpartition("/")[2]
    code = ways.opened_ways(Actor.system("a test"), owners=[jo.id], ways=[way])[way][1]
    client.post(asked["Location"], {"code": code})
    reports.take(Reply("+14155552671", "Stop", "1"))
    assert "A phone ending in 71" in client.get("/me/ways").content.decode()
    assert "no longer gets our texts" in client.get("/today").content.decode()
    assert "no longer gets our texts" in client.get("/s/today").content.decode()
    client.post(f"/me/ways/{way}/end")
    assert "ending in 71" not in client.get("/me/ways").content.decode()
    assert "no longer gets our texts" not in client.get("/today").content.decode()
