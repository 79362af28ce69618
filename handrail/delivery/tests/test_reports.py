"""What a text provider tells us, through our own door: signed, believed once, and never more than it says."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from handrail.delivery import claims, outbox, ways
from handrail.delivery.letters import Outcome, Result
from handrail.delivery.models import Outbox, Silenced, Way
from handrail.delivery.queries import Step, how_far
from handrail.engine.lanes import Lane
from handrail.engine.models import Bell
from handrail.gate import Actor
from handrail.kernel import clock as house_clock
from tests.fixtures.texts import any_signed, phone_signed, twilio_signed

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER, OURS = "+14155552671", "https://h.example.org"
TOKEN, KEY = "auth token", "report key"


@pytest.fixture(autouse=True)
def nobody_stands_by(monkeypatch):
    """Its threads outlive a short test."""
    monkeypatch.setattr("handrail.delivery.standby.watch", lambda matter: None)


@pytest.fixture
def by(monkeypatch):
    """`by("twilio")`: this install sends its texts so."""

    def use(kind):
        changed = {"sms_by": kind, "sms_password": TOKEN, "sms_report_key": KEY, "origin": OURS, "sms_url": "http://x"}
        monkeypatch.setattr(settings, "HANDRAIL", type(settings.HANDRAIL)(**{**vars(settings.HANDRAIL), **changed}))

    return use


@pytest.fixture
def number():
    """`number(jo)`: their phone, confirmed."""

    def give(somebody):
        way = ways.begin(somebody.actor, owner=somebody.id, channel="sms", address=NUMBER)
        code = ways.opened_ways(Actor.system("a test"), owners=[somebody.id], ways=[way])[way][1]
        assert ways.confirm(somebody.actor, owner=somebody.id, way=way, code=code).ok
        with transaction.atomic():
            outbox.withdraw(matter=way)
        return way

    return give


@pytest.fixture
def sent(jo, number, put):
    """A text about Jo's call that has been handed over; answers what reports name it by."""
    number(jo)
    put(jo, jo)
    row = Outbox.objects.get(matter="call1", channel="sms")
    Outbox.objects.filter(pk=row.pk).update(state=Outbox.HANDED, handed_at=house_clock.now())
    return row.seen_token


def step(jo):
    return how_far(matter="call1")[jo.id].step


def of_twilio(client, ref, status, code=""):
    form = {"MessageSid": "SM1", "MessageStatus": status, **({"ErrorCode": code} if code else {})}
    return client.post(f"/sms/heard/{ref}", **twilio_signed(f"{OURS}/sms/heard/{ref}", form, TOKEN))


def replied(client, words, *, sid="SM9", number=NUMBER):
    form = {"From": number, "Body": words, "MessageSid": sid}
    return client.post("/sms/heard", **twilio_signed(f"{OURS}/sms/heard", form, TOKEN))


def test_delivered_is_more_than_handed_over_and_less_than_on_the_phone(jo, by, sent, client):
    by("twilio")
    Bell.objects.all().delete()
    assert of_twilio(client, sent, "sent").status_code == 204
    assert step(jo) == Step.HANDED_OVER
    assert of_twilio(client, sent, "delivered").status_code == 204
    assert step(jo) == Step.DELIVERED
    assert list(Bell.objects.values_list("person_id", flat=True)) == [jo.id]


def test_a_text_that_never_arrived_is_not_said_to_be_on_its_way(jo, by, sent, client):
    by("twilio")
    of_twilio(client, sent, "undelivered", "30003")
    assert how_far(matter="call1")[jo.id].ways[-1].step == Step.GAVE_UP
    assert Way.objects.get(person_id=jo.id).failing_since is None  # the phone may be off


@pytest.mark.parametrize("code", ["30005", "30006", "21610"])
def test_a_phone_that_does_not_exist_marks_the_way(jo, by, sent, client, code):
    by("twilio")
    of_twilio(client, sent, "undelivered", code)
    assert Way.objects.get(person_id=jo.id).failing_since is not None


