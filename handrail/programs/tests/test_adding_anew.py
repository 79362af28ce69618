"""A program that stood in somebody's circle and is added again begins anew: nothing of the time before opens."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.test import Client

from handrail.checkins import actions as checkins
from handrail.circle import actions as circle
from handrail.consents import actions as consents
from handrail.consents import queries as consented
from handrail.gate import Category
from handrail.gate.covers import ConsentNeeded
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import new_id
from handrail.programs import actions, queries
from tests.fixtures.people import ZONE, Somebody, roster, sign_for, sign_up
from tests.fixtures.programs import RiverHouse, found, share_at

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]


def keeper_parts(river: RiverHouse, jo: Somebody, place: str) -> None:
    actions.part(river.keeper.actor, owner=jo.id, program=river.id)


def person_parts(river: RiverHouse, jo: Somebody, place: str) -> None:
    circle.end_membership(jo.actor, owner=jo.id, membership=place)


PARTINGS = [keeper_parts, person_parts]


@pytest.fixture
def signing(db: None) -> RiverHouse:
    """River House on an install where a share with it needs a signature."""
    return found("River House", sign_up("Keeper"))


def opened(who: Somebody, jo: Somebody) -> frozenset[str]:
    with suppress(NotHere):
        return queries.stands_beside(who.actor, owner=jo.id).categories
    return frozenset({"not beside"})


def last_day() -> date:
    return clock.today(ZONE) + timedelta(days=90)


@pytest.mark.parametrize("parts", PARTINGS)
class TestAddedAgain:
    def test_no_share_and_no_name_comes_back(
        self, parts: Callable[..., None], river: RiverHouse, dana: Somebody, jo: Somebody, browse: Browse
    ) -> None:
        before = river.stand_by(jo)
        share_at(jo, before, Category.FEELING, Category.PLAN)
        checkins.record_checkin(jo.actor, owner=jo.id, zone=ZONE, key=new_id(), mood=1)
        assert opened(dana, jo) == {"feeling", "plan"}
        parts(river, jo, before)
        assert opened(dana, jo) == {"not beside"}
        place = actions.add_program(jo.actor, owner=jo.id, program=river.id, called="J.")
        assert place != before
        assert opened(dana, jo) == frozenset()
        client = browse(dana)
        assert "feeling rough" not in client.get(f"/c/p/{jo.id}").content.decode()
        people = client.get("/c/people").content.decode()
        assert "Jo M." not in people and "J." in people and "Not shared right now." in people
        assert jo.id not in client.get("/c/people?shows=feeling").content.decode()
        assert browse(jo).get(f"/people/{before}").status_code == 404

    def test_the_old_place_is_not_shared_with_any_more(
        self, parts: Callable[..., None], river: RiverHouse, dana: Somebody, jo: Somebody
    ) -> None:
        before = river.stand_by(jo)
        parts(river, jo, before)
        river.stand_by(jo)
        with pytest.raises(NotHere):
            circle.change_shares(jo.actor, owner=jo.id, wanted={before: ["feeling"]})
        assert opened(dana, jo) == frozenset()

    def test_what_was_signed_for_the_old_place_opens_nothing_at_the_new_one(
        self, parts: Callable[..., None], signing: RiverHouse, jo: Somebody
    ) -> None:
        before = signing.stand_by(jo)
        old = sign_for(jo, before, "feeling", "plan")
        assert opened(signing.keeper, jo) == {"feeling", "plan"}
        parts(signing, jo, before)
        place = signing.stand_by(jo)
        assert opened(signing.keeper, jo) == frozenset()
        with pytest.raises(ConsentNeeded):
            circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["feeling"]})
        with pytest.raises(NotHere):  # nor by renewing it
            consents.renew(jo.actor, consent=old, zone=ZONE, last_day=last_day())
        sign_for(jo, place, "feeling")
        assert opened(signing.keeper, jo) == {"feeling"}

    def test_a_draft_for_the_old_place_can_not_be_signed_into_the_new_one(
        self, parts: Callable[..., None], signing: RiverHouse, jo: Somebody
    ) -> None:
        before = signing.stand_by(jo)
        said = {"kind": "share", "things": ["feeling"], "purpose": "treatment", "membership": before}
        draft = consents.write(jo.actor, owner=jo.id, zone=ZONE, last_day=last_day(), **said)
        parts(signing, jo, before)
        signing.stand_by(jo)
        with pytest.raises(NotHere):
            consents.sign(jo.actor, consent=draft, shown=consented.one(jo.actor, consent=draft).digest, name="Jo")
        assert opened(signing.keeper, jo) == frozenset()

    def test_who_came_meanwhile_stands_in_the_list_and_who_left_stays_out(
        self, parts: Callable[..., None], river: RiverHouse, dana: Somebody, jo: Somebody, ann: Somebody, browse: Browse
    ) -> None:
        before = river.stand_by(jo)
        share_at(jo, before, Category.FEELING)
        parts(river, jo, before)
        river.fire(dana)
        river.hire(ann)
        page = browse(jo).get(f"/people/programs/{river.id}").content.decode()
        assert "Ann" in page and "Dana Ruiz" not in page
        river.stand_by(jo)
        assert opened(dana, jo) == {"not beside"} and opened(ann, jo) == frozenset()
        assert roster(jo)[0].new_staff == 0  # they were on the page before the button was pressed

    def test_the_page_says_that_it_starts_anew(
        self, parts: Callable[..., None], river: RiverHouse, jo: Somebody, browse: Browse
    ) -> None:
        client, path = browse(jo), f"/people/programs/{river.id}"
        assert "This starts anew" not in client.get(path).content.decode()
        parts(river, jo, river.stand_by(jo))
        assert "This starts anew" in client.get(path).content.decode()
