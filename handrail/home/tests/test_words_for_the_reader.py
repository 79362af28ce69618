"""Words that are meant for family do not reach those who come by their profession, nor a program."""

from collections.abc import Callable

import pytest
from django.test import Client

from handrail.checkins import actions as checkins
from handrail.gate import Category, Role
from handrail.kernel import clock
from handrail.kernel.ids import new_id
from tests.fixtures.people import Somebody, share, stand_by
from tests.fixtures.programs import RiverHouse

pytestmark = pytest.mark.django_db
FOR_FAMILY = "You did not cause this"


def test_a_doctor_gets_no_words_for_family_and_no_weekly_question(
    jo: Somebody, mum: Somebody, ann: Somebody, browse: Callable[[Somebody], Client]
) -> None:
    stand_by(jo, ann, Role.PHYSICIAN)
    family = browse(mum).get("/s/today")
    assert FOR_FAMILY in family.content.decode() and family.context["form"]
    doctor = browse(ann).get("/s/today")
    assert FOR_FAMILY not in doctor.content.decode() and not doctor.context["form"]


def test_the_day_of_a_medicine_answer_is_named_as_that_and_not_as_a_check_in(
    jo: Somebody, mum: Somebody, browse: Callable[[Somebody], Client]
) -> None:
    share(jo, mum, Category.MEDICINE)
    checkins.record_checkin(jo.actor, owner=jo.id, zone="America/New_York", key=new_id(), mood=3, medicine="taken")
    with clock.moved_by(days=1):
        page = browse(mum).get(f"/s/{jo.id}").content.decode()
    assert "Last check-in" not in page and "Medicine, " in page


def test_a_program_is_not_told_that_it_would_be_called(
    jo: Somebody, river: RiverHouse, browse: Callable[[Somebody], Client]
) -> None:
    place = river.stand_by(jo)
    page = browse(jo).get(f"/people/{place}/see").content.decode()
    assert "Calls for help do not come to programs." in page and "will tell you" not in page


def test_who_gets_no_calls_is_not_offered_a_rest_from_them(
    jo: Somebody, mum: Somebody, browse: Callable[[Somebody], Client]
) -> None:
    share(jo, mum, Category.PLAN)
    client = browse(mum)
    assert "Take a rest from calls" not in client.get(f"/s/{jo.id}").content.decode()
    share(jo, mum, Category.PLAN, Category.HELP)
    assert "Take a rest from calls" in client.get(f"/s/{jo.id}").content.decode()
