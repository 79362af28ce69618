"""A second passphrase opens another, plain account; nothing in that one leads back, and everything else is as ever."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from handrail.checkins import actions as checkins
from handrail.checkins import queries as days
from handrail.gate import Actor
from handrail.gate.opening import Upkeep
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere
from handrail.kernel.ids import new_id
from handrail.leaving import actions as leaving
from handrail.leaving import queries as leaving_seen
from handrail.people import actions as people
from handrail.people import discreet
from handrail.people import queries as accounts
from handrail.people.models import Person, Session
from handrail.second import actions, queries, rules
from tests.fixtures.people import PASSPHRASE, Somebody

pytestmark = pytest.mark.django_db

ZONE = "America/New_York"
FIRST, SECOND = f"{PASSPHRASE} Jo", "four dull grey mornings"
PIN, SECOND_PIN = "407193", "2580"


def enter(passphrase: str, client: Client | None = None) -> Client:
    client = client or Client()
    assert client.post("/enter", {"name": "Jo", "passphrase": passphrase}).status_code == 302
    return client


@pytest.fixture
def second(jo: Somebody) -> Somebody:
    """Jo, here for two months, with a lock, a second passphrase and a second PIN; the account behind them."""
    Person.objects.filter(pk=jo.id).update(joined_on=clock.today(ZONE) - timedelta(days=60))
    checkins.record_checkin(jo.actor, owner=jo.id, zone=ZONE, key=new_id(), mood=1, note="mine alone")
    discreet.change_lock(jo.actor, owner=jo.id, lock_after=5, pin=PIN)
    actions.make(jo.actor, passphrase=SECOND, pin=SECOND_PIN)
    return Somebody(discreet.second_of(jo.actor, owner=jo.id), "Jo")


def who(client: Client) -> str:
    return str(client.session.get("_auth_user_id"))


def test_each_passphrase_opens_its_own_account_at_the_door(jo: Somebody, second: Somebody) -> None:
    assert (who(enter(FIRST)), who(enter(SECOND))) == (jo.id, second.id)


def test_the_second_view_looks_lived_in_and_asks_nothing_of_a_newcomer(second: Somebody) -> None:
    client = enter(SECOND)
    assert b"Would you like to count your days?" not in client.get("/today").content
    assert b"not written down yet" not in client.get("/me").content
    found = days.history(second.actor, owner=second.id, zone=ZONE, days=30)
    assert 4 <= found.answered <= rules.DAYS


def test_no_check_in_of_it_is_older_than_the_account(jo: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "OFTEN", 1)
    with clock.moved_by(days=3):
        actions.make(jo.actor, passphrase=SECOND)
        second = Actor.person(discreet.second_of(jo.actor, owner=jo.id))
        joined = accounts.profile(jo.actor, owner=jo.id).joined_on
        actions.freshen(jo.actor)
        made = days.of_days(second, owner=second.me, zone=ZONE, since=date(2020, 1, 1), until=date(2030, 1, 1))
    assert made and min(one.day for one in made) >= joined


def test_nothing_of_the_first_account_is_reachable_from_the_second(jo: Somebody, second: Somebody) -> None:
    enter(FIRST)
    client = enter(SECOND)
    paths = ["/today", "/trends/table", "/people", "/plan", "/me", "/me/devices", "/me/seen", "/me/discreet"]
    paths += ["/me/discreet/second", "/me/discreet/lock", "/me/tokens", "/me/sign-in", "/me/erase"]
    for path in paths:
        page = client.get(path).content.decode()
        assert jo.id not in page and "mine alone" not in page, path
    assert "This one" in client.get("/me/devices").content.decode()
    assert client.get("/me/devices").content.decode().count("last used") == 1
    assert "You have one" not in client.get("/me/discreet/second").content.decode()
    assert jo.id not in json.dumps(leaving_seen.everything(second.actor))
    with pytest.raises(NotHere):
        accounts.profile(second.actor, owner=jo.id)


def test_no_column_of_the_database_joins_the_two(jo: Somebody, second: Somebody) -> None:
    """Only sealed bytes know: every plain value of every table that names the one does not name the other."""
    tables = connection.introspection.table_names()
    with Upkeep(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                said = " ".join(str(value) for value in row if not isinstance(value, bytes | memoryview))
                assert not (jo.id in said and second.id in said), table


def test_it_is_an_account_like_any_other(second: Somebody, ann: Somebody) -> None:
    """Its row differs from another's in nothing but what people choose."""
    Person.objects.filter(pk=ann.id).update(joined_on=clock.today(ZONE) - timedelta(days=60))
    one, other = Person.objects.filter(pk__in=[second.id, ann.id]).values()
    alike = {"is_active", "view", "time_zone", "country", "language", "joined_on", "erase_at"}
    assert {name: one[name] for name in alike} == {name: other[name] for name in alike}
    assert (one["recovery_door"] is None) == (other["recovery_door"] is None)


