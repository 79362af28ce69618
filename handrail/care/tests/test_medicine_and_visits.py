from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from handrail.care import actions, queries
from handrail.care.models import Visit
from handrail.care.times import PartOfDay
from handrail.gate import Category, gated
from handrail.kernel.errors import Invalid, NotHere, TooLate
from handrail.kernel.sealed import SealedShut
from tests.fixtures.people import share

NEW_YORK = ZoneInfo("America/New_York")
MORNING = datetime(2027, 3, 9, 8, 5, tzinfo=NEW_YORK)


@pytest.fixture(autouse=True)
def in_new_york(clock):
    clock.at(MORNING)
    with timezone.override(NEW_YORK):
        yield


def _add_medicine(jo, name="My bup", part_of_day=PartOfDay.MORNING):
    return actions.add_medicine(jo.actor, owner=jo.id, name=name, part_of_day=part_of_day)


def _add_visit(jo, title="Dr Osei", **later):
    at = MORNING + timedelta(**(later or {"hours": 6}))
    return actions.add_visit(jo.actor, owner=jo.id, at=at, title=title, place="Room 4", note="Bring the letter")


def test_today_names_the_medicine_and_says_when_it_is_done(jo):
    medicine = _add_medicine(jo)
    (before,) = queries.coming_up(jo.actor, owner=jo.id)
    assert (before.title, before.detail, before.done) == ("Morning medicine", "My bup", False)
    actions.mark_taken(jo.actor, medicine=medicine, day=date(2027, 3, 9))
    (after,) = queries.coming_up(jo.actor, owner=jo.id)
    assert (after.detail, after.done) == ("My bup, done at 8:05 a.m.", True)


def test_taken_twice_is_taken_once_and_undo_takes_it_back(jo):
    medicine = _add_medicine(jo)
    for _ in range(2):
        actions.mark_taken(jo.actor, medicine=medicine, day=date(2027, 3, 9))
    actions.unmark_taken(jo.actor, medicine=medicine, day=date(2027, 3, 9))
    assert queries.medicine(jo.actor, medicine=medicine).taken_at is None


def test_a_new_day_begins_at_midnight_where_the_person_is(jo, clock):
    medicine = _add_medicine(jo)
    clock.at(datetime(2027, 3, 9, 23, 50, tzinfo=NEW_YORK))  # already the 10th in UTC
    actions.mark_taken(jo.actor, medicine=medicine, day=queries.today())
    assert queries.medicine(jo.actor, medicine=medicine).taken_at is not None
    clock.forward(minutes=20)
    assert queries.medicine(jo.actor, medicine=medicine).taken_at is None


def test_a_page_left_open_past_midnight_still_counts_for_its_day(jo, clock):
    medicine = _add_medicine(jo)
    clock.at(datetime(2027, 3, 10, 0, 5, tzinfo=NEW_YORK))
    actions.mark_taken(jo.actor, medicine=medicine, day=date(2027, 3, 9))
    assert queries.medicine(jo.actor, medicine=medicine).taken_at is None


@pytest.mark.parametrize("day", [date(2027, 3, 7), date(2027, 3, 10), date(1, 1, 1), date(9999, 12, 31)])
def test_another_day_cannot_be_marked(jo, day):
    medicine = _add_medicine(jo)
    with pytest.raises(TooLate):
        actions.mark_taken(jo.actor, medicine=medicine, day=day)


def test_a_stopped_medicine_leaves_the_list_and_can_come_back(jo):
    medicine = _add_medicine(jo)
    actions.mark_taken(jo.actor, medicine=medicine, day=date(2027, 3, 9))
    actions.stop_medicine(jo.actor, medicine=medicine)
    assert queries.coming_up(jo.actor, owner=jo.id) == []
    with pytest.raises(TooLate):
        actions.mark_taken(jo.actor, medicine=medicine, day=date(2027, 3, 9))
    actions.use_again(jo.actor, medicine=medicine)
    assert queries.medicine(jo.actor, medicine=medicine).taken_at == MORNING.astimezone(UTC)


