"""Texts through real HTTP: what leaves, what the provider's answers mean, and what happens when it is in trouble."""

import contextlib
import re
from datetime import timedelta

import pytest

from handrail.delivery import claims, gsm, ways
from handrail.delivery.channels.sms.android.gateway import AndroidGateway
from handrail.delivery.channels.sms.channel import SmsChannel
from handrail.delivery.channels.sms.generic.gateway import GenericGateway
from handrail.delivery.channels.sms.twilio.gateway import TwilioGateway
from handrail.delivery.models import Attempt, Outbox, Way
from handrail.delivery.queries import Step, how_far
from handrail.delivery.sender import SendingThread
from handrail.gate import Actor
from tests.fixtures.texts import Trouble

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "+14155552671"


def twilio(texts):
    return TwilioGateway(
        url=texts.url, user="AC1", password="secret", sender="+15550001111", our_address="https://h.example.org"
    )


def phone(texts):
    return AndroidGateway(url=f"{texts.url}/message", user="sms", password="secret", report_key="k")


def anything(texts, method="POST", body='{"to": "{to}", "message": {"text": "{text}"}, "ref": "{id}"}'):
    return GenericGateway(
        url=f"{texts.url}/any", method=method, body=body, header="X-Key: let us in", sender="Handrail", report_key="k"
    )


KNOWN = {"twilio": twilio, "phone": phone, "http": anything}


@pytest.fixture
def number(jo):
    """Jo's phone, confirmed."""
    way = ways.begin(jo.actor, owner=jo.id, channel="sms", address=NUMBER)
    code = ways.opened_ways(Actor.system("a test"), owners=[jo.id], ways=[way])[way][1]
    assert ways.confirm(jo.actor, owner=jo.id, way=way, code=code).ok
    Outbox.objects.all().delete()
    return way


@pytest.fixture
def send():
    @contextlib.contextmanager
    def sending(gateway, *, seconds=5.0):
        thread = SendingThread("w", lambda: [SmsChannel(gateway, seconds=seconds)], lease=timedelta(seconds=60))
        thread.start()
        try:
            yield
        finally:
            thread.stop()
            thread.join(30)
            assert not thread.is_alive()

    return sending


@pytest.fixture(params=KNOWN)
def gateway(request, texts):
    return KNOWN[request.param](texts)


def row():
    return Outbox.objects.get(matter="call1", channel="sms")


def handed_over(jo):
    return how_far(matter="call1")[jo.id].step == Step.HANDED_OVER


def test_a_call_for_help_leaves_as_one_neutral_text(jo, number, put, send, gateway, texts, until):
    put(jo, jo)
    with send(gateway):
        until(lambda: handed_over(jo))
    (sent,) = texts.sent
    assert "you have an update" in sent["words"] and "/s/alert/call1" in sent["words"]
    assert not re.search("help|recover|use|crisis|Jo", sent["words"].replace("/s/alert/call1", ""))


def test_twilio_is_asked_as_it_documents_it(jo, number, put, send, texts, until):
    put(jo, jo)
    with send(twilio(texts)):
        until(lambda: handed_over(jo))
    (asked,) = texts.asked
    assert asked.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert asked.headers["authorization"] == "Basic QUMxOnNlY3JldA=="
    assert asked.form["To"] == NUMBER and asked.form["From"] == "+15550001111"
    assert asked.form["StatusCallback"] == f"https://h.example.org/sms/heard/{row().seen_token}"
    assert gsm.parts(asked.form["Body"]) == 1
    assert 0 < int(asked.form["ValidityPeriod"]) <= 14400


def test_what_is_no_call_for_help_is_not_refused_for_living_too_long(jo, number, put, send, texts, until):
    put(jo, jo, lane=claims.Lane.ROUTINE)
    with send(twilio(texts)):
        until(lambda: handed_over(jo))
    assert int(texts.asked[0].form["ValidityPeriod"]) <= 14400


def test_a_phone_with_a_card_is_asked_as_its_app_documents_it(jo, number, put, send, texts, until):
    put(jo, jo)
    with send(phone(texts)):
        until(lambda: handed_over(jo))
    (asked,) = texts.asked
    assert asked.headers["authorization"] == "Basic c21zOnNlY3JldA=="
    assert asked.json["phoneNumbers"] == [NUMBER] and asked.json["withDeliveryReport"] is True
    assert asked.json["id"] == row().seen_token and asked.json["priority"] == 100


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("POST", '{"n": ["{to}"], "t": "{text} {to}", "fixed": 7}'),
        ("PUT", "n={to}&t={text}"),
        ("GET", "n={to}&t={text}"),
    ],
)
def test_any_gateway_gets_what_its_operator_wrote(jo, number, put, send, texts, until, method, body):
    put(jo, jo)
    with send(anything(texts, method, body)):
        until(lambda: handed_over(jo))
    (asked,) = texts.asked
    assert asked.method == method and asked.headers["x-key"] == "let us in"
    if method == "GET":
        assert asked.query["n"] == [NUMBER]
    elif method == "PUT":
        assert asked.form["n"] == NUMBER and "update" in asked.form["t"]
    else:
        assert asked.json["n"] == [NUMBER] and asked.json["fixed"] == 7 and asked.json["t"].endswith(NUMBER)