def test_arrived_is_the_last_word(jo, by, sent, client, clock):
    by("twilio")
    of_twilio(client, sent, "delivered")
    first = how_far(matter="call1")[jo.id].at
    clock.forward(minutes=5)
    of_twilio(client, sent, "delivered")
    assert how_far(matter="call1")[jo.id].at == first
    of_twilio(client, sent, "failed", "30005")
    assert step(jo) == Step.DELIVERED
    assert Way.objects.get(person_id=jo.id).failing_since is None


def test_a_report_that_comes_before_we_have_noted_the_sending_is_kept(jo, by, sent, client):
    by("twilio")
    Outbox.objects.update(state=Outbox.WAITING, handed_at=None)
    (letter,) = claims.claim("sms", Lane.CALL, worker="w", lease=timedelta(seconds=60), limit=1, matter="call1")
    of_twilio(client, sent, "delivered")
    claims.record([(letter, Result(Outcome.HANDED, "sms taken"))])
    assert step(jo) == Step.DELIVERED
    assert Outbox.objects.get(seen_token=sent).state == Outbox.DELIVERED


def test_more_fields_than_they_ever_send_is_refused_like_any_other_stranger(by, client):
    by("twilio")
    form = {f"f{number}": "" for number in range(120)}
    answer = client.post("/sms/heard", **twilio_signed(f"{OURS}/sms/heard", form, TOKEN))
    assert answer.status_code == 403


def test_what_is_not_signed_changes_nothing(jo, by, sent, client):
    by("twilio")
    form = {"MessageStatus": "delivered"}
    for url, token in [(f"{OURS}/sms/heard/{sent}", "wrong"), (f"https://evil.example/sms/heard/{sent}", TOKEN)]:
        assert client.post(f"/sms/heard/{sent}", **twilio_signed(url, form, token)).status_code == 403
    assert client.post(f"/sms/heard/{sent}", form).status_code == 403
    changed = twilio_signed(f"{OURS}/sms/heard/{sent}", {"MessageStatus": "failed"}, TOKEN)
    assert client.post(f"/sms/heard/{sent}", **{**changed, "data": "MessageStatus=delivered"}).status_code == 403
    assert step(jo) == Step.HANDED_OVER


def test_without_a_key_nothing_is_believed(jo, by, sent, client, monkeypatch):
    by("phone")
    ours = type(settings.HANDRAIL)(**{**vars(settings.HANDRAIL), "sms_report_key": ""})
    monkeypatch.setattr(settings, "HANDRAIL", ours)
    told = {"event": "sms:delivered", "payload": {"messageId": sent}}
    assert client.post("/sms/heard", **phone_signed(told, "")).status_code == 403
    assert step(jo) == Step.HANDED_OVER


def test_an_install_without_texts_hears_nothing(client):
    assert client.post("/sms/heard", {"From": NUMBER}).status_code == 404


def test_a_phone_with_a_card_reports_too(jo, by, sent, client):
    by("phone")
    told = {"event": "sms:delivered", "id": "e1", "payload": {"messageId": sent}}
    assert client.post("/sms/heard", **phone_signed(told, KEY, age=400)).status_code == 403  # played again later
    assert step(jo) == Step.HANDED_OVER
    assert client.post("/sms/heard", **phone_signed(told, KEY)).status_code == 204
    assert step(jo) == Step.DELIVERED


@pytest.mark.parametrize(
    "told", [{}, {"payload": 7}, {"event": "sms:delivered", "payload": {}}, {"event": "x", "payload": {}}]
)
def test_what_is_signed_and_says_nothing_does_nothing(jo, by, sent, client, told):
    by("phone")
    assert client.post("/sms/heard", **phone_signed(told, KEY)).status_code == 204
    assert step(jo) == Step.HANDED_OVER


