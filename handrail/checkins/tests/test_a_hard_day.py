from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handrail.checkins import actions, queries
from handrail.gate import Category
from handrail.kernel.errors import Invalid, NotHere
from handrail.kernel.ids import new_id
from tests.fixtures.people import share, stand_by

NEW_YORK = "America/New_York"
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def evening(clock):
    clock.at(datetime(2026, 11, 20, 18, 10, tzinfo=ZoneInfo(NEW_YORK)))


def write_down(person, **said):
    given = {"kind": "used", "day": TODAY, "zone": NEW_YORK, "key": new_id(), **said}
    return actions.record_use_day(person.actor, owner=person.id, **given)


def days(person):
    return queries.days(person.actor, owner=person.id, zone=NEW_YORK)


def place_of(jo, member):
    from handrail.circle import queries as circle

    return next(m.membership_id for m in circle.roster(jo.actor, owner=jo.id) if m.person_id == member.id)


def seen_use_days(member, jo):
    return queries.seen_by_member(member.actor, owners=[jo.id])[jo.id].use_days


def test_days_in_recovery_do_not_change(jo):
    actions.set_start(jo.actor, owner=jo.id, zone=NEW_YORK, began=TODAY - timedelta(days=142))
    before = days(jo)
    write_down(jo, day=TODAY - timedelta(days=18))
    after = days(jo)
    assert before.in_recovery == after.in_recovery == 142
    assert before.next_mark == after.next_mark
    assert (before.since_use, after.since_use) == (None, 18)


def test_coming_close_is_no_day_of_use(jo):
    write_down(jo, kind="came_close")
    assert days(jo).since_use is None
    assert queries.today(jo.actor, owner=jo.id, zone=NEW_YORK).hard_day.kind == "came_close"


def test_nobody_sees_it_without_being_told(jo, sam):
    share(jo, sam, *Category)
    write_down(jo)
    assert seen_use_days(sam, jo) == []


def test_somebody_told_sees_the_day_only_while_it_is_shared(jo, sam):
    share(jo, sam, Category.USE)
    write_down(jo, told=[place_of(jo, sam)], details="in the park")
    assert seen_use_days(sam, jo) == [TODAY]
    share(jo, sam, Category.FEELING)
    assert seen_use_days(sam, jo) == []


def test_being_told_without_the_share_shows_nothing(jo, sam):
    write_down(jo, told=[place_of(jo, sam)])
    assert seen_use_days(sam, jo) == []


def test_one_is_told_and_the_other_is_not(jo, sam, mum):
    share(jo, sam, Category.USE)
    share(jo, mum, Category.USE)
    write_down(jo, told=[place_of(jo, sam)])
    assert seen_use_days(sam, jo) == [TODAY]
    assert seen_use_days(mum, jo) == []


def test_only_a_day_of_use_is_told(jo, sam):
    share(jo, sam, Category.USE)
    write_down(jo, kind="other", told=[place_of(jo, sam)])
    assert seen_use_days(sam, jo) == []


def test_a_change_can_take_the_telling_back(jo, sam):
    share(jo, sam, Category.USE)
    made = write_down(jo, told=[place_of(jo, sam)])
    actions.change_use_day(jo.actor, useday=made.id, zone=NEW_YORK, kind="used", day=TODAY, told=[])
    assert seen_use_days(sam, jo) == []


def test_deleting_leaves_nothing(jo, sam):
    share(jo, sam, Category.USE)
    made = write_down(jo, told=[place_of(jo, sam)])
    actions.delete_use_day(jo.actor, useday=made.id)
    assert queries.hard_days(jo.actor, owner=jo.id) == []
    assert seen_use_days(sam, jo) == []
    with pytest.raises(NotHere):
        actions.delete_use_day(jo.actor, useday=made.id)


def test_sent_twice_it_is_one(jo):
    key = new_id()
    assert write_down(jo, key=key) == write_down(jo, key=key)
    assert len(queries.hard_days(jo.actor, owner=jo.id)) == 1


@pytest.mark.parametrize(
    "said", [{"day": TODAY + timedelta(days=1)}, {"kind": ""}, {"kind": "x"}, {"need": "x"}, {"key": ""}]
)
def test_what_cannot_be_is_refused(jo, said):
    with pytest.raises(Invalid):
        write_down(jo, **said)


def test_nobody_else_reads_or_writes_it(jo, sam):
    share(jo, sam, *Category)
    made = write_down(jo, told=[place_of(jo, sam)])
    for attempt in (
        lambda: queries.hard_days(sam.actor, owner=jo.id),
        lambda: queries.days(sam.actor, owner=jo.id, zone=NEW_YORK),
        lambda: write_down(sam, key=new_id()) and actions.delete_use_day(sam.actor, useday=made.id),
        lambda: actions.change_use_day(sam.actor, useday=made.id, zone=NEW_YORK, kind="other", day=TODAY),
        lambda: actions.set_start(sam.actor, owner=jo.id, zone=NEW_YORK, began=None),
    ):
        with pytest.raises(NotHere):
            attempt()


def test_a_start_can_be_chosen_changed_and_left(jo):
    assert not days(jo).asked
    actions.set_start(jo.actor, owner=jo.id, zone=NEW_YORK, began=TODAY)
    assert days(jo).in_recovery == 0
    actions.hide_days_since_use(jo.actor, owner=jo.id, hidden=True)
    actions.set_start(jo.actor, owner=jo.id, zone=NEW_YORK, began=None)
    found = days(jo)
    assert (found.asked, found.in_recovery, found.since_use_hidden) == (True, None, True)


def test_a_start_in_the_future_is_refused(jo):
    with pytest.raises(Invalid):
        actions.set_start(jo.actor, owner=jo.id, zone=NEW_YORK, began=TODAY + timedelta(days=1))


def test_an_ended_place_and_a_new_one_are_two(jo, sam):
    from handrail.circle import actions as circle

    share(jo, sam, Category.USE)
    write_down(jo, told=[place_of(jo, sam)])
    circle.end_membership(jo.actor, owner=jo.id, membership=place_of(jo, sam))
    stand_by(jo, sam)
    share(jo, sam, Category.USE)
    assert seen_use_days(sam, jo) == []
