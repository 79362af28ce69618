from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from handrail.checkins import actions, queries
from handrail.kernel.errors import Invalid, NotHere, TooLate
from handrail.kernel.ids import new_id

NEW_YORK = "America/New_York"
EVENING = datetime(2026, 11, 20, 18, 10, tzinfo=ZoneInfo(NEW_YORK))


@pytest.fixture(autouse=True)
def evening(clock):
    clock.at(EVENING)


def check_in(person, **said):
    given = {"mood": 3, "zone": NEW_YORK, "key": new_id(), **said}
    return actions.record_checkin(person.actor, owner=person.id, **given)


def today(person, zone=NEW_YORK):
    return queries.today(person.actor, owner=person.id, zone=zone)


def test_a_checkin_is_there_on_today(jo):
    check_in(jo, mood=4, craving=1, sleep=2, medicine="taken", note="  long day  ")
    found = today(jo).checkin
    assert (found.mood, found.craving, found.sleep, found.medicine, found.note) == (4, 1, 2, "taken", "long day")
    assert found.at == EVENING
    assert found.day == date(2026, 11, 20)
    assert found.may_change


def test_the_same_checkin_sent_twice_is_one(jo):
    key = new_id()
    first, again = check_in(jo, key=key), check_in(jo, key=key, mood=1)
    assert again == first
    assert sum(day.times for day in today(jo).week.days) == 1


def test_a_resend_that_comes_too_late_for_a_new_entry_still_finds_the_first(jo, clock):
    key = new_id()
    made = check_in(jo, key=key, day=date(2026, 11, 13))
    clock.forward(days=2)
    assert check_in(jo, key=key, day=date(2026, 11, 13)).id == made.id


def test_two_people_may_send_the_same_key(jo, sam):
    key = new_id()
    check_in(jo, key=key)
    check_in(sam, key=key, mood=5)
    assert today(jo).checkin.mood == 3
    assert today(sam).checkin.mood == 5


def test_a_checkin_taken_back_is_gone_and_stays_gone(jo):
    key = new_id()
    made = check_in(jo, key=key, note="private")
    undone = actions.undo_checkin(jo.actor, checkin=made.id, zone=NEW_YORK)
    assert undone.undone
    assert (undone.mood, undone.note) == (None, None)
    assert check_in(jo, key=key).undone
    assert today(jo).checkin is None
    with pytest.raises(NotHere):
        queries.one(jo.actor, checkin=made.id, zone=NEW_YORK)


def test_taking_back_twice_is_no_fault(jo):
    made = check_in(jo)
    for _ in range(2):
        assert actions.undo_checkin(jo.actor, checkin=made.id, zone=NEW_YORK).undone


def test_answers_are_added_later_and_the_others_stay(jo):
    made = check_in(jo, mood=2, craving=2)
    actions.change_checkin(jo.actor, checkin=made.id, zone=NEW_YORK, sleep=1, note="slept badly")
    found = today(jo).checkin
    assert (found.mood, found.craving, found.sleep, found.note) == (2, 2, 1, "slept badly")


def test_a_checkin_is_closed_at_midnight(jo, clock):
    made = check_in(jo)
    clock.at(datetime(2026, 11, 20, 23, 59, 59, tzinfo=ZoneInfo(NEW_YORK)))
    actions.change_checkin(jo.actor, checkin=made.id, zone=NEW_YORK, sleep=1)
    clock.at(datetime(2026, 11, 21, 0, 0, tzinfo=ZoneInfo(NEW_YORK)))
    for act in (actions.undo_checkin, actions.change_checkin):
        with pytest.raises(TooLate):
            act(jo.actor, checkin=made.id, zone=NEW_YORK)