def test_any_gateway_can_be_taught_to_report(jo, by, sent, client):
    by("http")
    assert client.post("/sms/heard", **any_signed({"id": sent, "state": "delivered"}, "wrong")).status_code == 403
    assert client.post("/sms/heard", **any_signed({"id": sent, "state": "delivered"}, KEY)).status_code == 204
    assert step(jo) == Step.DELIVERED
    client.post("/sms/heard", **any_signed({"from": NUMBER, "text": "stop", "id": "7"}, KEY))
    assert ways.list_ways(jo.actor, owner=jo.id) == []


@pytest.mark.parametrize("words", ["STOP", "stop.", " Stop! ", "UNSUBSCRIBE", "stop all", "Quit", "opt-out"])
def test_stop_ends_the_way_and_its_person_is_told(jo, by, number, client, words):
    by("twilio")
    way = number(jo)
    Bell.objects.all().delete()
    assert replied(client, words).status_code == 204
    assert ways.list_ways(jo.actor, owner=jo.id) == []
    (told,) = ways.stopped(jo.actor, owner=jo.id)
    assert told.label == "71" and told.address == ""
    assert list(Bell.objects.values_list("person_id", flat=True)) == [jo.id]
    ways.end(jo.actor, owner=jo.id, way=way)  # "all right"
    assert ways.stopped(jo.actor, owner=jo.id) == []


@pytest.mark.parametrize("words", ["", "please stop calling", "ok", "stopp", "STOP 7"])
def test_other_words_end_nothing(jo, by, number, client, words):
    by("twilio")
    number(jo)
    assert replied(client, words).status_code == 204
    assert len(ways.list_ways(jo.actor, owner=jo.id)) == 1


def test_a_stop_ends_that_number_for_everybody_who_has_it_and_no_other(jo, mum, sam, by, number, client):
    by("twilio")
    number(jo), number(mum)
    other = ways.begin(sam.actor, owner=sam.id, channel="sms", address="+14155552672")
    replied(client, "STOP")
    assert [ways.list_ways(one.actor, owner=one.id) for one in (jo, mum)] == [[], []]
    assert [way.id for way in ways.list_ways(sam.actor, owner=sam.id)] == [other]


def test_what_waits_does_not_leave_after_a_stop(jo, by, number, put, client):
    by("twilio")
    number(jo)
    put(jo, jo)
    replied(client, "STOP")
    assert claims.claim("sms", Lane.CALL, worker="w", lease=timedelta(seconds=60), limit=9) == []
    assert Outbox.objects.get(matter="call1", channel="sms").state == Outbox.WITHDRAWN


def test_after_a_stop_nobody_can_make_us_text_that_phone_and_nobody_is_told_why(jo, ann, by, number, client):
    by("twilio")
    number(jo)
    replied(client, "STOP")
    way = ways.begin(ann.actor, owner=ann.id, channel="sms", address=NUMBER)
    assert way and not Outbox.objects.filter(to=ann.id).exists()
    replied(client, "START", sid="SM10")
    ways.begin(ann.actor, owner=ann.id, channel="sms", address=NUMBER)
    assert Outbox.objects.filter(to=ann.id, channel="sms").exists()


def test_the_same_reply_played_again_does_nothing(jo, by, number, client):
    by("twilio")
    number(jo)
    replied(client, "STOP", sid="SM1")
    replied(client, "START", sid="SM2")
    number(jo)
    replied(client, "STOP", sid="SM1")
    assert len(ways.list_ways(jo.actor, owner=jo.id)) == 1
    assert not Silenced.objects.exists()


def test_an_unconfirmed_number_that_says_stop_is_gone_without_a_word(jo, by, client):
    """It may be a stranger's phone, which somebody typed in."""
    by("twilio")
    ways.begin(jo.actor, owner=jo.id, channel="sms", address=NUMBER)
    replied(client, "STOP")
    assert ways.list_ways(jo.actor, owner=jo.id) == ways.stopped(jo.actor, owner=jo.id) == []


@pytest.mark.parametrize("number", ["", "Handrail", "12345", "\x00", "+" * 999])
def test_a_sender_that_is_no_phone_does_nothing(by, client, number):
    by("twilio")
    assert replied(client, "STOP", number=number).status_code == 204
