"""Calls for help are never counted. Texts are: nobody can make somebody's phone buzz without end."""

import pytest
from django.test import Client

from handrail.delivery import sparing, ways
from handrail.delivery.models import Outbox, Way
from handrail.engine.lanes import Lane
from handrail.gate import Category
from handrail.kernel import clock
from handrail.kernel.ids import new_id
from handrail.safety import actions, queries
from tests.fixtures.people import PASSPHRASE, Somebody, share

pytestmark = pytest.mark.django_db

MOST = sparing.MOST[Lane.CALL]


@pytest.fixture(autouse=True)
def reached_by_text_and_mail(jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, Category.HELP)
    ways.begin(mum.actor, owner=mum.id, channel="sms", address="+14155552671")
    ways.begin(mum.actor, owner=mum.id, channel="email", address="mum@example.org")
    Way.objects.update(verified_at=clock.now())
    Outbox.objects.all().delete()  # the codes


def call_of(jo: Somebody) -> str:
    call = actions.make_call(jo.actor, owner=jo.id, key=new_id(), words="Can you call me?")
    Outbox.objects.filter(state=Outbox.WAITING).update(state=Outbox.HANDED, handed_at=clock.now())  # all of it left
    return call


def put(channel: str, *kinds: str) -> int:
    return Outbox.objects.filter(channel=channel, kind__in=kinds).count()


def test_many_calls_put_few_texts_on_one_phone_and_every_mail(jo: Somebody) -> None:
    for _ in range(20):
        actions.end_call(jo.actor, call=call_of(jo), ending="okay")
    assert put("sms", "call", "call.ended") == MOST
    assert put("email", "call") == put("in_app", "call") == 20


def test_an_hour_later_texts_leave_again(jo: Somebody) -> None:
    for _ in range(MOST + 1):
        actions.end_call(jo.actor, call=call_of(jo), ending="okay")
    with clock.moved_to(clock.now() + sparing.WITHIN):
        call_of(jo)
    assert put("sms", "call") == MOST + 1


def test_the_page_of_the_call_says_that_no_more_texts_leave(jo: Somebody) -> None:
    client = Client()
    client.post("/enter", {"name": "Jo", "passphrase": f"{PASSPHRASE} Jo"})
    first = call_of(jo)
    assert not queries.status(jo.actor, call=first).texts_rest
    assert b"No more texts leave for now" not in client.get(f"/a/{first}").content
    actions.end_call(jo.actor, call=first, ending="okay")
    for _ in range(MOST):
        actions.end_call(jo.actor, call=call_of(jo), ending="okay")
    assert b"No more texts leave for now" in client.get(f"/a/{call_of(jo)}").content


@pytest.mark.parametrize(("looked", "texts"), [(True, 1), (False, 0)])
def test_who_got_the_text_and_looked_is_told_by_text_that_it_is_over(
    jo: Somebody, mum: Somebody, looked: bool, texts: int
) -> None:
    call = call_of(jo)
    if looked:
        actions.open_alert(mum.actor, call=call)
    actions.end_call(jo.actor, call=call, ending="okay")
    assert put("sms", "call.ended") == texts
    assert put("email", "call.ended") == 1


def test_words_that_somebody_can_stand_down_leave_room_for_the_next_call(jo: Somebody, mum: Somebody) -> None:
    for _ in range(MOST):
        call = call_of(jo)
        actions.open_alert(mum.actor, call=call)
        actions.end_call(jo.actor, call=call, ending="okay")
    assert put("sms", "call") > put("sms", "call.ended") >= 1
    assert put("sms", "call", "call.ended") == MOST
