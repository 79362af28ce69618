import json

import pytest
from py_vapid import Vapid02

from handrail.delivery import ways
from handrail.delivery.channels.push import topic
from handrail.delivery.models import Attempt, Outbox, Way
from handrail.delivery.queries import Step, how_far
from handrail.delivery.tests.conftest import Phone
from handrail.engine.models import Bell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(jo, push):
    """Jo's phone, subscribed."""
    phone = Phone(push.endpoint("jo"))
    phone.way = ways.add_push(jo.actor, owner=jo.id, subscription=phone.subscription)
    return phone


def pushed(push, until):
    return until(lambda: (push.received or [None])[0])


def row():
    return Outbox.objects.get(matter="call1", channel="push")


def test_a_push_opens_with_the_phones_key_only_and_says_no_word(jo, phone, put, send, push, until):
    put(jo, jo)
    with send():
        got = pushed(push, until)
    inside = phone.opens(got.body)
    assert inside == {"link": "/s/alert/call1", "seen": f"/push/seen/{row().seen_token}"}
    assert b"call1" not in got.body
    assert got.headers["Content-Encoding"] == "aes128gcm"


def test_a_push_is_signed_by_this_install_and_lives_until_the_phone_is_on(jo, phone, put, send, push, until):
    put(jo, jo)
    with send():
        headers = pushed(push, until).headers
    assert Vapid02.verify(headers["Authorization"])
    claims = headers["Authorization"].split("t=")[1].split(".")[1]
    import base64

    claims = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert claims["sub"] == "mailto:operator@example.org"
    assert claims["aud"] == push.endpoint("jo").removesuffix("/push/jo")
    assert int(headers["TTL"]) >= 3600
    assert headers["Urgency"] == "high"
    assert headers["Topic"] == topic(row().idem) and len(headers["Topic"]) == 32


def test_handed_over_and_on_the_phone_are_two_things(jo, phone, put, send, push, until, client):
    put(jo, jo)
    with send():
        got = pushed(push, until)
        until(lambda: how_far(matter="call1")[jo.id].step == Step.HANDED_OVER)
    Bell.objects.all().delete()
    answer = client.post(phone.opens(got.body)["seen"])
    assert answer.status_code == 204
    assert how_far(matter="call1")[jo.id].step == Step.ON_PHONE
    assert list(Bell.objects.values_list("person_id", flat=True)) == [jo.id]


def test_a_call_back_with_a_token_of_nobodys_changes_nothing(jo, phone, put, client):
    put(jo, jo)
    assert client.post("/push/seen/" + "x" * 22).status_code == 204
    assert client.get("/push/seen/" + row().seen_token).status_code == 405
    assert row().on_phone_at is None


def test_a_phone_that_called_back_before_we_could_write_is_not_pushed_again(jo, phone, put, send, push, client):
    """The worker was killed between sending and recording; the phone knows better."""
    put(jo, jo)
    client.post("/push/seen/" + row().seen_token)
    with send():
        import time

        time.sleep(0.6)
    assert push.received == []


def test_a_subscription_that_is_gone_marks_the_way(jo, phone, put, send, push, until):
    push.answer_with = 410
    put(jo, jo)
    with send():
        until(lambda: row().state == Outbox.GAVE_UP)
    assert Way.objects.get(pk=phone.way).failing_since is not None
    assert Attempt.objects.get(outbox=row()).outcome == "http 410"


@pytest.mark.parametrize("status", [500, 503, 429, 302])
def test_a_push_service_in_trouble_is_asked_again(jo, phone, put, send, push, until, status):
    push.answer_with = status
    put(jo, jo)
    with send():
        until(lambda: Attempt.objects.filter(outcome=f"http {status}").exists())
        push.answer_with = 201
        until(lambda: how_far(matter="call1")[jo.id].step == Step.HANDED_OVER)


def test_an_ended_way_gets_nothing_more(jo, phone, put, send, push, until):
    put(jo, jo)
    ways.end(jo.actor, owner=jo.id, way=phone.way)
    with send():
        until(lambda: row().state == Outbox.WITHDRAWN)
    assert push.received == []
