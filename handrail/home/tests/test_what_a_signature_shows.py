"""Who sees what somebody signed for reads what that is, in words that are right from their side."""

from collections.abc import Callable

import pytest
from django.test import Client

from handrail.circle import queries as circle
from handrail.circle import said
from handrail.gate import Category, Role
from handrail.plan import actions as plan
from tests.fixtures.people import Somebody, share, stand_by
from tests.fixtures.programs import RiverHouse, share_at

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]
WHAT_IS_NOT_SEEN = "What you see, and what you do not"


def test_a_doctor_reads_what_is_shared_and_that_there_may_be_more_and_so_does_the_preview(
    jo: Somebody, ann: Somebody, browse: Callable[[Somebody], Client]
) -> None:
    place = stand_by(jo, ann, Role.PHYSICIAN)
    page = browse(ann).get(f"/s/{jo.id}").content.decode()
    assert WHAT_IS_NOT_SEEN in page and "Jo shares nothing with you right now." in page
    share(jo, ann, Category.PLAN, Category.HELP)
    page = browse(ann).get(f"/s/{jo.id}").content.decode()
    assert "Jo shares with you: Their plan, Their call for help." in page
    assert "Jo can read when you open something of theirs here, and what it was." in page
    preview = browse(jo).get(f"/people/{place}/see").content.decode()
    assert "Jo shares with you: Their plan, Their call for help." in preview


def test_family_is_not_told_which_kinds_are_shared(
    jo: Somebody, mum: Somebody, browse: Callable[[Somebody], Client]
) -> None:
    share(jo, mum, Category.PLAN)
    assert WHAT_IS_NOT_SEEN not in browse(mum).get(f"/s/{jo.id}").content.decode()


PROMISE = "something of theirs here, and what it was."


def test_a_doctor_is_promised_what_the_log_does(jo: Somebody, ann: Somebody, browse: Browse) -> None:
    """Where nothing is opened nothing is written down: the page does not say that each visit is."""
    plan.write_step(jo.actor, owner=jo.id, number=1, lines=["Payday"])
    stand_by(jo, ann, Role.PHYSICIAN)
    assert PROMISE in browse(ann).get(f"/s/{jo.id}").content.decode()
    assert looks(jo) == []
    share(jo, ann, Category.PLAN)
    browse(ann).get(f"/s/{jo.id}")
    assert looks(jo) == ["Ann looked at: My plan"]


def test_staff_are_promised_what_the_log_does(jo: Somebody, river: RiverHouse, dana: Somebody, browse: Browse) -> None:
    plan.write_step(jo.actor, owner=jo.id, number=1, lines=["Payday"])
    place = river.stand_by(jo)
    assert PROMISE in browse(dana).get(f"/c/p/{jo.id}").content.decode()
    assert looks(jo) == []
    share_at(jo, place, Category.PLAN)
    browse(dana).get(f"/c/p/{jo.id}")
    assert looks(jo) == ["Dana Ruiz, River House looked at: My plan"]


def looks(jo: Somebody) -> list[str]:
    """What the list of who looked says of others."""
    found = said.lines(circle.who_looked(jo.actor, owner=jo.id))
    return [f"{line.who} {line.what}" for line in found if not line.by_the_house]
