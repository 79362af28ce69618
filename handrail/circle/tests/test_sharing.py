"""Ticks on the matrix: what is ticked is seen from the next request on, what is cleared is not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from handrail.circle import actions, queries
from handrail.gate import Category
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import new_id
from handrail.people import actions as people
from tests.fixtures.people import Somebody, share, stand_by

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]


def member(owner: Somebody, name: str) -> queries.Member:
    return next(each for each in queries.roster(owner.actor, owner=owner.id) if each.name == name)


def test_ticks_are_set_and_cleared_for_those_on_the_page(
    browse: Browse, jo: Somebody, mum: Somebody, sam: Somebody
) -> None:
    share(jo, mum, Category.FEELING, Category.CRAVINGS)
    share(jo, sam, Category.USE)
    on_page = [member(jo, "Mum").membership_id]
    answer = browse(jo).post(
        "/people/sharing", {"on_page": on_page, "share": [f"{on_page[0]}:feeling", f"{on_page[0]}:plan"]}, follow=True
    )
    assert member(jo, "Mum").categories == {Category.FEELING, Category.PLAN}
    assert member(jo, "Sam").categories == {Category.USE}
    page = answer.content.decode()
    assert "Mum now also sees: My plan" in page and "Mum no longer sees: Cravings. They are not told." in page


def test_a_tick_for_somebody_in_another_circle_is_refused(jo: Somebody, ann: Somebody, mum: Somebody) -> None:
    theirs = stand_by(ann, mum)
    with pytest.raises(NotHere):
        actions.change_shares(jo.actor, owner=jo.id, wanted={theirs: ["feeling"]})
    with pytest.raises(NotHere):
        actions.change_shares(jo.actor, owner=jo.id, wanted={new_id(): ["feeling"]})


@pytest.mark.parametrize(
    "tick", ["", ":", "nonsense", "{member}:everything", "{member}:notes", "x:feeling", "{member}"]
)
def test_nonsense_ticks_share_nothing(browse: Browse, jo: Somebody, mum: Somebody, tick: str) -> None:
    mine = member(jo, "Mum").membership_id
    answer = browse(jo).post("/people/sharing", {"on_page": [mine], "share": [tick.format(member=mine)]})
    assert answer.status_code == 302
    assert member(jo, "Mum").categories == frozenset()


def test_notes_cannot_be_shared_as_a_category() -> None:
    assert "notes" not in Category.values and "note" not in Category.values


def test_never_shared_and_no_longer_shared_look_the_same(
    browse: Browse, jo: Somebody, mum: Somebody, sam: Somebody
) -> None:
    def page_of(somebody: Somebody) -> str:
        return browse(somebody).get(f"/s/{jo.id}").content.decode()

    share(jo, mum, Category.FEELING, Category.PLAN)
    share(jo, mum)
    import re

    def without_token(page: str) -> str:
        return re.sub(r'data-owner="\w+"|"X-CSRFToken": "[^"]*"|value="[A-Za-z0-9]{64}"', "", page)

    assert without_token(page_of(mum)) == without_token(page_of(sam))
    assert "is not sharing this right now" in page_of(mum)


def test_both_sides_can_part(browse: Browse, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
    mine = member(jo, "Mum").membership_id
    browse(jo).post(f"/people/{mine}/end")
    assert browse(mum).get(f"/s/{jo.id}").status_code == 404
    browse(sam).post(f"/s/{jo.id}/leave")
    assert queries.roster(jo.actor, owner=jo.id) == []
    assert browse(sam).get("/s/today").status_code == 200


def test_whoever_left_can_be_invited_again(jo: Somebody, mum: Somebody) -> None:
    actions.leave_circle(mum.actor, owner=jo.id)
    stand_by(jo, mum)
    assert member(jo, "Mum").categories == frozenset()


def test_the_order_of_the_ladder_is_the_person_s(browse: Browse, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
    for each in (mum, sam):
        share(jo, each, Category.HELP)
    m, s = member(jo, "Mum").membership_id, member(jo, "Sam").membership_id
    browse(jo).post("/people/order", {m: 2, s: 1})
    assert [each.name for each in queries.roster(jo.actor, owner=jo.id)] == ["Sam", "Mum"]


@pytest.mark.parametrize("rung", ["0", "-1", "21", "first", "", "1.5", "9" * 30])
def test_a_rung_that_is_none_is_kindly_refused(browse: Browse, jo: Somebody, mum: Somebody, rung: str) -> None:
    share(jo, mum, Category.HELP)
    answer = browse(jo).post("/people/order", {member(jo, "Mum").membership_id: rung})
    assert answer.status_code == 422
    assert "Type a number from 1 to 20" in answer.content.decode()


def test_with_more_than_five_people_each_has_a_page(
    browse: Browse, jo: Somebody, make_person: Callable[[str], Somebody]
) -> None:
    for name in "ABCDEF":
        stand_by(jo, make_person(name))
    assert '<table class="matrix">' not in browse(jo).get("/people").content.decode()
    assert browse(jo).get(f"/people/{member(jo, 'C').membership_id}").status_code == 200


@pytest.mark.parametrize("before", ["9" * 30, "9" * 5000, "-1", "x", "\u0663"])
def test_a_page_of_the_log_that_cannot_be_is_no_error(jo: Somebody, browse: Browse, before: str) -> None:
    assert browse(jo).get("/me/seen", {"before": before}).status_code == 200


def test_a_page_that_stays_open_is_one_line_of_the_log(browse: Browse, jo: Somebody, mum: Somebody) -> None:
    from handrail.circle import said
    from handrail.kernel import clock

    share(jo, mum, Category.HELP, Category.FEELING)
    started = clock.now()
    for minutes in (0, 5, 10, 40):
        with clock.moved_to(started + timedelta(minutes=minutes)):
            browse(mum).get(f"/s/{jo.id}")
            _say_how_it_is(jo)
            browse(mum).get(f"/s/{jo.id}")
    lines = [line for line in said.lines(queries.who_looked(jo.actor, owner=jo.id)) if line.who == "Mum"]
    assert [(line.at - line.since) for line in lines] == [timedelta(), timedelta(minutes=10)]


def _say_how_it_is(jo: Somebody) -> None:
    from handrail.checkins import actions as checkins

    checkins.record_checkin(jo.actor, owner=jo.id, zone="UTC", key=new_id(), mood=3)


def test_the_api_takes_every_category_that_there_is(jo: Somebody, mum: Somebody) -> None:
    token = people.make_token(jo.actor, owner=jo.id, label="t", scopes=["read", "circle"])
    place = member(jo, "Mum").membership_id
    answer = Client().put(
        f"/api/v1/shares/{place}",
        {"categories": sorted(Category.values)},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.json()
    assert answer.json()["categories"] == sorted(Category.values)
