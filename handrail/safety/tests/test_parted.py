"""Somebody who parted from a person during a call hears nothing more of it, not even that something changed."""

import pytest

from handrail.circle import actions as circle
from handrail.circle.queries import roster
from handrail.engine.models import Bell
from handrail.gate import Category
from handrail.kernel.ids import new_id
from handrail.safety import actions, queries
from tests.fixtures.people import Somebody, share, stand_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("parting", ["the place is ended", "the share is stopped"])
def test_the_bell_of_a_call_rings_only_for_those_who_still_may_see_it(
    jo: Somebody, ann: Somebody, sam: Somebody, parting: str
) -> None:
    place = stand_by(jo, ann)
    for member in (ann, sam):
        share(jo, member, Category.HELP)
    together = {each.membership_id: 1 for each in roster(jo.actor, owner=jo.id)}
    circle.order_ladder(jo.actor, owner=jo.id, rungs=together)
    call = actions.make_call(jo.actor, owner=jo.id, key=new_id(), words="Can you call me?")
    if parting == "the place is ended":
        circle.end_membership(jo.actor, owner=jo.id, membership=place)
    else:
        share(jo, ann)
    Bell.objects.all().delete()
    actions.add_to_call(jo.actor, call=call, words="I am at home")
    actions.answer_call(sam.actor, call=call, answer="yes")
    actions.end_call(jo.actor, call=call, ending="okay")
    assert set(Bell.objects.values_list("person_id", flat=True)) == {jo.id, sam.id}


def part(jo: Somebody, member: Somebody, how: str) -> None:
    [place] = [each.membership_id for each in roster(jo.actor, owner=jo.id) if each.person_id == member.id]
    if how == "the place is ended":
        circle.end_membership(jo.actor, owner=jo.id, membership=place)
    elif how == "the share is stopped":
        circle.change_shares(jo.actor, owner=jo.id, wanted={place: []})
    else:
        circle.pause(jo.actor, owner=jo.id, membership=place, keeps_help=False)


HOW = pytest.mark.parametrize("how", ["the place is ended", "the share is stopped", "the share rests"])


@pytest.fixture
def call(jo: Somebody, mum: Somebody, sam: Somebody) -> str:
    """Mum is asked first, then Sam."""
    for member in (mum, sam):
        share(jo, member, Category.HELP)
    order = {each.membership_id: 1 if each.person_id == mum.id else 2 for each in roster(jo.actor, owner=jo.id)}
    circle.order_ladder(jo.actor, owner=jo.id, rungs=order)
    return actions.make_call(jo.actor, owner=jo.id, key=new_id(), words="Can you call me?")


def stands(jo: Somebody, call: str) -> dict[str, str]:
    return {person.name: person.stands for person in queries.status(jo.actor, call=call).asked}


@HOW
def test_when_the_person_parts_from_who_said_yes_the_next_one_is_asked_at_once(
    jo: Somebody, mum: Somebody, sam: Somebody, call: str, how: str
) -> None:
    actions.answer_call(mum.actor, call=call, answer="yes")
    part(jo, mum, how)
    now = queries.status(jo.actor, call=call)
    assert (now.state, now.answered_by) == ("open", "")
    assert list(stands(jo, call).values()) == ["not_shared", "in_app"]
    actions.answer_call(sam.actor, call=call, answer="yes")
    assert queries.status(jo.actor, call=call).answered_by == "Sam"


@HOW
def test_somebody_else_who_said_yes_has_it_then(
    jo: Somebody, mum: Somebody, sam: Somebody, call: str, how: str
) -> None:
    actions.answer_call(mum.actor, call=call, answer="unreached")
    actions.answer_call(sam.actor, call=call, answer="yes")
    actions.answer_call(mum.actor, call=call, answer="yes")
    part(jo, sam, how)
    assert queries.status(jo.actor, call=call).answered_by == "Mum"


@HOW
def test_nobody_waits_for_an_answer_of_who_is_gone(jo: Somebody, mum: Somebody, call: str, how: str) -> None:
    part(jo, mum, how)
    now = queries.status(jo.actor, call=call)
    assert "Sam" in stands(jo, call)
    assert not now.seen  # nobody has looked at it


def test_who_was_not_on_the_call_changes_nothing_for_it(jo: Somebody, mum: Somebody, sam: Somebody, call: str) -> None:
    actions.answer_call(mum.actor, call=call, answer="yes")
    part(jo, sam, "the place is ended")
    assert queries.status(jo.actor, call=call).answered_by == "Mum"
    assert list(stands(jo, call)) == ["Mum"]


def test_changing_shares_again_and_again_does_not_put_off_the_next_round(
    jo: Somebody, mum: Somebody, sam: Somebody, call: str
) -> None:
    actions.answer_call(mum.actor, call=call, answer="cannot")
    part(jo, mum, "the place is ended")
    part(jo, sam, "the share is stopped")
    next_at = queries.status(jo.actor, call=call).next_at
    for category in (Category.FEELING, Category.PLAN):
        share(jo, sam, category)
    assert queries.status(jo.actor, call=call).next_at == next_at
    assert queries.status(jo.actor, call=call).nobody_left
