"""A share of calls that runs out, or whose consent ends, during a call: nobody waits for who gets it no more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from handrail.circle import actions as circle
from handrail.circle.queries import roster
from handrail.consents import actions as consents
from handrail.consents import queries as signed
from handrail.engine import runner
from handrail.gate import Category, Role
from handrail.kernel import clock
from handrail.kernel.ids import new_id
from handrail.safety import actions, queries
from tests.fixtures.people import Somebody, share, sign_for, stand_by
from tests.fixtures.time import Clock

pytestmark = pytest.mark.django_db(transaction=True)

SOON = timedelta(minutes=2)  # before the next rung would be asked in any case


@pytest.fixture
def osei(jo: Somebody, make_person: Callable[[str], Somebody]) -> Somebody:
    osei = make_person("Dr Osei")
    stand_by(jo, osei, Role.PHYSICIAN)
    return osei


def order(jo: Somebody, *ladder: Somebody) -> None:
    at = {somebody.id: rung for rung, somebody in enumerate(ladder, 1)}
    rungs = {each.membership_id: at[each.person_id] for each in roster(jo.actor, owner=jo.id)}
    circle.order_ladder(jo.actor, owner=jo.id, rungs=rungs)


def place_of(jo: Somebody, member: Somebody) -> str:
    return next(each.membership_id for each in roster(jo.actor, owner=jo.id) if each.person_id == member.id)


def ends(jo: Somebody, member: Somebody, after: timedelta | None) -> None:
    until = clock.now() + after if after is not None else None
    circle.set_ends(
        jo.actor, owner=jo.id, membership=place_of(jo, member), ends={Category.HELP: until}, purpose="support"
    )


def call_out(jo: Somebody) -> str:
    return actions.make_call(jo.actor, owner=jo.id, key=new_id(), words="Can you call me?")


def stands(jo: Somebody, call: str) -> dict[str, str]:
    return {person.name: person.stands for person in queries.status(jo.actor, call=call).asked}


def time_passes(time: Clock, after: timedelta) -> None:
    time.at(clock.now() + after)
    runner.run_what_is_due()


@pytest.fixture
def mum_until_soon(jo: Somebody, mum: Somebody, sam: Somebody, clock: Clock) -> None:
    """Mum is asked first, and gets Jo's calls for two minutes more; Sam comes next."""
    share(jo, mum, Category.HELP)
    share(jo, sam, Category.HELP)
    order(jo, mum, sam)
    clock.forward(seconds=0)  # from here on it stands still
    ends(jo, mum, SOON)


def test_the_next_rung_is_asked_at_the_moment_the_share_ends(jo: Somebody, mum_until_soon: None, clock: Clock) -> None:
    call = call_out(jo)
    time_passes(clock, SOON - timedelta(seconds=1))
    assert stands(jo, call) == {"Mum": "in_app"}
    time_passes(clock, timedelta(seconds=1))
    assert stands(jo, call) == {"Mum": "not_shared", "Sam": "in_app"}


def test_who_said_yes_and_gets_no_calls_any_more_is_not_waited_for(
    jo: Somebody, mum: Somebody, mum_until_soon: None, clock: Clock
) -> None:
    call = call_out(jo)
    actions.answer_call(mum.actor, call=call, answer="yes")
    time_passes(clock, SOON)
    now = queries.status(jo.actor, call=call)
    assert (now.state, now.answered_by) == ("open", "")
    assert stands(jo, call) == {"Mum": "not_shared", "Sam": "in_app"}


@pytest.mark.usefixtures("mum_until_soon")
def test_a_date_set_during_the_call_counts_and_so_does_a_later_one(jo: Somebody, mum: Somebody, clock: Clock) -> None:
    call = call_out(jo)
    ends(jo, mum, timedelta(days=1))
    time_passes(clock, SOON)
    assert stands(jo, call) == {"Mum": "in_app"}
    ends(jo, mum, timedelta(minutes=1))
    time_passes(clock, timedelta(minutes=1))
    assert stands(jo, call) == {"Mum": "not_shared", "Sam": "in_app"}


