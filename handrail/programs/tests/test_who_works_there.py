"""People know staff by their names alone: everybody who came is named to them, and no two are called alike."""

from collections.abc import Callable

import pytest
from django.test import Client

from handrail.gate import programs as kept
from handrail.kernel.errors import Invalid
from handrail.programs import actions
from handrail.programs.models import Offer
from tests.fixtures.people import Somebody, sign_up
from tests.fixtures.programs import RiverHouse

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]


def test_nobody_is_called_new_who_works_there_no_more(
    river: RiverHouse, jo: Somebody, ann: Somebody, browse: Browse
) -> None:
    place, owner = river.stand_by(jo), browse(jo)
    river.hire(ann)
    for page in ("/today", "/people"):
        assert "Somebody new works at River House" in owner.get(page).content.decode()
    river.fire(ann)
    for page in ("/today", "/people", f"/people/{place}"):
        assert "Somebody new" not in owner.get(page).content.decode()


def test_who_came_and_went_again_stands_with_the_program_until_the_person_has_looked(
    river: RiverHouse, jo: Somebody, ann: Somebody, browse: Browse
) -> None:
    place, owner = river.stand_by(jo), browse(jo)
    assert "Somebody came and went" not in owner.get(f"/people/{place}").content.decode()
    river.hire(ann)
    river.fire(ann)
    assert "Somebody came and went" in owner.get(f"/people/{place}").content.decode()
    page = owner.get(f"/people/{place}/staff").content.decode()
    assert "<strong>Ann</strong>" in page and "Worked here from" in page
    owner.post(f"/people/{place}/staff")
    assert "Somebody came and went" not in owner.get(f"/people/{place}").content.decode()
    page = owner.get(f"/people/{place}/staff").content.decode()
    assert "Ann" not in page and "I have seen it" not in page  # there is nothing left to say it about


@pytest.mark.parametrize("name", ["Dana Ruiz", "dana  RUIZ", "\uff24ana Ruiz"])
def test_no_two_at_one_program_are_called_alike(name: str, river: RiverHouse, dana: Somebody, browse: Browse) -> None:
    answer = browse(river.keeper).post(f"/c/staff/{river.id}", {"name": name, "role": "peer"})
    assert answer.status_code == 422
    assert "Somebody with this name works there already" in answer.content.decode()
    assert not Offer.objects.exists()


def test_of_two_links_for_one_name_the_second_is_refused(river: RiverHouse, ann: Somebody) -> None:
    keeper = river.keeper.actor
    for taker in (ann, sign_up("Zoe")):
        code = actions.name_staff(keeper, program=river.id, name="Lee", role="peer")
        actions.use_link(taker.actor, code=code)
    first, second = Offer.objects.order_by("made_at")
    assert actions.confirm(keeper, program=river.id, offer=first.pk, phrase=first.phrase)
    with pytest.raises(Invalid, match="this name"):
        actions.confirm(keeper, program=river.id, offer=second.pk, phrase=second.phrase)
    assert [each.name for each in kept.staff_of(river.id)] == ["Keeper", "Lee"]