def test_what_was_put_into_a_form_is_not_filled_again(texts):
    from handrail.delivery.channels.sms import Text

    text = Text(to="+1", words="{to} {id}", ref="r", urgent=True, seconds=1)
    assert anything(texts).ask(text).json["message"] == {"text": "{to} {id}"}


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(500),
        Trouble(503, b"<h1>busy</h1>"),
        Trouble(429, headers={"Retry-After": "1"}),
        Trouble(401),
        Trouble(302, headers={"Location": "http://127.0.0.1:1/"}),
        Trouble(200, b"<h1>Welcome to our hotel</h1>"),
        Trouble(201, b"{"),
        Trouble(cut=True),
        Trouble(after=2.0),
    ],
    ids=lambda trouble: f"{trouble.status}{'-cut' if trouble.cut else ''}{'-slow' if trouble.after else ''}",
)
def test_a_provider_in_trouble_is_asked_again(jo, number, put, send, texts, until, trouble):
    texts.trouble.append(trouble)
    put(jo, jo)
    with send(twilio(texts), seconds=1.0):
        until(lambda: handed_over(jo))
    assert len(texts.sent) == 1
    assert Attempt.objects.filter(outbox=row()).count() == 2
    assert Way.objects.get(pk=number).failing_since is None


@pytest.mark.parametrize("kind", ["twilio", "phone"])
@pytest.mark.parametrize(
    "trouble", [Trouble(after=2.0, kept=True), Trouble(200, b"half", kept=True), Trouble(cut=True, kept=True)]
)
def test_a_text_that_had_left_is_found_and_not_sent_twice(jo, number, put, send, texts, until, kind, trouble):
    texts.trouble.append(trouble)
    put(jo, jo)
    with send(KNOWN[kind](texts), seconds=1.0):
        until(lambda: handed_over(jo))
    assert len(texts.sent) == 1
    assert list(Attempt.objects.order_by("pk").values_list("outcome", flat=True))[1] == "sms found"


def test_another_text_about_the_same_is_not_taken_for_this_one(jo, number, put, send, texts, until):
    put(jo, jo)
    with send(twilio(texts)):
        until(lambda: handed_over(jo))
        texts.trouble.append(Trouble(500))
        put(jo, jo, round="2")
        until(lambda: Outbox.objects.filter(channel="sms", state=Outbox.HANDED).count() == 2)
    assert len({one["words"] for one in texts.sent}) == 2


def test_nobody_is_texted_without_end_when_nobody_can_tell_what_has_left(
    jo, number, put, send, texts, until, monkeypatch
):
    monkeypatch.setitem(claims.LONGEST_WAIT, claims.Lane.CALL, timedelta(milliseconds=50))
    texts.trouble += [Trouble(cut=True, kept=True) for _ in range(20)]
    put(jo, jo)
    with send(anything(texts)):
        until(lambda: row().state == Outbox.GAVE_UP)
    assert len(texts.sent) == claims.UNSURE_TRIES
    assert Way.objects.get(pk=number).failing_since is None


@pytest.mark.parametrize(
    ("kind", "trouble", "noted"),
    [
        ("twilio", Trouble(400, b'{"code": 21614}'), "sms 400 21614"),
        ("twilio", Trouble(400, b'{"code": 21610}'), "sms 400 21610"),
        ("phone", Trouble(400), "sms 400"),
        ("http", Trouble(422), "sms 422"),
    ],
)
def test_a_number_that_takes_no_texts_marks_the_way(jo, number, put, send, texts, until, kind, trouble, noted):
    texts.trouble.append(trouble)
    put(jo, jo)
    with send(KNOWN[kind](texts)):
        until(lambda: row().state == Outbox.GAVE_UP)
    assert Way.objects.get(pk=number).failing_since is not None
    assert Attempt.objects.get(outbox=row()).outcome == noted


def test_what_twilio_says_about_our_account_is_not_the_numbers_fault(jo, number, put, send, texts, until):
    texts.trouble.append(Trouble(400, b'{"code": 21606}'))
    put(jo, jo)
    with send(twilio(texts)):
        until(lambda: handed_over(jo))
    assert Way.objects.get(pk=number).failing_since is None


def test_nobody_listening_is_no_end_and_nothing_has_left(jo, number, put, send, texts, until):
    put(jo, jo)
    nowhere = TwilioGateway(url="http://127.0.0.1:1", user="A", password="b", sender="+1", our_address="https://h.org")
    with send(nowhere):
        until(lambda: Attempt.objects.filter(outcome="sms ClientConnectorError").exists())
    assert row().state == Outbox.WAITING
    assert how_far(matter="call1")[jo.id].step == Step.IN_APP


def test_an_ended_number_gets_nothing_more(jo, number, put, send, texts, until):
    put(jo, jo)
    ways.end(jo.actor, owner=jo.id, way=number)
    with send(twilio(texts)):
        until(lambda: row().state == Outbox.WITHDRAWN)
    assert texts.asked == []


def test_a_number_is_sealed_and_so_is_every_trace_of_it(jo, number):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT address, mark, number FROM delivery_way")
        assert b"5552671" not in b"".join(bytes(part) for part in cursor.fetchone())