@pytest.mark.usefixtures("mum_until_soon")
def test_a_date_that_is_over_already_passes_the_call_on_at_once(jo: Somebody, mum: Somebody) -> None:
    call = call_out(jo)
    ends(jo, mum, timedelta(0))
    assert stands(jo, call) == {"Mum": "not_shared", "Sam": "in_app"}


@pytest.mark.usefixtures("mum_until_soon")
def test_each_share_that_ends_is_seen_and_at_the_ladders_end_the_page_says_that_nobody_is_left(
    jo: Somebody, sam: Somebody, clock: Clock, browse: Callable[[Somebody], Client]
) -> None:
    ends(jo, sam, SOON * 2)
    call = call_out(jo)
    time_passes(clock, SOON)
    time_passes(clock, SOON)
    assert stands(jo, call) == {"Mum": "not_shared", "Sam": "not_shared"}
    page = browse(jo).get(reverse("call-status", args=[call])).content.decode()
    assert "Nobody of yours can be asked right now" in page, page[page.find("<h1") :][:300]
    assert page.count("is not asked any more") == 2
    assert "Said so" not in page  # neither of them said anything


@pytest.mark.usefixtures("mum_until_soon")
def test_who_is_shared_with_again_is_asked_as_somebody_who_has_not_spoken(
    jo: Somebody, mum: Somebody, clock: Clock
) -> None:
    call = call_out(jo)
    time_passes(clock, SOON)
    share(jo, mum, Category.HELP)
    time_passes(clock, timedelta(minutes=30))
    assert stands(jo, call)["Mum"] == "in_app"


@pytest.mark.usefixtures("mum_until_soon")
def test_nobody_waits_for_the_date_of_a_call_that_has_ended(jo: Somebody, clock: Clock) -> None:
    call = call_out(jo)
    actions.end_call(jo.actor, call=call, ending="okay")
    time_passes(clock, SOON)
    assert list(stands(jo, call)) == ["Mum"]


@pytest.mark.usefixtures("mum_until_soon")
def test_somebody_else_on_the_rung_is_still_waited_for(jo: Somebody, mum: Somebody, sam: Somebody, ann: Somebody,
    clock: Clock) -> None:  # fmt: skip
    stand_by(jo, ann)
    share(jo, ann, Category.HELP)
    order(jo, mum, sam, ann)
    circle.order_ladder(jo.actor, owner=jo.id, rungs={place_of(jo, ann): 1})
    call = call_out(jo)
    time_passes(clock, SOON)
    assert stands(jo, call) == {"Mum": "not_shared", "Ann": "in_app"}
    actions.answer_call(ann.actor, call=call, answer="cannot")
    assert stands(jo, call)["Sam"] == "in_app"


@pytest.mark.parametrize("how", ["taken back", "over by its last day", "replaced by one without calls"])
def test_a_consent_that_ends_passes_the_call_on(
    jo: Somebody, sam: Somebody, osei: Somebody, clock: Clock, how: str
) -> None:
    place = place_of(jo, osei)
    consent = sign_for(jo, place, Category.HELP, Category.PLAN, days=3)
    share(jo, sam, Category.HELP)
    order(jo, osei, sam)
    if how == "over by its last day":
        clock.at(signed.one(jo.actor, consent=consent).expires_at - SOON)
    call = call_out(jo)
    assert stands(jo, call) == {"Dr Osei": "in_app"}
    if how == "taken back":
        consents.end(jo.actor, consent=consent)
    elif how == "over by its last day":
        time_passes(clock, SOON)
    else:
        sign_for(jo, place, Category.PLAN)
    assert stands(jo, call) == {"Dr Osei": "not_shared", "Sam": "in_app"}


def test_a_consent_that_is_renewed_during_a_call_changes_nothing_for_it(
    jo: Somebody, sam: Somebody, osei: Somebody
) -> None:
    place = place_of(jo, osei)
    sign_for(jo, place, Category.HELP, days=3)
    share(jo, sam, Category.HELP)
    order(jo, osei, sam)
    call = call_out(jo)
    sign_for(jo, place, Category.HELP, days=90)
    assert stands(jo, call) == {"Dr Osei": "in_app"}
