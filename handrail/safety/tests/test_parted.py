"""Somebody who parted from a person during a call hears nothing more of it, not even that something changed."""

import pytest

from handrail.circle import actions as circle
from handrail.circle.queries import roster
from handrail.engine.models import Bell
from handrail.gate import Category
from handrail.kernel.ids import new_id
from handrail.safety import actions
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
