"""Somebody is found again by the colour of their dot: on the map, in every list, and in the log."""

import re
from typing import Any

import pytest

from handrail.checkins import actions as checkins
from handrail.circle import queries as circle
from handrail.gate import Category
from handrail.kernel.ids import new_id
from handrail.shell.templatetags.shell import dot_colour
from tests.fixtures.people import Somebody, share, sign_for, sign_up
from tests.fixtures.programs import found

pytestmark = pytest.mark.django_db
DOT = r'<span class="dot ?(\w?)"[^>]*>M<'


def test_on_the_map_in_the_lists_and_in_the_log(browse: Any, jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, Category.FEELING)
    checkins.record_checkin(jo.actor, owner=jo.id, zone="America/New_York", key=new_id(), mood=2)
    browse(mum).get(f"/s/{jo.id}")  # stands in the log
    place, client = circle.roster(jo.actor, owner=jo.id)[0].membership_id, browse(jo)
    for path, drawn in (
        ("/people", r'<circle class="face ?(\w?)"'),
        ("/people", DOT),
        (f"/people/{place}", DOT),
        ("/people/load", DOT),
        ("/people/history", DOT),
        ("/me/seen", DOT),
    ):
        assert set(re.findall(drawn, client.get(path).content.decode())) == {dot_colour(place)}, path


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
        drawn = re.findall(rf'<span class="dot ?(\w?)"[^>]*>{initial}<', client.get(path).content.decode())
        assert set(drawn) == {dot_colour(place)}, path