def lock(client: Client) -> Client:
    client.post("/lock/now")
    return client


@pytest.mark.parametrize("typed", [{"passphrase": SECOND}, {"pin": SECOND_PIN}])
def test_on_the_lock_screen_it_opens_the_second_view(jo: Somebody, second: Somebody, typed: dict[str, str]) -> None:
    phone = lock(enter(FIRST))
    phone.post("/me/own-words", {"for_use": "mine alone"})  # is held, and must not follow
    answer = phone.post("/lock", {**typed, "next": "/people/AAAAAAAAAAAAAAAAAAAAAA"})
    assert answer["Location"] == "/today"
    assert who(phone) == second.id and "held" not in phone.session
    assert Session.objects.filter(person_id=jo.id).count() == 0


def test_the_answer_to_the_second_is_the_answer_to_the_first(jo: Somebody, second: Somebody) -> None:
    """The same status, the same way on, the same cookies, and no more work than a single look-up."""
    answers = []
    for passphrase in (FIRST, SECOND):
        phone = lock(enter(FIRST))
        answer = phone.post("/lock", {"passphrase": passphrase})
        answers.append((answer.status_code, answer["Location"], answer.content))
    assert answers[0] == answers[1]


def test_a_wrong_pin_costs_the_same_with_and_without_a_second_view(
    jo: Somebody, second: Somebody, ann: Somebody
) -> None:
    discreet.change_lock(ann.actor, owner=ann.id, lock_after=5, pin=PIN)
    asked = []
    for somebody in (jo, ann):
        with CaptureQueriesContext(connection) as seen:
            assert discreet.behind_pin(somebody.actor, owner=somebody.id, pin="111111") is None
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_from_the_second_view_the_first_passphrase_leads_back_and_the_first_pin_does_not(
    jo: Somebody, second: Somebody
) -> None:
    phone = lock(enter(SECOND))
    assert phone.post("/lock", {"pin": PIN}).status_code == 422
    assert phone.post("/lock", {"pin": SECOND_PIN}).status_code == 302
    assert who(phone) == second.id
    lock(phone).post("/lock", {"passphrase": FIRST})
    assert who(phone) == jo.id


def test_whoever_came_in_by_pin_still_has_to_say_who_they_are(second: Somebody) -> None:
    phone = lock(enter(FIRST))
    phone.post("/lock", {"pin": SECOND_PIN})
    assert phone.get("/me/discreet/second")["Location"].startswith("/me/again")


def test_going_for_good_from_the_second_view_touches_the_second_alone(jo: Somebody, second: Somebody) -> None:
    leaving.erase(second.actor)
    assert who(enter(FIRST)) == jo.id
    assert Client().post("/enter", {"name": "Jo", "passphrase": SECOND}).status_code == 422
    assert b"A second passphrase" in enter(FIRST).get("/me/discreet/second").content  # and the page still stands


def test_going_for_good_from_the_first_takes_the_second_along(jo: Somebody, second: Somebody) -> None:
    leaving.erase(jo.actor)
    assert not Person.objects.filter(is_active=True).exists()
    assert Client().post("/enter", {"name": "Jo", "passphrase": SECOND}).status_code == 422


def test_removing_it_asks_who_it_is_and_erases_it(jo: Somebody, second: Somebody) -> None:
    client = enter(FIRST)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    assert client.post("/me/discreet/second/remove")["Location"].startswith("/me/again")
    assert client.get("/me/discreet/second")["Location"].startswith("/me/again")
    client = enter(FIRST)
    client.post("/me/discreet/second/remove")
    assert queries.second(jo.actor) is None
    assert Client().post("/enter", {"name": "Jo", "passphrase": SECOND}).status_code == 422
    with pytest.raises(NotHere):
        actions.remove(jo.actor)


def test_a_new_name_is_told_and_a_new_second_passphrase_takes_it(jo: Somebody, second: Somebody) -> None:
    people.change_name(jo.actor, owner=jo.id, name="Robin", passphrase=FIRST)
    found = queries.second(jo.actor)
    assert found is not None and not found.is_my_name
    actions.change(jo.actor, passphrase="five dull grey mornings")
    assert Client().post("/enter", {"name": "Robin", "passphrase": "five dull grey mornings"}).status_code == 302


