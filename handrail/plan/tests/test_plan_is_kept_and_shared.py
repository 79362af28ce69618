import pytest

from handrail.gate import Category
from handrail.kernel.errors import Invalid, NotHere
from handrail.plan import actions, queries
from tests.fixtures.people import share


def _lines(plan, number):
    return [line.text for line in plan.steps[number - 1].lines]


def test_a_new_plan_is_empty_and_starts_with_something_small(jo):
    plan = queries.plan(jo.actor, owner=jo.id)
    assert plan.is_empty
    assert plan.next_step.number == 2
    assert [step.number for step in plan.steps] == [1, 2, 3, 4, 5, 6]


def test_a_step_says_what_was_written_last(jo):
    assert actions.write_step(jo.actor, owner=jo.id, number=4, lines=["Sam 212 555 0134"])
    assert actions.write_step(jo.actor, owner=jo.id, number=4, lines=["Sam 212 555 0134", "Mum"])
    plan = queries.plan(jo.actor, owner=jo.id)
    assert _lines(plan, 4) == ["Sam 212 555 0134", "Mum"]
    assert plan.steps[3].lines[0].numbers == ("2125550134",)
    assert plan.next_step.number == 1


def test_a_change_never_loses_the_words_before(jo):
    actions.write_step(jo.actor, owner=jo.id, number=1, lines=["Payday"])
    actions.write_step(jo.actor, owner=jo.id, number=1, lines=[])
    step = queries.step_to_edit(jo.actor, owner=jo.id, number=1)
    assert step.lines == ()
    assert [was.lines for was in step.earlier] == [("Payday",)]


def test_earlier_words_come_back_and_those_of_now_are_kept(jo):
    actions.write_step(jo.actor, owner=jo.id, number=1, lines=["Payday"])
    actions.write_step(jo.actor, owner=jo.id, number=1, lines=["Bad sleep"])
    earlier = queries.step_to_edit(jo.actor, owner=jo.id, number=1).earlier[0]
    assert actions.bring_back(jo.actor, step=earlier.id) == 1
    step = queries.step_to_edit(jo.actor, owner=jo.id, number=1)
    assert step.lines == ("Payday",)
    assert [was.lines for was in step.earlier] == [("Bad sleep",)]


def test_saving_the_same_words_again_makes_no_version(jo):
    actions.write_step(jo.actor, owner=jo.id, number=2, lines=["Walk"])
    assert not actions.write_step(jo.actor, owner=jo.id, number=2, lines=["- Walk", ""])
    assert queries.step_to_edit(jo.actor, owner=jo.id, number=2).earlier == ()


def test_a_seventh_step_is_not_here(jo):
    for number in (0, 7):
        with pytest.raises(NotHere):
            actions.write_step(jo.actor, owner=jo.id, number=number, lines=["x"])
        with pytest.raises(NotHere):
            queries.step_to_edit(jo.actor, owner=jo.id, number=number)


def test_too_much_is_refused_and_nothing_is_changed(jo):
    actions.write_step(jo.actor, owner=jo.id, number=2, lines=["Walk"])
    with pytest.raises(Invalid):
        actions.write_step(jo.actor, owner=jo.id, number=2, lines=["a" * 201])
    assert _lines(queries.plan(jo.actor, owner=jo.id), 2) == ["Walk"]


def test_a_member_reads_the_plan_only_while_it_is_shared(jo, sam):
    actions.write_step(jo.actor, owner=jo.id, number=6, lines=["Naloxone by the door"])
    with pytest.raises(NotHere):
        queries.plan(sam.actor, owner=jo.id)
    share(jo, sam, Category.PLAN)
    assert _lines(queries.plan(sam.actor, owner=jo.id), 6) == ["Naloxone by the door"]
    share(jo, sam, Category.FEELING)
    with pytest.raises(NotHere):
        queries.plan(sam.actor, owner=jo.id)


def test_a_member_changes_nothing_and_sees_no_earlier_words(jo, sam):
    actions.write_step(jo.actor, owner=jo.id, number=1, lines=["Payday"])
    actions.write_step(jo.actor, owner=jo.id, number=1, lines=["Bad sleep"])
    earlier = queries.step_to_edit(jo.actor, owner=jo.id, number=1).earlier[0]
    share(jo, sam, Category.PLAN)
    with pytest.raises(NotHere):
        actions.write_step(sam.actor, owner=jo.id, number=1, lines=["x"])
    with pytest.raises(NotHere):
        actions.bring_back(sam.actor, step=earlier.id)
    with pytest.raises(NotHere):
        queries.step_to_edit(sam.actor, owner=jo.id, number=1)


def test_reading_a_long_plan_costs_as_many_queries_as_a_short_one(jo, django_assert_num_queries):
    for number in range(1, 7):
        for words in ("first", "second", "third"):
            actions.write_step(jo.actor, owner=jo.id, number=number, lines=[words])
    with django_assert_num_queries(2):  # the steps, the key
        queries.plan(jo.actor, owner=jo.id)
