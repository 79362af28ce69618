"""The history says of every share how it ended: stopped by somebody, or by itself on the day that was chosen."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from handrail.circle import actions, queries
from handrail.consents import actions as consents
from handrail.gate import Actor, Category, Role
from handrail.gate import programs as kept
from handrail.gate.history import Shared
from handrail.gate.models import Grant
from handrail.programs import actions as programs
from tests.fixtures.people import ZONE, Somebody, share, sign_for, stand_by
from tests.fixtures.programs import RiverHouse, share_at
from tests.fixtures.time import Clock

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]
SUNDAY_NIGHT = datetime(2027, 3, 15, tzinfo=ZoneInfo(ZONE))


def day(number: int) -> datetime:
    return datetime(2027, 3, number, 12, tzinfo=ZoneInfo(ZONE))


def place_of(jo: Somebody) -> str:
    return queries.roster(jo.actor, owner=jo.id)[0].membership_id


def until_sunday(jo: Somebody) -> None:
    actions.set_ends(jo.actor, owner=jo.id, membership=place_of(jo), ends={"feeling": SUNDAY_NIGHT}, purpose="support")


def history(jo: Somebody) -> list[Shared]:
    return queries.history(jo.actor, owner=jo.id)


@pytest.fixture
def ran_out(jo: Somebody, mum: Somebody, clock: Clock) -> str:
    """Mum saw how Jo feels until Sunday. Now it is Wednesday."""
    clock.at(day(10))
    share(jo, mum, Category.FEELING)
    until_sunday(jo)
    clock.at(day(17))
    return place_of(jo)


def test_what_ran_out_and_is_ticked_again_ended_by_itself(jo: Somebody, ran_out: str, browse: Browse) -> None:
    actions.change_shares(jo.actor, owner=jo.id, wanted={ran_out: ["feeling"]})
    again, before = history(jo)
    assert before.stopped_at == SUNDAY_NIGHT and before.ended_by_itself
    assert Grant.objects.order_by("since").first().stopped_at == SUNDAY_NIGHT  # type: ignore[union-attr]
    assert again.stopped_at is None and not again.ended_by_itself
    page = browse(jo).get("/people/history").content.decode()
    assert "Ended by itself after Sunday, 14 March 2027" in page
    assert "Stopped" not in page and "Still shared" in page


def test_what_ran_out_ended_by_itself_whoever_parts_later(jo: Somebody, mum: Somebody, ran_out: str) -> None:
    actions.leave_circle(mum.actor, owner=jo.id)
    [line] = history(jo)
    assert line.stopped_at == SUNDAY_NIGHT and line.ended_by_itself
    assert Grant.objects.get().stopped_at == SUNDAY_NIGHT


def test_what_is_stopped_before_its_end_was_stopped(jo: Somebody, mum: Somebody, browse: Browse, clock: Clock) -> None:
    clock.at(day(10))
    share(jo, mum, Category.FEELING)
    until_sunday(jo)
    clock.at(day(12))
    actions.stop_all(jo.actor, owner=jo.id, membership=place_of(jo))
    [line] = history(jo)
    assert line.stopped_at == day(12) and not line.ended_by_itself
    assert "Stopped 12 March 2027, 12:00 p.m." in browse(jo).get("/people/history").content.decode()


def test_a_line_that_was_once_stamped_too_late_says_its_true_end(jo: Somebody, ran_out: str) -> None:
    Grant.objects.update(stopped_at=day(17))
    [line] = history(jo)
    assert line.stopped_at == SUNDAY_NIGHT and line.ended_by_itself


def test_a_consent_that_ran_out_was_stopped_by_nobody(jo: Somebody, ann: Somebody, clock: Clock) -> None:
    clock.at(day(10))
    signed = sign_for(jo, stand_by(jo, ann, Role.PHYSICIAN), Category.PLAN, days=4)
    clock.at(day(17))  # the worker comes late
    consents.note_end(Actor.system("a consent has ended"), consent=signed)
    [line] = history(jo)
    assert line.stopped_at == SUNDAY_NIGHT and line.ended_by_itself
    assert Grant.objects.get().stopped_at == SUNDAY_NIGHT


def test_a_consent_that_is_taken_back_was_stopped(jo: Somebody, ann: Somebody, clock: Clock) -> None:
    clock.at(day(10))
    signed = sign_for(jo, stand_by(jo, ann, Role.PHYSICIAN), Category.PLAN, days=4)
    clock.at(day(12))
    consents.end(jo.actor, consent=signed)
    [line] = history(jo)
    assert line.stopped_at == day(12) and not line.ended_by_itself


@pytest.mark.parametrize("over", ["closes", "parts"])
def test_what_ran_out_with_a_program_was_over_before(jo: Somebody, river: RiverHouse, clock: Clock, over: str) -> None:
    clock.at(day(10))
    share_at(jo, river.stand_by(jo), Category.FEELING)
    until_sunday(jo)
    clock.at(day(17))
    if over == "closes":
        kept.close(river.id)
    else:
        programs.part(river.keeper.actor, owner=jo.id, program=river.id)
    [line] = history(jo)
    assert line.stopped_at == SUNDAY_NIGHT and line.ended_by_itself
    assert Grant.objects.get().stopped_at == SUNDAY_NIGHT


def test_while_a_place_is_paused_nothing_of_it_is_called_shared(jo: Somebody, mum: Somebody, browse: Browse) -> None:
    share(jo, mum, Category.FEELING, Category.HELP)
    actions.pause(jo.actor, owner=jo.id, membership=place_of(jo), keeps_help=True)
    assert {line.category: line.resting for line in history(jo)} == {"feeling": True, "help": False}
    page = browse(jo).get("/people/history").content.decode()
    assert page.count("Paused now") == 1 and page.count("Still shared") == 1
    actions.resume(jo.actor, owner=jo.id, membership=place_of(jo))
    assert "Paused now" not in browse(jo).get("/people/history").content.decode()


def test_each_line_says_what_it_is_for(jo: Somebody, mum: Somebody, browse: Browse) -> None:
    share(jo, mum, Category.FEELING)
    actions.set_ends(jo.actor, owner=jo.id, membership=place_of(jo), ends={}, purpose="emergency")
    assert "Only for when it is hard" in browse(jo).get("/people/history").content.decode()


def test_what_is_over_keeps_what_it_was_for(jo: Somebody, ran_out: str) -> None:
    actions.set_ends(jo.actor, owner=jo.id, membership=ran_out, ends={"feeling": None}, purpose="treatment")
    [line] = history(jo)
    assert line.purpose == "support" and line.until == SUNDAY_NIGHT
