"""A role has one colour: on the map, in every list, in the log and in the papers. Its word always stands with it."""

import re
from typing import Any

import pytest

from handrail.checkins import actions as checkins
from handrail.circle import actions as circle_actions
from handrail.circle import queries as circle
from handrail.circle.kinds import Kind
from handrail.gate import Category, Role
from handrail.kernel.ids import new_id
from handrail.shell.templatetags.shell import COLOURS, dot_colour
from tests.fixtures.people import Somebody, share, sign_for, sign_up, stand_by
from tests.fixtures.programs import found

pytestmark = pytest.mark.django_db
FACE = re.compile(r'<circle class="face ?(\w?)"')


def dots(page: str, initial: str) -> set[str]:
    return set(re.findall(rf'<span class="dot ?(\w?)"[^>]*>{initial}<', page))


def test_every_role_and_kind_has_its_colour() -> None:
    assert set(COLOURS) == {*Role.values, *Kind.values} - {Kind.OTHER.value}
    drawn = {dot_colour(role) for role in ("family", "sponsor", "peer", "physician", "group", "other")}
    assert len(drawn) == 6  # what differs can be told apart


def test_on_the_map_in_the_lists_and_in_the_log(browse: Any, jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, Category.FEELING)
    checkins.record_checkin(jo.actor, owner=jo.id, zone="America/New_York", key=new_id(), mood=2)
    browse(mum).get(f"/s/{jo.id}")  # stands in the log
    place, client = circle.roster(jo.actor, owner=jo.id)[0].membership_id, browse(jo)
    assert FACE.findall(client.get("/people").content.decode()) == [dot_colour(Role.FAMILY)]
    for path in ("/people", f"/people/{place}", "/people/load", "/people/history", "/me/seen"):
        assert dots(client.get(path).content.decode(), "M") == {dot_colour(Role.FAMILY)}, path


def test_two_of_one_role_are_alike_and_two_roles_are_not(browse: Any, jo: Somebody, mum: Somebody) -> None:
    stand_by(jo, sign_up("Uncle Ray"), role=Role.FAMILY)
    stand_by(jo, sign_up("Zed"), role=Role.SPONSOR)
    group = {"kind": Kind.GROUP, "name": "Tuesday group", "phone": "", "about": "", "closeness": 2, "lean": 0}
    circle_actions.keep_outsider(jo.actor, owner=jo.id, **group)
    page = browse(jo).get("/people").content.decode()
    assert dots(page, "M") == dots(page, "U") == {"c"}
    assert dots(page, "Z") == {""} and dots(page, "T") == {"a"}
    assert sorted(FACE.findall(page)) == ["", "a", "c", "c"]
    for word in ("Family", "Sponsor", "Group"):
        assert re.search(rf'<text class="sub"[^>]*>{word}</text>', page), word


def test_a_program_too_and_whoever_looks_for_it(browse: Any, jo: Somebody, ann: Somebody) -> None:
    river = found("River House", sign_up("Keeper"))
    river.hire(ann)
    place = river.stand_by(jo)
    sign_for(jo, place, Category.FEELING)
    checkins.record_checkin(jo.actor, owner=jo.id, zone="America/New_York", key=new_id(), mood=2)
    browse(ann).get(f"/c/p/{jo.id}")
    client = browse(jo)
    for path, initial in (
        ("/people/programs", "R"),
        (f"/people/{place}/staff", "A"),
        ("/me/seen", "A"),
        ("/papers/given", "R"),
    ):
        assert dots(client.get(path).content.decode(), initial) == {dot_colour(Role.PROGRAM)}, path