def test_a_medicine_needs_a_name_and_a_part_of_the_day(jo):
    with pytest.raises(Invalid):
        _add_medicine(jo, name="   ")
    with pytest.raises(Invalid):
        _add_medicine(jo, part_of_day=9)


def test_visits_of_the_next_seven_days_are_coming_up_in_their_order(jo):
    _add_visit(jo, "Next week", days=8)
    _add_visit(jo, "Group", days=1, hours=11)
    _add_visit(jo, "Dr Osei", hours=6)
    _add_visit(jo, "Just now", hours=-1)
    _add_visit(jo, "Yesterday", days=-1)
    seen = [(row.title, row.detail) for row in queries.coming_up(jo.actor, owner=jo.id)]
    assert seen == [
        ("Just now", "Today at 7:05 a.m., Room 4"),
        ("Dr Osei", "Today at 2:05 p.m., Room 4"),
        ("Group", "Tomorrow at 7:05 p.m., Room 4"),
    ]


def test_a_visit_changes_and_goes(jo):
    visit = _add_visit(jo)
    actions.change_visit(jo.actor, visit=visit, at=MORNING + timedelta(days=2), title="Dr O")
    held = queries.visit_to_edit(jo.actor, visit=visit)
    assert (held.title, held.place, held.note, held.at) == ("Dr O", "", "", MORNING + timedelta(days=2))
    assert queries.coming_up(jo.actor, owner=jo.id)[0].detail == "Thursday at 8:05 a.m."
    actions.remove_visit(jo.actor, visit=visit)
    with pytest.raises(NotHere):
        queries.visit_to_edit(jo.actor, visit=visit)


def test_a_member_sees_medicine_and_visits_only_while_they_are_shared(jo, sam):
    _add_medicine(jo)
    _add_visit(jo)
    with pytest.raises(NotHere):
        queries.for_member(sam.actor, owner=jo.id)
    share(jo, sam, Category.MEDICINE)
    seen = queries.for_member(sam.actor, owner=jo.id)
    assert [one.name for one in seen.medicines] == ["My bup"]
    assert [(one.title, one.place) for one in seen.visits] == [("Dr Osei", "Room 4")]
    share(jo, sam, Category.PLAN)
    with pytest.raises(NotHere):
        queries.for_member(sam.actor, owner=jo.id)


def test_a_member_changes_nothing_and_never_reads_the_note(jo, sam):
    medicine, visit = _add_medicine(jo), _add_visit(jo)
    share(jo, sam, Category.MEDICINE)
    with pytest.raises(NotHere):
        queries.visit_to_edit(sam.actor, visit=visit)
    with pytest.raises(NotHere):
        actions.mark_taken(sam.actor, medicine=medicine, day=date(2027, 3, 9))
    with pytest.raises(NotHere):
        actions.remove_visit(sam.actor, visit=visit)
    assert "letter" not in repr(queries.for_member(sam.actor, owner=jo.id))


def test_even_a_careless_query_cannot_open_the_note_to_a_member(jo, sam):
    @gated("care.read")
    def notes(actor, *, owner):
        return [visit.note for visit in Visit.objects.all()]

    _add_visit(jo)
    share(jo, sam, Category.MEDICINE)
    assert notes(jo.actor, owner=jo.id) == ["Bring the letter"]
    with pytest.raises(SealedShut):
        notes(sam.actor, owner=jo.id)


def test_what_is_coming_up_costs_three_queries_however_much_there_is(jo, django_assert_num_queries):
    for number in range(6):
        actions.mark_taken(jo.actor, medicine=_add_medicine(jo, f"m{number}"), day=date(2027, 3, 9))
        _add_visit(jo, f"v{number}", days=1, hours=number)
    with django_assert_num_queries(3):  # medicine with its days, visits, the key
        assert len(queries.coming_up(jo.actor, owner=jo.id)) == 4
