"""The person's look through a member's eyes shows what the member sees of them, and nothing of the member's own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from handrail.checkins import actions
from handrail.checkins import queries as checkins
from handrail.circle import queries as circle
from handrail.gate import Actor, Category
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import new_id
from handrail.people import queries as people
from handrail.plan import queries as plan
from handrail.safety import actions as safety
from tests.fixtures.people import ZONE, Somebody, share, sign_for, sign_up, stand_by
from tests.fixtures.programs import found

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "look",
    [
        lambda eyes, member: people.profile(eyes, owner=member),
        lambda eyes, member: plan.plan(eyes, owner=member),
        lambda eyes, member: checkins.hard_days(eyes, owner=member),
        lambda eyes, member: circle.roster(eyes, owner=member),
    ],
)
def test_a_member_s_eyes_open_nothing_of_the_member(
    jo: Somebody, ann: Somebody, look: Callable[[Actor, str], object]
) -> None:
    eyes = circle.seen_by(jo.actor, owner=jo.id, membership=stand_by(jo, ann))
    with pytest.raises(NotHere):
        look(eyes, ann.id)


def what_is_shown(page: Any) -> str:
    """From the first card to the last note: what tells of the person."""
    assert page.status_code == 200
    text = str(page.content.decode())
    begin = text.index('<section class="card')
    return text[begin : text.index("</p>", text.index('<p class="note">', begin))]


def tell(jo: Somebody) -> None:
    actions.record_checkin(jo.actor, owner=jo.id, zone=ZONE, key=new_id(), mood=2, craving=1)
    actions.set_start(jo.actor, owner=jo.id, zone=ZONE, began=clock.today(ZONE) - timedelta(days=142))


def test_the_look_through_their_eyes_is_their_own_page(jo: Somebody, mum: Somebody, browse: Any) -> None:
    tell(jo)
    for shared in ([], [Category.FEELING], list(Category)):
        share(jo, mum, *shared)
        (place,) = (each.membership_id for each in circle.roster(jo.actor, owner=jo.id))
        theirs = what_is_shown(browse(mum).get(f"/s/{jo.id}"))
        assert what_is_shown(browse(jo).get(f"/people/{place}/see")) == theirs, shared


def test_while_a_call_goes_on_it_shows_that_too_with_nothing_to_open(jo: Somebody, mum: Somebody, browse: Any) -> None:
    share(jo, mum, Category.HELP)
    call = safety.make_call(jo.actor, owner=jo.id, key=new_id())
    (place,) = (each.membership_id for each in circle.roster(jo.actor, owner=jo.id))
    theirs = browse(mum).get(f"/s/{jo.id}").content.decode()
    ours = browse(jo).get(f"/people/{place}/see").content.decode()
    assert "Jo asks for help" in theirs and "Jo asks for help" in ours
    assert f"/s/alert/{call}" in theirs and f"/s/alert/{call}" not in ours


def test_through_the_eyes_of_a_program_it_is_the_page_of_its_staff(jo: Somebody, ann: Somebody, browse: Any) -> None:
    tell(jo)
    river = found("River House", sign_up("Keeper"))
    river.hire(ann)
    place = river.stand_by(jo)
    sign_for(jo, place, Category.FEELING, Category.PLAN)
    theirs = what_is_shown(browse(ann).get(f"/c/p/{jo.id}"))
    assert what_is_shown(browse(jo).get(f"/people/{place}/see")) == theirs
