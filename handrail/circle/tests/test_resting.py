"""Shares that rest, end by themselves, or stop with one tap: the member sees the same as if nothing had been shared."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from handrail.circle import actions, queries, rules
from handrail.gate import Category
from handrail.gate.rights import members_who_may
from handrail.home import seen
from handrail.kernel import clock
from tests.fixtures.people import Somebody, share

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]


def member(owner: Somebody, name: str) -> queries.Member:
    return next(each for each in queries.roster(owner.actor, owner=owner.id) if each.name == name)


def sees(member: Somebody, owner: Somebody) -> frozenset[str]:
    return queries.circle_of(member.actor, owner=owner.id).categories


def may_be_called(owner: Somebody) -> list[str]:
    return [person for _place, person, _rung in members_who_may(owner.id, Category.HELP)]


def test_a_pause_looks_like_nothing_shared_and_keeps_the_ticks(jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, Category.FEELING, Category.PLAN)
    actions.pause(jo.actor, owner=jo.id, keeps_help=True)
    assert sees(mum, jo) == frozenset()
    assert seen.person(mum.actor, owner=jo.id).card.shows_nothing
    assert member(jo, "Mum").categories == {Category.FEELING, Category.PLAN}
    actions.resume(jo.actor, owner=jo.id)
    assert sees(mum, jo) == {Category.FEELING, Category.PLAN}


@pytest.mark.parametrize("keeps_help", [True, False])
def test_a_call_for_help_goes_through_a_pause_only_where_the_person_said_so(
    jo: Somebody, mum: Somebody, keeps_help: bool
) -> None:
    share(jo, mum, Category.HELP, Category.FEELING)
    actions.pause(jo.actor, owner=jo.id, keeps_help=keeps_help)
    assert may_be_called(jo) == ([mum.id] if keeps_help else [])
    assert sees(mum, jo) == ({Category.HELP} if keeps_help else frozenset())


def test_one_member_can_be_paused_alone(browse: Browse, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
    for each in (mum, sam):
        share(jo, each, Category.FEELING)
    browse(jo).post(f"/people/{member(jo, 'Mum').membership_id}/pause", {"do": "pause"})
    assert sees(mum, jo) == frozenset() and sees(sam, jo) == {Category.FEELING}
    browse(jo).post(f"/people/{member(jo, 'Mum').membership_id}/pause", {"do": "resume"})
    assert sees(mum, jo) == {Category.FEELING}


def test_pause_all_from_the_page_asks_about_the_call(browse: Browse, jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, Category.HELP, Category.USE)
    assert "Should a call for help still reach your people?" in browse(jo).get("/people/pause").content.decode()
    browse(jo).post("/people/pause", {"keeps_help": "no"})
    assert sees(mum, jo) == frozenset()
    assert "Sharing is paused." in browse(jo).get("/people").content.decode()
    browse(jo).post("/people/pause", {"do": "resume"})
    assert sees(mum, jo) == {Category.HELP, Category.USE}


def test_going_on_with_all_wakes_nobody_who_was_paused_alone(
    browse: Browse, jo: Somebody, mum: Somebody, sam: Somebody
) -> None:
    for each in (mum, sam):
        share(jo, each, Category.FEELING, Category.HELP)
    page = browse(jo)
    page.post(f"/people/{member(jo, 'Mum').membership_id}/pause", {"do": "pause"})
    alone = page.get("/people").content.decode()
    assert "Go on sharing" not in alone and "Pause all" in alone
    told = page.post("/people/pause", {"keeps_help": "yes"}, follow=True).content.decode()
    assert "A call for help still reaches Sam." in told and "Go on sharing" in told
    assert may_be_called(jo) == [sam.id]
    told = page.post("/people/pause", {"do": "resume"}, follow=True).content.decode()
    assert "You had paused Mum alone: that stays." in told
    assert sees(mum, jo) == frozenset() and sees(sam, jo) == {Category.FEELING, Category.HELP}
    page.post(f"/people/{member(jo, 'Mum').membership_id}/pause", {"do": "resume"})
    assert sees(mum, jo) == {Category.FEELING, Category.HELP}


def test_one_of_all_who_were_paused_together_can_go_on_alone(jo: Somebody, mum: Somebody, sam: Somebody) -> None:
    for each in (mum, sam):
        share(jo, each, Category.FEELING)
    actions.pause(jo.actor, owner=jo.id, keeps_help=True)
    actions.resume(jo.actor, owner=jo.id, membership=member(jo, "Mum").membership_id)
    assert sees(mum, jo) == {Category.FEELING} and sees(sam, jo) == frozenset()


def test_somebody_who_joins_during_a_pause_of_all_starts_with_nothing_anyway(jo: Somebody, mum: Somebody) -> None:
    actions.pause(jo.actor, owner=jo.id, keeps_help=True)
    assert sees(mum, jo) == frozenset()


def test_a_share_ends_by_itself(browse: Browse, jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, Category.FEELING, Category.PLAN)
    place = member(jo, "Mum").membership_id
    answer = browse(jo).post(f"/people/{place}/ends", {"purpose": "support", "feeling": "tonight", "plan": ""})
    assert answer.status_code == 302
    assert sees(mum, jo) == {Category.FEELING, Category.PLAN}
    with clock.moved_by(hours=25):
        assert sees(mum, jo) == {Category.PLAN}
        assert member(jo, "Mum").categories == {Category.PLAN}
        share(jo, mum, Category.FEELING)  # ticked again, it is a new share without an end
        assert sees(mum, jo) == {Category.FEELING}


def test_an_end_can_be_kept_or_taken_away(browse: Browse, jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, Category.FEELING)
    place = member(jo, "Mum").membership_id
    browse(jo).post(f"/people/{place}/ends", {"purpose": "support", "feeling": "week"})
    end = member(jo, "Mum").ends["feeling"]
    browse(jo).post(f"/people/{place}/ends", {"purpose": "treatment", "feeling": "keep"})
    assert member(jo, "Mum").ends["feeling"] == end
    assert member(jo, "Mum").purposes == {"feeling": "treatment"}
    browse(jo).post(f"/people/{place}/ends", {"purpose": "support", "feeling": ""})
    assert member(jo, "Mum").ends == {}


@pytest.mark.parametrize("wrong", [{"purpose": "gossip"}, {"purpose": "support", "feeling": "forever and a day"}, {}])
def test_nonsense_ends_are_kindly_refused(browse: Browse, jo: Somebody, mum: Somebody, wrong: dict[str, str]) -> None:
    share(jo, mum, Category.FEELING)
    answer = browse(jo).post(f"/people/{member(jo, 'Mum').membership_id}/ends", wrong)
    assert answer.status_code == 422 and "There is a problem" not in answer.headers
    assert member(jo, "Mum").ends == {}


def test_one_tap_stops_everything(browse: Browse, jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, *Category)
    browse(jo).post(f"/people/{member(jo, 'Mum').membership_id}/stop")
    assert sees(mum, jo) == frozenset()


def test_the_history_tells_from_when_to_when(browse: Browse, jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, Category.FEELING)
    share(jo, mum, Category.PLAN)
    newest_first = [(each.category, each.stopped_at is None) for each in queries.history(jo.actor, owner=jo.id)]
    assert newest_first == [("plan", True), ("feeling", False)]
    page = browse(jo).get("/people/history").content.decode()
    assert "Still shared" in page and "Stopped" in page


@pytest.mark.parametrize(
    ("choice", "zone", "end"),
    [
        ("tonight", "America/New_York", datetime(2026, 11, 21, 5, 0, tzinfo=UTC)),
        ("sunday", "America/New_York", datetime(2026, 11, 23, 5, 0, tzinfo=UTC)),
        ("tonight", "Pacific/Auckland", datetime(2026, 11, 21, 11, 0, tzinfo=UTC)),
        ("week", "Europe/London", datetime(2026, 11, 28, 0, 0, tzinfo=UTC)),
        ("", "Europe/London", None),
        ("whenever", "Europe/London", None),
    ],
)
def test_days_end_at_midnight_where_the_person_is(choice: str, zone: str, end: datetime | None) -> None:
    assert rules.end_of(choice, datetime(2026, 11, 20, 15, 0, tzinfo=UTC), zone) == end  # a Friday


def test_a_night_when_clocks_change_is_still_one_night() -> None:
    before = datetime(2026, 10, 31, 23, 0, tzinfo=ZoneInfo("America/New_York"))
    end = rules.end_of("sunday", before, "America/New_York")
    assert end is not None and end.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=26)


def test_every_page_names_the_last_day_of_what_ends(browse: Browse, jo: Somebody, mum: Somebody) -> None:
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    with clock.moved_to(friday):
        share(jo, mum, Category.FEELING)
        page, place = browse(jo), member(jo, "Mum").membership_id
        page.post(f"/people/{place}/ends", {"purpose": "support", "feeling": "sunday"})
        shown = page.get(f"/people/{place}").content.decode()
        assert "until Sunday, 22 November" in shown and "Until 22 November" in shown and "12:00" not in shown
        assert "Until Sunday, 22 November 2026" in page.get("/people/history").content.decode()
    with clock.moved_to(friday + timedelta(days=4)):
        assert "Ended by itself after Sunday, 22 November 2026" in page.get("/people/history").content.decode()
        assert "until Sunday" not in page.get(f"/people/{place}").content.decode()


def test_the_person_reads_that_a_member_rests_on_their_page_and_where_they_call(
    browse: Browse, jo: Somebody, mum: Somebody, sam: Somebody
) -> None:
    for each in (mum, sam):
        share(jo, each, Category.HELP)
    page, place = browse(jo), member(jo, "Mum").membership_id
    assert "Mum rests" not in page.get(f"/people/{place}").content.decode()
    actions.rest(mum.actor, owner=jo.id, until=clock.now() + timedelta(days=3), although_last=True)
    assert "and is not asked when you call for help." in page.get(f"/people/{place}").content.decode()
    called = page.get(reverse("call")).content.decode()
    assert "Mum rests until" in called and "Sam rests" not in called


def test_where_nobody_sees_anything_there_is_nothing_to_pause(browse: Browse, jo: Somebody, mum: Somebody) -> None:
    page, nothing = browse(jo), "There is nothing to pause."
    assert nothing not in page.get("/people/pause").content.decode()
    page.post("/people/pause", {"keeps_help": "no"})
    assert nothing in page.get("/people/pause").content.decode()


def test_sharing_pauses_and_people_rest(browse: Browse, jo: Somebody, mum: Somebody) -> None:
    """One word for each, wherever it stands."""
    share(jo, mum, Category.HELP)
    page, place = browse(jo), member(jo, "Mum").membership_id
    said_so = page.post(f"/people/{place}/pause", {"do": "pause"}, follow=True).content.decode()
    said_so += page.get("/people").content.decode()
    said_so += page.post("/people/pause", {"keeps_help": "no"}, follow=True).content.decode()
    assert "Sharing is paused." in said_so and "All sharing is paused." in said_so
    assert not re.search(r"\bbreak\b|\b[Rr]ests?\b", re.sub(r"<[^>]+>", " ", said_so))
