"""The list of people says what ends by itself, and the log says of every line who came."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from handrail.circle import actions, queries, said
from handrail.gate import Category, Role
from handrail.home import seen
from handrail.kernel import clock as house_clock
from handrail.kindness import actions as kindness
from tests.fixtures.people import ZONE, Somebody, share, sign_for, stand_by
from tests.fixtures.programs import RiverHouse
from tests.fixtures.time import Clock

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]


def midnight_after(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=ZoneInfo(ZONE)) + timedelta(days=1)


@pytest.fixture
def place(jo: Somebody, mum: Somebody, clock: Clock) -> str:
    clock.at(datetime(2027, 3, 10, 12, tzinfo=ZoneInfo(ZONE)))
    share(jo, mum, Category.FEELING, Category.CRAVINGS, Category.PLAN)
    return queries.roster(jo.actor, owner=jo.id)[0].membership_id


def set_ends(jo: Somebody, place: str, **ends: datetime) -> None:
    actions.set_ends(jo.actor, owner=jo.id, membership=place, ends=ends, purpose="support")


def row(browse: Browse, jo: Somebody) -> str:
    page = browse(jo).get("/people").content.decode()
    return page[page.index("kinds of things") :].split("</span>")[0]


def test_what_ends_by_itself_stands_in_the_list_with_its_last_day(jo: Somebody, place: str, browse: Browse) -> None:
    assert row(browse, jo) == "kinds of things."
    sunday = midnight_after(2027, 3, 14)
    set_ends(jo, place, plan=sunday)
    assert row(browse, jo) == "kinds of things. My plan until Sunday, 14 March."
    set_ends(jo, place, feeling=sunday, cravings=midnight_after(2027, 3, 11))
    soonest_first = "Cravings until Thursday, 11 March. How I feel and My plan until Sunday, 14 March."
    assert row(browse, jo) == f"kinds of things. {soonest_first}"
    set_ends(jo, place, cravings=sunday)
    assert row(browse, jo) == "kinds of things. All of it until Sunday, 14 March."


def test_what_has_ended_or_is_paused_has_no_end_in_the_list(
    jo: Somebody, place: str, browse: Browse, clock: Clock
) -> None:
    set_ends(jo, place, plan=midnight_after(2027, 3, 14))
    clock.at(datetime(2027, 3, 15, 12, tzinfo=ZoneInfo(ZONE)))
    assert row(browse, jo) == "kinds of things."
    set_ends(jo, place, feeling=midnight_after(2027, 3, 20))
    actions.pause(jo.actor, owner=jo.id, membership=place, keeps_help=True)
    assert "until" not in said_of_mum(browse(jo).get("/people").content.decode())


def said_of_mum(page: str) -> str:
    return page[page.index("Family. ") :].split("</span>")[0]


def test_the_end_of_a_signed_consent_says_its_year(jo: Somebody, ann: Somebody, clock: Clock) -> None:
    clock.at(datetime(2027, 12, 1, 12, tzinfo=ZoneInfo(ZONE)))
    sign_for(jo, stand_by(jo, ann, Role.PHYSICIAN), Category.PLAN, Category.DAYS, days=45)
    [doctor] = queries.roster(jo.actor, owner=jo.id)
    with timezone.override(ZONE):  # as a request has it
        assert said.ends(doctor) == "All of it until Saturday, 15 January 2028."


def test_every_line_of_the_log_says_who_came(jo: Somebody, mum: Somebody, river: RiverHouse) -> None:
    river.stand_by(jo)
    for who in (mum, river.keeper):
        seen.person(who.actor, owner=jo.id)
    kindness.send(mum.actor, owner=jo.id, words="Thinking of you.")
    actions.leave_circle(mum.actor, owner=jo.id)
    lines = [f"{line.who} {line.what}" for line in said.lines(queries.who_looked(jo.actor, owner=jo.id))]
    assert "Mum sent you a few kind words" in lines and "Mum left your circle" in lines
    assert not [line for line in lines if line.startswith(("Somebody", " "))]


@pytest.mark.parametrize(
    ("name", "role", "who"),
    [
        ("River House", Role.PROGRAM, "Somebody at River House"),
        ("", "", "Somebody who has left"),
        ("Mum", Role.FAMILY, "Mum"),
    ],
)
def test_where_nobody_was_named_the_log_says_from_where_they_came(name: str, role: str, who: str) -> None:
    look = queries.Look(
        1, house_clock.now(), name, by_me=False, by_system=False, action="member.see", categories=[], channel="page",
        role=role,
    )  # fmt: skip
    assert said.who(look) == who
