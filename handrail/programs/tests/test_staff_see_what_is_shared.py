"""What a program may see reaches whoever works there at this moment, and nobody else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from handrail.checkins import actions as checkins
from handrail.checkins import queries as checked
from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.delivery import outbox
from handrail.delivery.claims import may_still_go
from handrail.delivery.models import Outbox
from handrail.gate import Category
from handrail.gate import programs as kept
from handrail.gate.categories import FOR_PEOPLE
from handrail.gate.models import Grant
from handrail.gate.rights import members_who_may
from handrail.home import seen
from handrail.kernel import clock
from handrail.kernel.environment import Posture
from handrail.kernel.errors import Invalid, NotHere, TooLate
from handrail.kernel.ids import new_id
from handrail.leaving import actions as leaving
from handrail.plan import queries as plan
from handrail.programs import actions as programs
from handrail.programs import queries as asked
from handrail.programs.said import TO_STAFF
from tests.fixtures.people import Somebody, share, sign_up, stand_by
from tests.fixtures.programs import RiverHouse, found, share_at

pytestmark = pytest.mark.django_db
ZONE = "America/New_York"


def feels(somebody: Somebody, jo: Somebody) -> str | None:
    """What somebody reads of Jo's mood; None where Jo is not there for them."""
    try:
        return seen.person(somebody.actor, owner=jo.id).card.mood
    except NotHere:
        return None


@pytest.fixture
def place(river: RiverHouse, jo: Somebody) -> str:
    """River House in Jo's circle, seeing how Jo feels."""
    checkins.record_checkin(jo.actor, owner=jo.id, zone=ZONE, key=new_id(), mood=3, note="nobody's business")
    place = river.stand_by(jo)
    share_at(jo, place, Category.FEELING)
    return place


def looks(jo: Somebody) -> list[tuple[str, str, list[str]]]:
    return [(look.staff, look.name, list(look.categories)) for look in roster.who_looked(jo.actor, owner=jo.id)]


def test_staff_see_what_is_shared_with_the_program(jo: Somebody, dana: Somebody, place: str) -> None:
    assert feels(dana, jo) == "okay"
    with pytest.raises(NotHere):
        plan.plan(dana.actor, owner=jo.id)


def test_who_works_elsewhere_sees_nothing(jo: Somebody, place: str, ann: Somebody) -> None:
    found("Hill Clinic", ann)
    assert feels(ann, jo) is None


def test_whoever_stops_working_there_sees_nothing_with_the_next_request(
    jo: Somebody, dana: Somebody, river: RiverHouse, place: str
) -> None:
    river.fire(dana)
    assert feels(dana, jo) is None


def test_whoever_starts_to_work_there_sees_it(jo: Somebody, river: RiverHouse, place: str, ann: Somebody) -> None:
    assert feels(ann, jo) is None
    river.hire(ann)
    assert feels(ann, jo) == "okay"


@pytest.mark.parametrize("how", ["stop", "pause", "end", "expire", "close", "part"])
def test_each_way_of_stopping_closes_the_next_request(
    jo: Somebody, dana: Somebody, river: RiverHouse, place: str, how: str
) -> None:
    mine: dict[str, Any] = {"actor": jo.actor, "owner": jo.id}
    if how == "stop":
        circle.change_shares(**mine, wanted={place: []})
    elif how == "pause":
        circle.pause(**mine, membership=place, keeps_help=True)
    elif how == "end":
        circle.end_membership(**mine, membership=place)
    elif how == "expire":
        soon = clock.now() + timedelta(hours=1)
        circle.set_ends(**mine, membership=place, ends={"feeling": soon}, purpose="support")
    elif how == "close":
        kept.close(river.id)
    else:
        programs.part(river.keeper.actor, owner=jo.id, program=river.id)
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert not feels(dana, jo)
        assert (feels(dana, jo) is None) == (how in {"end", "close", "part"})


