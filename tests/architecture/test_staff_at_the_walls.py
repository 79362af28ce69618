"""Each wall of the gate, climbed by somebody who works at a program, and by somebody who no longer does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from handrail.checkins.models import CheckIn
from handrail.circle import actions as circle
from handrail.gate import Actor, Category, gated
from handrail.gate import programs as kept
from handrail.gate.opening import GateShut
from handrail.kernel.errors import NotHere
from handrail.kernel.sealed import SealedShut
from tests.architecture.test_walls import carry_out, write_one
from tests.fixtures.people import Somebody
from tests.fixtures.programs import RiverHouse, share_at

pytestmark = pytest.mark.django_db(transaction=True)


@gated("member.see")
def as_staff(actor: Actor, *, owner: str, climb: Callable[[], Any]) -> Any:
    """Whatever a careless room would do with the right that staff have."""
    return climb()


@gated("circle.release", writes=True)
def writing_as_staff(actor: Actor, *, owner: str, climb: Callable[[], Any]) -> Any:
    return climb()


@pytest.fixture
def place(river: RiverHouse, jo: Somebody, sam: Somebody) -> str:
    """River House sees Jo's plan alone. Jo and Sam have a check-in each, which nobody there may see."""
    for somebody in (jo, sam):
        write_one(somebody.actor, owner=somebody.id)
    place = river.stand_by(jo)
    share_at(jo, place, Category.PLAN)
    return place


def test_a_model_that_is_not_shared_has_no_rows(dana: Somebody, jo: Somebody, place: str) -> None:
    assert as_staff(dana.actor, owner=jo.id, climb=lambda: CheckIn.objects.count()) == 0
    share_at(jo, place, Category.FEELING)
    assert as_staff(dana.actor, owner=jo.id, climb=lambda: CheckIn.objects.count()) == 1


def test_words_that_are_the_person_s_own_stay_sealed(dana: Somebody, jo: Somebody, place: str) -> None:
    share_at(jo, place, Category.FEELING)
    assert as_staff(dana.actor, owner=jo.id, climb=lambda: CheckIn.objects.get().mood) == 3
    with pytest.raises(SealedShut):
        as_staff(dana.actor, owner=jo.id, climb=lambda: CheckIn.objects.get().note)


def test_staff_write_nothing_of_the_person_s(dana: Somebody, jo: Somebody, place: str) -> None:
    share_at(jo, place, Category.FEELING)
    with pytest.raises(GateShut):
        as_staff(dana.actor, owner=jo.id, climb=lambda: CheckIn.objects.update(late=True))
    with pytest.raises(NotHere):
        write_one(dana.actor, owner=jo.id)
    with pytest.raises(NotHere):
        carry_out(dana.actor, owner=jo.id, hide_in=[])


def test_a_right_that_was_learnt_before_does_not_write_after_the_place_at_the_desk_ended(
    dana: Somebody, jo: Somebody, river: RiverHouse, place: str
) -> None:
    eager = dana.actor
    assert eager.right_to(jo.id) is not None
    river.fire(dana)
    with pytest.raises(NotHere):
        writing_as_staff(eager, owner=jo.id, climb=lambda: None)


@pytest.mark.parametrize("how", ["fired", "ended", "closed", "another program"])
def test_whoever_does_not_work_there_gets_the_answer_for_what_does_not_exist(
    dana: Somebody, jo: Somebody, ann: Somebody, river: RiverHouse, place: str, how: str
) -> None:
    if how == "fired":
        river.fire(dana)
    elif how == "ended":
        circle.end_membership(jo.actor, owner=jo.id, membership=place)
    elif how == "closed":
        kept.close(river.id)
    climber = ann if how == "another program" else dana
    if climber is ann:
        kept.hire(
            program_id=kept.make(name="Hill Clinic", kind="clinic", about=""),
            person_id=ann.id, name="Ann", role="lead", keeper=True,
        )  # fmt: skip
    with pytest.raises(NotHere):
        as_staff(climber.actor, owner=jo.id, climb=lambda: 1)


@pytest.mark.postgresql
def test_raw_sql_of_staff_finds_the_rows_of_the_one_whose_page_is_open(
    dana: Somebody, jo: Somebody, sam: Somebody, place: str
) -> None:
    def owners() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT owner_id FROM checkins_checkin")
            return [owner for (owner,) in cursor.fetchall()]

    assert as_staff(dana.actor, owner=jo.id, climb=owners) == [jo.id]
    with pytest.raises(GateShut):
        owners()
    with pytest.raises(NotHere):
        as_staff(dana.actor, owner=sam.id, climb=owners)
