from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handrail.checkins import actions, queries
from handrail.checkins.queries import Seen
from handrail.gate import Category
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import new_id
from tests.fixtures.people import share, stand_by

NEW_YORK = "America/New_York"


@pytest.fixture(autouse=True)
def morning(clock):
    clock.at(datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo(NEW_YORK)))


def check_in(person, **said):
    return actions.record_checkin(person.actor, owner=person.id, zone=NEW_YORK, key=new_id(), **{"mood": 3, **said})


def seen(member, owner):
    return queries.seen_by_member(member.actor, owners=[owner.id])[owner.id]


def test_nothing_shared_looks_like_nothing_said(jo, sam):
    before = seen(sam, jo)
    check_in(jo, craving=3, medicine="taken", note="x")
    assert seen(sam, jo) == before == Seen()


@pytest.mark.parametrize(
    ("category", "field", "value"),
    [(Category.FEELING, "mood", 3), (Category.CRAVINGS, "craving", 2), (Category.MEDICINE, "medicine", "taken")],
)
def test_each_share_opens_its_own_answer_alone(jo, sam, category, field, value):
    check_in(jo, craving=2, medicine="taken")
    share(jo, sam, category)
    found = seen(sam, jo)
    assert {
        name: getattr(found, name) for name in ("mood", "craving", "medicine") if getattr(found, name) is not None
    } == {field: value}
    assert found.today
    share(jo, sam)
    assert seen(sam, jo) == Seen()


def test_the_latest_mood_and_the_strongest_craving_of_the_latest_day(jo, sam, clock):
    share(jo, sam, Category.FEELING, Category.CRAVINGS)
    check_in(jo, mood=1, craving=3)
    clock.forward(days=1)
    check_in(jo, mood=2, craving=2)
    clock.forward(hours=2)
    check_in(jo, mood=4, craving=0)
    found = seen(sam, jo)
    assert (found.mood, found.craving, found.day) == (4, 2, date(2026, 11, 21))
    clock.forward(days=1)
    assert not seen(sam, jo).today


def test_a_checkin_taken_back_is_not_seen(jo, sam):
    share(jo, sam, Category.FEELING)
    check_in(jo, mood=4)
    made = check_in(jo, mood=1)
    actions.undo_checkin(jo.actor, checkin=made.id, zone=NEW_YORK)
    assert seen(sam, jo).mood == 4


def test_the_time_of_an_unshared_answer_is_not_told(jo, sam, clock):
    share(jo, sam, Category.CRAVINGS)
    check_in(jo, craving=1)
    said_at = seen(sam, jo).at
    clock.forward(hours=3)
    check_in(jo, mood=1)
    assert seen(sam, jo).at == said_at


def test_a_stranger_is_refused_for_all(jo, sam, ann):
    share(jo, sam, Category.FEELING)
    with pytest.raises(NotHere):
        queries.seen_by_member(ann.actor, owners=[jo.id])
    with pytest.raises(NotHere):
        queries.seen_by_member(sam.actor, owners=[jo.id, ann.id])


def test_more_people_cost_no_more_queries(jo, sam, make_person):
    owners = [jo]
    counts = []
    for name in ("Ann", "Ben", "Cleo"):
        share(owners[-1], sam, *Category)
        check_in(owners[-1])
        actor = sam.actor
        with CaptureQueriesContext(
            connection,
        ) as caught:
            queries.seen_by_member(actor, owners=[each.id for each in owners])
        counts.append(sum("checkins_" in query["sql"] for query in caught))
        owners.append(make_person(name))
        stand_by(owners[-1], sam)
    assert counts == [2, 2, 2]
