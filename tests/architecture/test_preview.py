"""The person's look through a member's eyes shows what the member sees of them, and nothing of the member's own."""

from collections.abc import Callable

import pytest

from handrail.checkins import queries as checkins
from handrail.circle import queries as circle
from handrail.gate import Actor
from handrail.kernel.errors import NotHere
from handrail.people import queries as people
from handrail.plan import queries as plan
from tests.fixtures.people import Somebody, stand_by

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