def test_a_place_of_ones_own_counts_alone(jo: Somebody, dana: Somebody, place: str) -> None:
    """Jo shares nothing with Dana as a friend: where Dana works does not widen that."""
    stand_by(jo, dana)
    assert feels(dana, jo) == ""
    share(jo, dana, Category.PLAN)
    assert plan.plan(dana.actor, owner=jo.id) is not None
    assert feels(dana, jo) == ""


def test_two_programs_of_one_person_add_up(jo: Somebody, dana: Somebody, place: str, ann: Somebody) -> None:
    clinic = found("Hill Clinic", ann)
    clinic.hire(dana)
    share_at(jo, clinic.stand_by(jo), Category.PLAN)
    assert feels(dana, jo) == "okay"
    plan.plan(dana.actor, owner=jo.id)
    assert feels(ann, jo) == ""


def test_each_opening_says_who_came_and_for_whom(jo: Somebody, dana: Somebody, place: str) -> None:
    feels(dana, jo)
    assert looks(jo)[0] == ("Dana Ruiz, River House", "River House", ["feeling"])


def test_the_name_stays_in_the_log_when_they_have_left(
    jo: Somebody, dana: Somebody, river: RiverHouse, place: str, browse: Any
) -> None:
    feels(dana, jo)
    river.fire(dana)
    kept.close(river.id)
    page = browse(jo).get("/me/seen").content.decode()
    assert "Dana Ruiz, River House" in page
    assert "looked at: How I feel" in page


def test_of_two_programs_the_log_names_the_one_that_was_shared_with(
    jo: Somebody, dana: Somebody, place: str, ann: Somebody
) -> None:
    clinic = found("Hill Clinic", ann)
    clinic.hire(dana)
    share_at(jo, clinic.stand_by(jo), Category.PLAN)
    checked.seen_by_member(dana.actor, owners=[jo.id])
    assert looks(jo)[0][0] == "Dana Ruiz, River House"


def test_the_preview_is_what_staff_see(jo: Somebody, dana: Somebody, place: str) -> None:
    eyes = roster.seen_by(jo.actor, owner=jo.id, membership=place)
    assert seen.person(eyes, owner=jo.id) == seen.person(dana.actor, owner=jo.id)
    assert [staff for staff, _name, _opened in looks(jo)].count("Dana Ruiz, River House") == 1  # her own look
    right = eyes.right_to(jo.id)
    assert right and right.as_staff


def test_a_message_leaves_for_staff_only_while_they_are_staff(
    jo: Somebody, dana: Somebody, river: RiverHouse, place: str, ann: Somebody
) -> None:
    with transaction.atomic():
        for to in (dana, ann):
            outbox.put(
                to=to.id, owner=jo.id, membership=place, category=Category.FEELING, kind="try", matter="m", link="/"
            )

    def leaving() -> set[str]:
        return set(Outbox.objects.filter(may_still_go(), kind="try").values_list("to", flat=True))

    assert leaving() == {dana.id}
    river.fire(dana)
    assert leaving() == set()
    river.hire(ann)
    assert leaving() == {ann.id}
    kept.close(river.id)
    assert leaving() == set()


@pytest.mark.parametrize("category", [Category.HELP, Category.PLACE])
def test_calls_for_help_and_places_go_to_people_alone(
    jo: Somebody, dana: Somebody, place: str, category: Category
) -> None:
    with pytest.raises(Invalid, match="Choose a person"):
        share_at(jo, place, Category.FEELING, category)
    assert members_who_may(jo.id, category) == []


def test_a_call_for_help_asks_no_program_whatever_stands_in_the_database(jo: Somebody, place: str) -> None:
    Grant.objects.create(membership_id=place, category=Category.HELP, since=clock.now())
    assert members_who_may(jo.id, Category.HELP) == []


def test_a_place_that_rests_is_not_found_by_what_it_would_share(jo: Somebody, river: RiverHouse, place: str) -> None:
    assert [owner for owner, _mark in kept.whose(river.id, category=Category.FEELING)] == [jo.id]
    circle.pause(jo.actor, owner=jo.id, membership=place, keeps_help=True)
    assert kept.whose(river.id, category=Category.FEELING) == []
    assert [owner for owner, _mark in kept.whose(river.id)] == [jo.id]