def test_a_journey_west_leaves_the_day_open_longer(jo, clock):
    made = check_in(jo)
    clock.at(datetime(2026, 11, 21, 1, 0, tzinfo=ZoneInfo(NEW_YORK)))  # 11 pm of the 20th in Denver
    changed = actions.change_checkin(jo.actor, checkin=made.id, zone="America/Denver", sleep=3)
    assert (changed.sleep, changed.may_change) == (3, True)
    assert not queries.one(jo.actor, checkin=made.id, zone=NEW_YORK).may_change


def test_a_day_begun_in_the_east_is_not_lost_in_the_west(jo, clock):
    clock.at(datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("Pacific/Auckland")))
    check_in(jo, zone="Pacific/Auckland", mood=5)
    clock.forward(hours=10)
    found = today(jo, zone="America/Denver")
    assert found.days.today == date(2026, 11, 21)
    assert found.checkin.mood == 5
    assert found.week.days[-1].times == 1


def test_a_phone_without_signal_keeps_the_moment_of_the_answer(jo, clock):
    answered = EVENING
    clock.forward(hours=14)
    made = check_in(jo, answered_at=answered)
    assert (made.at, made.day, made.late) == (answered, date(2026, 11, 20), False)
    assert made.may_change  # it has only just arrived
    assert queries.week(jo.actor, owner=jo.id, zone=NEW_YORK).days[-2].mood == 3


def test_a_phone_with_a_wrong_clock_loses_nothing(jo):
    assert check_in(jo, answered_at=EVENING + timedelta(days=300)).at == EVENING
    assert check_in(jo, answered_at=EVENING - timedelta(days=300)).day == date(2026, 11, 13)


def test_a_day_that_went_by_can_be_added_and_says_so(jo):
    made = check_in(jo, day=date(2026, 11, 15), mood=2)
    assert (made.day, made.late) == (date(2026, 11, 15), True)
    assert today(jo).week.days[1].mood == 2
    assert today(jo).checkin is None


@pytest.mark.parametrize("day", [date(2026, 11, 12), date(2026, 11, 21)])
def test_a_day_too_far_away_cannot_be_added(jo, day):
    with pytest.raises(Invalid):
        check_in(jo, day=day)


@pytest.mark.parametrize(
    "said", [{"mood": None}, {"mood": 6}, {"mood": 0}, {"craving": 4}, {"medicine": "maybe"}, {"sleep": True}]
)
def test_an_answer_that_was_not_offered_is_refused(jo, said):
    with pytest.raises(Invalid):
        check_in(jo, **said)
    assert today(jo).checkin is None


def test_nobody_else_reads_or_writes_it(jo, sam, ann):
    made = check_in(jo)
    for other in (sam, ann):
        for attempt in (
            lambda other=other: queries.today(other.actor, owner=jo.id, zone=NEW_YORK),
            lambda other=other: queries.one(other.actor, checkin=made.id, zone=NEW_YORK),
            lambda other=other: actions.undo_checkin(other.actor, checkin=made.id, zone=NEW_YORK),
            lambda other=other: actions.change_checkin(other.actor, checkin=made.id, zone=NEW_YORK, mood=1),
            lambda other=other: actions.record_checkin(other.actor, owner=jo.id, zone=NEW_YORK, key=new_id(), mood=1),
        ):
            with pytest.raises(NotHere):
                attempt()
    assert today(jo).checkin.mood == 3


def test_quiet_days_are_counted_up_to_the_last_checkin(jo, clock):
    assert today(jo).quiet_days is None
    check_in(jo)
    clock.forward(days=1)
    assert today(jo).quiet_days == 0
    clock.forward(days=1)
    assert today(jo).quiet_days == 1


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_the_same_moment_are_one(jo):
    key, together = new_id(), Barrier(4)

    def send(mood):
        together.wait(10)
        try:
            return check_in(jo, key=key, mood=mood)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as phones:
        saved = list(phones.map(send, [1, 2, 3, 4]))
    assert len({(one.id, one.mood) for one in saved}) == 1
    assert sum(day.times for day in today(jo).week.days) == 1
