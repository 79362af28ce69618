"""What looks the same to a member, whatever is behind it: byte for byte, and at the same cost."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from handrail.care import actions as care
from handrail.checkins import actions as checkins
from handrail.circle import actions as circle
from handrail.gate import Category
from handrail.kernel import clock as house_clock
from handrail.kernel.ids import new_id
from handrail.notes import actions as notes
from handrail.people import actions as people
from handrail.people.models import Person
from tests.fixtures.people import Somebody, share, stand_by

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"


class Eyes:
    """A member with a browser and an API token, and everything that both of them show of Jo."""

    def __init__(self, member: Somebody, owner: Somebody) -> None:
        self.owner, self.client = owner, Client()
        self.client.force_login(Person.objects.get(pk=member.id))
        scopes = ["read", "calls", "circle"]
        self.token = people.make_token(member.actor, owner=member.id, label="Program", scopes=scopes)
        self.look()  # what is counted or made at the first look is over

    def look(self) -> dict[str, tuple[int, str, int]]:
        """{address: (status, page without its tokens, questions asked)}"""
        paths = ["/s/today", f"/s/{self.owner.id}", f"/s/{self.owner.id}/agreed", f"/people/{self.owner.id}/see"]
        found = {path: self._ask(path) for path in paths}
        found["live"] = self._ask(f"/s/{self.owner.id}", {"HX-Request": "true"})
        for path in ("/api/v1/circles", "/api/v1/alerts"):
            found[path] = self._ask(path, {"Authorization": f"Bearer {self.token}"})
        return found

    def rest_or_leave(self) -> dict[str, tuple[int, str, int]]:
        """The pages where somebody who gets calls reads whether anybody else does."""
        found = {path: self._ask(path) for path in ("/s/rest", f"/s/{self.owner.id}/leave")}
        return found | {"/api/v1/rest": self._ask("/api/v1/rest", {"Authorization": f"Bearer {self.token}"})}

    def see(self) -> dict[str, tuple[int, str]]:
        """The same without what it cost."""
        return {path: seen[:2] for path, seen in self.look().items()}

    def _ask(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, str, int]:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = self.client.get(path, headers=headers or {})
        text = answer.content.decode()
        text = re.sub(r'(data-owner=")\w+', r"\1", text)  # the member's own
        text = re.sub(r'("X-CSRFToken": "|name="csrfmiddlewaretoken" value=")\w+', r"\1", text)
        return answer.status_code, text, len(asked)


@pytest.fixture(autouse=True)
def evening(clock: Any) -> None:
    clock.at(datetime(2026, 11, 20, 18, 10, tzinfo=ZoneInfo(NEW_YORK)))


@pytest.fixture
def place(jo: Somebody, mum: Somebody) -> str:
    return next(iter(jo_sees(jo)))


def jo_sees(jo: Somebody) -> list[str]:
    from handrail.circle import queries

    return [each.membership_id for each in queries.roster(jo.actor, owner=jo.id)]


def today() -> Any:
    return house_clock.today(NEW_YORK)


def check_in(jo: Somebody, *, day: Any = None, **more: Any) -> str:
    given = {"mood": 2, "craving": 3, "sleep": 2, "medicine": "taken", "note": "Saw an old friend", **more}
    return checkins.record_checkin(jo.actor, owner=jo.id, zone=NEW_YORK, key=new_id(), day=day, **given).id


def everything_of_today(jo: Somebody, place: str) -> None:
    """A check-in, a note shown, a day of use told, medicine ticked off: all of it about today."""
    made = check_in(jo, mood=1)
    mine: dict[str, Any] = {"actor": jo.actor, "owner": jo.id}
    notes.show(**mine, source=f"checkin:{made}", day=today(), words="Saw an old friend", memberships=[place])
    checkins.record_use_day(**mine, zone=NEW_YORK, key=new_id(), kind="used", day=today(), told=[place])


def test_a_hidden_day_looks_like_a_day_without_a_check_in(jo: Somebody, mum: Somebody, place: str) -> None:
    share(jo, mum, *Category)
    check_in(jo, day=today() - timedelta(days=1))
    medicine = care.add_medicine(jo.actor, owner=jo.id, name="Film", part_of_day=1)
    eyes = Eyes(mum, jo)
    without = eyes.look()
    everything_of_today(jo, place)
    care.mark_taken(jo.actor, medicine=medicine, day=today())
    shown = eyes.look()
    assert {path for path in shown if shown[path] != without[path]} >= {"/s/today", f"/s/{jo.id}", "live"}
    checkins.hide_day(jo.actor, owner=jo.id, zone=NEW_YORK, day=today())
    assert eyes.look() == without
    check_in(jo, mood=4)  # and what comes later that day is hidden as well
    assert eyes.look() == without
    checkins.show_day(jo.actor, owner=jo.id, day=today())
    assert eyes.look() != without


def test_hiding_the_only_day_looks_like_never_having_checked_in(jo: Somebody, mum: Somebody, place: str) -> None:
    share(jo, mum, *Category)
    eyes = Eyes(mum, jo)
    without = eyes.look()
    everything_of_today(jo, place)
    checkins.hide_day(jo.actor, owner=jo.id, zone=NEW_YORK, day=today())
    assert eyes.look() == without


def stop(jo: Somebody, mum: Somebody, place: str) -> None:
    share(jo, mum)


def pause(jo: Somebody, mum: Somebody, place: str) -> None:
    circle.pause(jo.actor, owner=jo.id, membership=place, keeps_help=False)


WAYS_TO_CLOSE: list[Callable[[Somebody, Somebody, str], None]] = [stop, pause]


@pytest.mark.parametrize("close", WAYS_TO_CLOSE)
def test_stopped_and_paused_look_like_never_shared(
    jo: Somebody, mum: Somebody, place: str, close: Callable[[Somebody, Somebody, str], None]
) -> None:
    eyes = Eyes(mum, jo)
    never = eyes.see()
    share(jo, mum, *Category)
    check_in(jo)
    assert eyes.see() != never
    close(jo, mum, place)
    assert eyes.see() == never


def test_a_share_whose_end_has_come_looks_like_never_shared(
    jo: Somebody, mum: Somebody, place: str, clock: Any
) -> None:
    eyes = Eyes(mum, jo)
    check_in(jo)
    share(jo, mum, *Category)
    soon = house_clock.now() + timedelta(hours=1)
    ends = {str(category): soon for category in Category}
    circle.set_ends(jo.actor, owner=jo.id, membership=place, ends=ends, purpose="support")
    during = eyes.see()
    clock.at(datetime(2026, 11, 20, 20, 10, tzinfo=ZoneInfo(NEW_YORK)))
    after = eyes.see()
    share(jo, mum)
    assert during != after == eyes.see()


def test_shared_and_silent_looks_like_not_shared(jo: Somebody, mum: Somebody) -> None:
    """Else a member could tell a quiet person from one who stopped. The call for help is another matter: see below."""
    eyes = Eyes(mum, jo)
    not_shared = eyes.see()
    share(jo, mum, Category.FEELING, Category.CRAVINGS, Category.USE, Category.PLAN, Category.MEDICINE, Category.PLACE)
    assert eyes.see() == not_shared


def test_a_place_that_was_ended_looks_like_a_stranger(jo: Somebody, mum: Somebody, ann: Somebody, place: str) -> None:
    share(jo, mum, *Category)
    eyes, strange = Eyes(mum, jo), Eyes(ann, jo)
    circle.end_membership(jo.actor, owner=jo.id, membership=place)
    assert eyes.see() == strange.see()


def test_a_second_member_tells_nothing_by_being_there(jo: Somebody, mum: Somebody, make_person: Any) -> None:
    share(jo, mum, *Category)
    eyes = Eyes(mum, jo)
    alone, last = eyes.look(), eyes.rest_or_leave()
    kit = make_person("Kit")
    stand_by(jo, kit)
    share(jo, kit, *[category for category in Category if category != Category.HELP])
    assert eyes.look() == alone
    assert eyes.rest_or_leave() == last
    share(jo, kit, *Category)
    assert eyes.look() == alone
    not_last = eyes.rest_or_leave()  # the one thing that is told: whether somebody else gets the calls
    assert {path for path in last if not_last[path] != last[path]} == last.keys()
    assert not_last["/api/v1/rest"][1] == last["/api/v1/rest"][1].replace('"last": true', '"last": false')
    assert "Kit" not in str(not_last)