def test_staff_come_for_the_program_and_not_for_themselves(jo: Somebody, dana: Somebody, place: str) -> None:
    from handrail.agreements import actions as agreements
    from handrail.agreements.rules import Line

    with pytest.raises(NotHere):
        circle.leave_circle(dana.actor, owner=jo.id)
    for side in (dana.actor, jo.actor):
        with pytest.raises(NotHere):
            agreements.offer(side, owner=jo.id, membership=place, kind="limits", lines=[Line("No calls at night")])
    assert roster.circles(dana.actor) == []


def test_where_the_law_asks_for_a_signature_a_tick_opens_nothing_to_staff(
    jo: Somebody, dana: Somebody, place: str, settings: Any
) -> None:
    settings.HANDRAIL = replace(settings.HANDRAIL, posture=Posture.PART2)
    assert feels(dana, jo) == ""
    with pytest.raises(Invalid):
        share_at(jo, place, Category.FEELING, Category.PLAN)


def test_a_post_of_the_install_opens_nobody(jo: Somebody, place: str, ann: Somebody) -> None:
    from handrail.gate.categories import PostKind

    for kind in PostKind:
        kept.give_post(person_id=ann.id, kind=kind)
    assert feels(ann, jo) is None
    assert ann.actor.all_rights() == {}
    with pytest.raises(NotHere):
        checked.seen_by_member(ann.actor, owners=[jo.id])


def test_a_new_name_of_the_person_does_not_overwrite_what_the_program_calls_them(
    jo: Somebody, dana: Somebody, place: str
) -> None:
    from handrail.people import actions as people
    from tests.fixtures.people import PASSPHRASE

    mum = sign_up("Mum")
    stand_by(jo, mum)
    people.change_name(jo.actor, owner=jo.id, name="Joanne", passphrase=f"{PASSPHRASE} Jo")
    assert seen.person(dana.actor, owner=jo.id).card.called == "Jo M."
    assert seen.person(mum.actor, owner=jo.id).card.called == "Joanne"


def test_everything_that_a_program_can_hold_has_words_for_staff() -> None:
    assert set(TO_STAFF) == set(Category) - FOR_PEOPLE


def test_staff_take_along_where_they_worked(dana: Somebody, river: RiverHouse) -> None:
    river.fire(dana)
    [desk] = asked.exported(dana.actor, owner=dana.id)["desks"]
    assert (desk["program"], desk["name"], desk["role"]) == ("River House", "Dana Ruiz", "case_worker")
    assert desk["ended_at"]


def test_whoever_erases_their_account_works_nowhere_and_the_log_keeps_the_name(
    jo: Somebody, dana: Somebody, river: RiverHouse, place: str
) -> None:
    feels(dana, jo)
    leaving.erase(dana.actor)
    assert [each.name for each in kept.staff_of(river.id)] == ["Keeper"]
    assert looks(jo)[0][0] == "Dana Ruiz, River House"
    assert kept.desks_of(dana.id) == []


def test_whoever_stopped_working_there_asks_nothing_about_it(dana: Somebody, river: RiverHouse, place: str) -> None:
    assert [each.called for each in asked.whom(dana.actor, program=river.id).people] == ["Jo M."]
    river.fire(dana)
    with pytest.raises(NotHere):
        asked.whom(dana.actor, program=river.id)


def test_an_operator_names_no_keeper_for_a_program_that_has_one(river: RiverHouse, ann: Somebody) -> None:
    kept.give_post(person_id=ann.id, kind="operator")
    with pytest.raises(TooLate):
        programs.name_keeper(ann.actor, program=river.id, name="Ann", role="lead")
    with pytest.raises(NotHere):
        programs.name_staff(ann.actor, program=river.id, name="Ann", role="lead")
