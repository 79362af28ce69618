"""A program shows one note to one member, lists what is shown, and stops: as its person can on the pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from handrail.checkins import actions as checkins
from handrail.gate import Role
from handrail.interop.tests.conftest import Program
from handrail.kernel import clock
from handrail.kernel.ids import new_id
from tests.fixtures.people import ZONE, Somebody, roster, stand_by

pytestmark = pytest.mark.django_db
WORDS = "Walked home the long way."
ProgramOf = Callable[..., Program]


@pytest.fixture
def place(jo: Somebody, mum: Somebody, sam: Somebody) -> str:
    return next(each.membership_id for each in roster(jo) if each.person_id == mum.id)


@pytest.fixture
def checkin(jo: Somebody) -> str:
    return checkins.record_checkin(jo.actor, owner=jo.id, zone=ZONE, key=new_id(), mood=3, note=WORDS).id


def reads(browse: Callable[[Somebody], Client], member: Somebody, jo: Somebody, words: str = WORDS) -> bool:
    return words in browse(member).get(f"/s/{jo.id}").content.decode()


def test_a_note_is_shown_to_one_member_listed_and_stopped(
    jo: Somebody, mum: Somebody, sam: Somebody, place: str, checkin: str, program_of: ProgramOf,
    browse: Callable[[Somebody], Client],
) -> None:  # fmt: skip
    jos = program_of(jo)
    assert jos("get", "/notes/shown").json() == []
    made = jos("post", f"/checkins/{checkin}/shown", {"memberships": [place]})
    assert made.status_code == 201
    [shown] = made.json()
    assert (shown["name"], shown["words"], shown["live"], shown["until"]) == ("Mum", WORDS, True, None)
    assert reads(browse, mum, jo) and not reads(browse, sam, jo)
    assert jos("get", f"/notes/shown?membership={place}").json() == [shown]
    assert jos("get", f"/notes/shown?membership={new_id()}").json() == []
    for _twice in range(2):
        assert jos("delete", f"/notes/shown/{shown['id']}").status_code == 204
    assert not reads(browse, mum, jo)
    [over] = jos("get", "/notes/shown").json()
    assert (over["live"], over["words"]) == (False, "") and over["stopped_at"]


def test_it_is_shown_for_as_long_as_was_said(
    jo: Somebody, mum: Somebody, place: str, checkin: str, program_of: ProgramOf, browse: Callable[[Somebody], Client]
) -> None:
    program_of(jo)("post", f"/checkins/{checkin}/shown", {"memberships": [place], "until": "week"})
    assert reads(browse, mum, jo)
    with clock.moved_by(days=9):
        assert not reads(browse, mum, jo)


def test_what_was_written_about_a_hard_day_is_shown_by_its_day(
    jo: Somebody, mum: Somebody, place: str, program_of: ProgramOf, browse: Callable[[Somebody], Client]
) -> None:
    jos, day = program_of(jo), clock.today(ZONE) - timedelta(days=1)
    assert jos("post", f"/days/{day}/shown", {"memberships": [place]}).status_code == 404
    checkins.record_use_day(
        jo.actor, owner=jo.id, zone=ZONE, key=new_id(), kind="used", day=day, details="By the river"
    )
    assert jos("post", f"/days/{day}/shown", {"memberships": [place]}).status_code == 201
    assert reads(browse, mum, jo, "By the river")


def test_what_cannot_be_shown_says_so(
    jo: Somebody, ann: Somebody, place: str, checkin: str, program_of: ProgramOf
) -> None:
    jos, doctor = program_of(jo), stand_by(jo, ann, Role.PHYSICIAN)
    refused = jos("post", f"/checkins/{checkin}/shown", {"memberships": [doctor]})
    assert refused.status_code == 422 and "no single notes" in refused.json()["detail"]
    assert jos("post", f"/checkins/{checkin}/shown", {"memberships": []}).status_code == 422
    assert jos("post", f"/checkins/{checkin}/shown", {"memberships": [new_id()]}).status_code == 404
    assert jos("post", f"/checkins/{checkin}/shown", {"memberships": [place], "until": "never"}).status_code == 422
    empty = checkins.record_checkin(
        jo.actor, owner=jo.id, zone=ZONE, key=new_id(), mood=3, day=clock.today(ZONE) - timedelta(days=2)
    )
    assert jos("post", f"/checkins/{empty.id}/shown", {"memberships": [place]}).status_code == 404
    assert jos("get", "/notes/shown").json() == []


def test_nobody_else_finds_or_stops_it_and_a_token_needs_its_scope(
    jo: Somebody, mum: Somebody, place: str, checkin: str, program_of: ProgramOf
) -> None:
    [shown] = program_of(jo)("post", f"/checkins/{checkin}/shown", {"memberships": [place]}).json()
    mums = program_of(mum)
    assert mums("get", "/notes/shown").json() == []
    assert mums("delete", f"/notes/shown/{shown['id']}").status_code == 404
    assert mums("post", f"/checkins/{checkin}/shown", {"memberships": [place]}).status_code == 404
    reader, other = program_of(jo, "read"), program_of(jo, "checkins", "calls")
    assert reader("get", "/notes/shown").status_code == 200
    assert reader("delete", f"/notes/shown/{shown['id']}").status_code == 403
    assert other("post", f"/checkins/{checkin}/shown", {"memberships": [place]}).status_code == 403
    assert other("get", "/notes/shown").status_code == 403