def test_the_page_says_that_there_is_a_pin_and_a_new_one_takes_its_place(jo: Somebody, second: Somebody) -> None:
    client = enter(FIRST)
    assert b"A second PIN is set." in client.get("/me/discreet/second").content
    assert client.post("/me/discreet/second/pin", {"pin": "8642"})["Location"] == "/me/discreet/second"
    phone = lock(client)
    assert phone.post("/lock", {"pin": SECOND_PIN}).status_code == 422
    assert phone.post("/lock", {"pin": "8642"}).status_code == 302 and who(phone) == second.id
    assert lock(phone).post("/lock", {"pin": SECOND_PIN}).status_code == 422  # its own lock has the new one too
    assert phone.post("/lock", {"pin": "8642"}).status_code == 302 and who(phone) == second.id
    assert b"PIN is set" not in phone.get("/me/discreet").content


def test_the_second_pin_can_be_taken_away(jo: Somebody, second: Somebody) -> None:
    client = enter(FIRST)
    client.post("/me/discreet/second/pin", {"no_pin": "on"})
    assert b"There is no second PIN." in client.get("/me/discreet/second").content
    assert lock(client).post("/lock", {"pin": SECOND_PIN}).status_code == 422
    assert client.post("/lock", {"pin": PIN}).status_code == 302 and who(client) == jo.id
    assert not discreet.settings(second.actor, owner=second.id).has_pin


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"pin": PIN}, "Please choose another PIN."),
        ({"pin": "12"}, "A PIN has 4 to 8 digits."),
        ({}, "Please type the new PIN."),
    ],
)
def test_a_second_pin_that_cannot_be_taken_says_why_and_changes_nothing(
    jo: Somebody, second: Somebody, given: dict[str, str], says: str
) -> None:
    client = enter(FIRST)
    answer = client.post("/me/discreet/second/pin", given)
    assert answer.status_code == 422 and says in answer.content.decode()
    assert lock(client).post("/lock", {"pin": SECOND_PIN}).status_code == 302 and who(client) == second.id


def test_the_second_pin_asks_who_it_is_and_needs_a_second_view(jo: Somebody, ann: Somebody) -> None:
    assert enter(FIRST).post("/me/discreet/second/pin", {"pin": "8642"}).status_code == 404
    client = enter(FIRST)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    assert client.post("/me/discreet/second/pin", {"pin": "8642"})["Location"].startswith("/me/again")


def test_it_can_be_made_to_look_used_again(jo: Somebody, second: Somebody) -> None:
    with clock.moved_by(days=20):
        actions.freshen(jo.actor)
        found = queries.second(jo.actor)
        assert found is not None and found.last_day is not None
        assert (clock.today(ZONE) - found.last_day).days < 15
        actions.freshen(jo.actor)
        made = days.of_days(second.actor, owner=second.id, zone=ZONE, since=date(2020, 1, 1), until=date(2030, 1, 1))
        assert len({one.day for one in made}) == len(made)  # never twice the same day


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"passphrase": FIRST}, "Please choose another passphrase."),
        ({"passphrase": "short"}, "Please make it a bit longer"),
        ({"passphrase": SECOND, "pin": PIN}, "Please choose another PIN."),
        ({"passphrase": SECOND, "pin": "12"}, "A PIN has 4 to 8 digits."),
        ({"passphrase": SECOND, "began": "soon"}, "Please write the day"),
        ({"passphrase": SECOND, "began": "2999-01-01"}, "Choose today or a day before it."),
        ({}, "Please type your passphrase."),
    ],
)
def test_what_cannot_be_taken_says_why_and_makes_nothing(jo: Somebody, given: dict[str, str], says: str) -> None:
    discreet.change_lock(jo.actor, owner=jo.id, lock_after=5, pin=PIN)
    answer = enter(FIRST).post("/me/discreet/second", given)
    assert answer.status_code == 422 and says in answer.content.decode()
    assert queries.second(jo.actor) is None and Person.objects.count() == 1


def test_there_is_one_and_not_two(jo: Somebody, second: Somebody) -> None:
    with pytest.raises(Invalid):
        actions.make(jo.actor, passphrase="five dull grey mornings")
    with pytest.raises(Invalid):
        discreet.change_lock(jo.actor, owner=jo.id, lock_after=5, pin=SECOND_PIN)


def test_the_second_can_have_a_second_of_its_own_and_so_tells_nothing_by_it(second: Somebody) -> None:
    actions.make(Actor.person(second.id), passphrase="five dull grey mornings")
    assert who(enter("five dull grey mornings")) not in ("", second.id)


def test_ordinary_days_are_ordinary() -> None:
    now = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    for seed in range(50):
        found = list(rules.ordinary(date(2026, 10, 27), now, ZONE, Random(seed).random))
        assert all(one.day < date(2026, 11, 20) and one.at < now for one in found)
        assert all(one.mood in rules.MOODS and not one.craving for one in found)
        assert len(found) == len({one.day for one in found}) and len(found) < rules.DAYS
    assert list(rules.ordinary(now.date() + timedelta(days=3), now, ZONE, Random(1).random)) == []
