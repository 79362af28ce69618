import re

import pytest

from handrail.delivery import ways
from handrail.delivery.models import Outbox, Way
from handrail.delivery.tests.conftest import Phone
from handrail.kernel import clock as house_clock
from handrail.kernel.errors import Invalid, NotHere, TooOften
from handrail.kernel.sealed import SealedShut

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def begun(jo):
    return ways.begin(jo.actor, owner=jo.id, channel="email", address=" jo@example.org ")


@pytest.fixture
def code(begun, send, mail):
    with send():
        letter = mail.wait_for_letter_to("jo@example.org")
    return re.search(r"\d{6}", letter.get_content())[0]


def confirm(jo, way, code):
    return ways.confirm(jo.actor, owner=jo.id, way=way, code=code)


def test_an_address_counts_once_the_code_that_was_sent_to_it_comes_back(jo, begun, code):
    assert [way.verified for way in ways.list_ways(jo.actor, owner=jo.id)] == [False]
    assert confirm(jo, begun, f" {code[:3]} {code[3:]} ").ok
    (way,) = ways.list_ways(jo.actor, owner=jo.id)
    assert way.verified and way.address == "jo@example.org"


def test_a_code_may_be_typed_in_the_digits_of_any_script(jo, begun, code):
    assert confirm(jo, begun, code.translate({ord("0") + n: ord("٠") + n for n in range(10)})).ok


def test_letters_and_pictures_are_a_wrong_code(jo, begun, code):
    assert not confirm(jo, begun, "déjà 😀").ok


def test_a_code_works_once_and_is_forgotten(jo, begun, code):
    assert confirm(jo, begun, code).ok
    assert Way.objects.get(pk=begun).__dict__["code"] is None


def test_ten_wrong_codes_are_enough(jo, begun, code):
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    left = [confirm(jo, begun, wrong).tries_left for _ in range(11)]
    assert left == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0]
    assert not confirm(jo, begun, code).ok


def test_a_code_is_good_for_thirty_minutes(jo, begun, code, clock):
    clock.at(house_clock.now())
    clock.forward(minutes=31)
    assert not confirm(jo, begun, code).ok


def test_begun_again_the_same_address_is_the_same_way_with_a_fresh_code(jo, begun, code, send, mail):
    assert ways.begin(jo.actor, owner=jo.id, channel="email", address="JO@example.org") == begun
    with send():
        letter = mail.wait_for_letter_to("@example.org", after=1)
    fresh = re.search(r"\d{6}", letter.get_content())[0]
    assert confirm(jo, begun, fresh).ok


def test_codes_are_not_sent_without_end(jo):
    for _ in range(ways.CODES_AN_HOUR):
        ways.begin(jo.actor, owner=jo.id, channel="email", address="jo@example.org")
    with pytest.raises(TooOften):
        ways.begin(jo.actor, owner=jo.id, channel="email", address="else@example.org")


@pytest.mark.parametrize("address", ["", "jo", "jo@", "a@b@c", "jo@example.org\nBcc: all@example.org"])
def test_what_is_no_address_is_said_to_be_none(jo, address):
    with pytest.raises(Invalid):
        ways.begin(jo.actor, owner=jo.id, channel="email", address=address)


def test_nobody_else_touches_somebodys_ways(jo, sam, begun):
    with pytest.raises(NotHere):
        ways.list_ways(sam.actor, owner=jo.id)
    with pytest.raises(NotHere):
        ways.end(sam.actor, owner=sam.id, way=begun)
    with pytest.raises(NotHere):
        ways.confirm(sam.actor, owner=sam.id, way=begun, code="123456")


def test_an_address_is_sealed_in_the_database_and_opens_only_in_the_gate(jo, begun):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT address, mark FROM delivery_way")
        assert b"example" not in b"".join(bytes(part) for part in cursor.fetchone())
    with pytest.raises(SealedShut):
        _ = Way.objects.get(pk=begun).address


def test_an_ended_way_forgets_its_address_and_can_be_added_anew(jo, begun):
    ways.end(jo.actor, owner=jo.id, way=begun)
    assert ways.list_ways(jo.actor, owner=jo.id) == []
    assert ways.begin(jo.actor, owner=jo.id, channel="email", address="jo@example.org") != begun


def test_an_unconfirmed_address_gets_nothing_but_its_code(jo, begun, put):
    put(jo, jo)
    assert not Outbox.objects.filter(matter="call1", channel="email").exists()


def test_a_push_subscription_needs_no_code_and_is_kept_once(jo, local_services):
    phone = Phone("http://127.0.0.1:1/push/x")
    first = ways.add_push(jo.actor, owner=jo.id, subscription=phone.subscription, label="My phone")
    assert ways.add_push(jo.actor, owner=jo.id, subscription=phone.subscription) == first
    (way,) = ways.list_ways(jo.actor, owner=jo.id)
    assert way.verified and way.address == ""


@pytest.mark.parametrize("subscription", [{}, {"endpoint": "https://push.example.org/x"}, {"endpoint": 1, "keys": []}])
def test_a_broken_subscription_is_refused(jo, subscription):
    with pytest.raises(Invalid):
        ways.add_push(jo.actor, owner=jo.id, subscription=subscription)


def phone_number(number: int) -> dict[str, object]:
    return {"endpoint": f"https://push{number}.example.org/x", "keys": {"p256dh": "A" * 87, "auth": "B" * 22}}


def test_nobody_keeps_so_many_phones_that_a_call_to_them_takes_long(jo):
    for number in range(ways.WAYS_A_PERSON):
        ways.add_push(jo.actor, owner=jo.id, subscription=phone_number(number))
    with pytest.raises(Invalid):
        ways.add_push(jo.actor, owner=jo.id, subscription=phone_number(99))
    ways.add_push(jo.actor, owner=jo.id, subscription=phone_number(0))
    assert len(ways.list_ways(jo.actor, owner=jo.id)) == ways.WAYS_A_PERSON


def test_a_phone_that_no_longer_works_makes_room_for_a_new_one(jo):
    first, *_others = [
        ways.add_push(jo.actor, owner=jo.id, subscription=phone_number(number)) for number in range(ways.WAYS_A_PERSON)
    ]
    Way.objects.filter(pk=first).update(failing_since=house_clock.now())
    fresh = ways.add_push(jo.actor, owner=jo.id, subscription=phone_number(99))
    kept = {way.id for way in ways.list_ways(jo.actor, owner=jo.id)}
    assert first not in kept and fresh in kept and len(kept) == ways.WAYS_A_PERSON


@pytest.mark.parametrize("key", ["p256dh", "auth"])
def test_a_key_longer_than_any_browser_gives_is_refused(jo, key):
    subscription = phone_number(1)
    subscription["keys"][key] = "A" * 900_000
    with pytest.raises(Invalid):
        ways.add_push(jo.actor, owner=jo.id, subscription=subscription)
