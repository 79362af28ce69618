"""One tap hides a day from every member; for the person it stays what it is."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from handrail.checkins import actions, queries
from handrail.circle import queries as circle
from handrail.gate import Category
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere
from handrail.kernel.ids import new_id
from handrail.people import actions as people
from tests.fixtures.people import Somebody, share

pytestmark = pytest.mark.django_db
ZONE = "America/New_York"


def today() -> Any:
    return clock.today(ZONE)


def check_in(jo: Somebody, **more: Any) -> queries.CheckedIn:
    return actions.record_checkin(jo.actor, owner=jo.id, zone=ZONE, key=new_id(), mood=2, **more)


def hide(client: Client, day: Any, **more: str) -> Any:
    return client.post(f"/d/{day}/hide", {"do": "hide", **more})


def test_one_tap_on_today_hides_the_day_and_one_tap_shows_it_again(jo: Somebody, browse: Any) -> None:
    check_in(jo, note="mine")
    client = browse(jo)
    assert b"Hide this day" in client.get("/today").content
    assert hide(client, today())["Location"] == "/today"
    page = client.get("/today").content
    assert b"You hid this day. Only you see it." in page and b"Show this day again" in page
    client.post(f"/d/{today()}/hide", {"do": "show"})
    assert b"Hide this day" in client.get("/today").content


def test_the_button_leads_back_to_where_it_was_pressed(jo: Somebody, browse: Any) -> None:
    check_in(jo)
    client = browse(jo)
    assert hide(client, today(), back="list")["Location"].startswith("/trends/table")
    assert hide(client, today(), back="day")["Location"] == f"/d/{today()}"
    assert b"Hidden. Only you see this day." in client.get("/trends/table").content
    assert b"You hid this day" in client.get(f"/d/{today()}").content


def test_the_person_still_sees_their_own_day_in_full(jo: Somebody) -> None:
    made = check_in(jo, note="mine")
    actions.hide_day(jo.actor, owner=jo.id, zone=ZONE, day=today())
    found = queries.one(jo.actor, checkin=made.id, zone=ZONE)
    assert (found.mood, found.note, found.hidden) == (2, "mine", True)
    assert queries.week(jo.actor, owner=jo.id, zone=ZONE).answered == 1


def test_hiding_twice_is_fine_and_showing_undoes_all_of_it(jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, *Category)
    check_in(jo)
    for _twice in range(2):
        actions.hide_day(jo.actor, owner=jo.id, zone=ZONE, day=today())
    check_in(jo)
    actions.show_day(jo.actor, owner=jo.id, day=today())
    assert queries.seen_by_member(mum.actor, owners=[jo.id])[jo.id].mood == 2
    assert not any(
        row.hidden for row in queries.of_days(jo.actor, owner=jo.id, zone=ZONE, since=today(), until=today())
    )


def test_it_stands_in_no_access_log(jo: Somebody) -> None:
    before = len(circle.who_looked(jo.actor, owner=jo.id))
    actions.hide_day(jo.actor, owner=jo.id, zone=ZONE, day=today())
    assert len(circle.who_looked(jo.actor, owner=jo.id)) == before


def test_a_day_to_come_cannot_be_hidden(jo: Somebody, browse: Any) -> None:
    with pytest.raises(Invalid):
        actions.hide_day(jo.actor, owner=jo.id, zone=ZONE, day=today() + timedelta(days=3))
    assert hide(browse(jo), today() + timedelta(days=3)).status_code == 422
    assert hide(browse(jo), "2026-02-30").status_code == 404


def test_nobody_hides_the_day_of_somebody_else(jo: Somebody, mum: Somebody) -> None:
    for change in (
        lambda: actions.hide_day(mum.actor, owner=jo.id, zone=ZONE, day=today()),
        lambda: actions.show_day(mum.actor, owner=jo.id, day=today()),
    ):
        with pytest.raises(NotHere):
            change()


def test_the_api_hides_and_shows_too(jo: Somebody, client: Client) -> None:
    token = people.make_token(jo.actor, owner=jo.id, label="Watch", scopes=["read", "checkins"])
    bearer = {"Authorization": f"Bearer {token}"}
    check_in(jo)
    for method, hidden in (("put", True), ("delete", False)):
        assert getattr(client, method)(f"/api/v1/days/{today()}/hidden", headers=bearer).status_code == 204
        assert client.get("/api/v1/checkins", headers=bearer).json()[0]["hidden"] is hidden
    assert client.put("/api/v1/days/tomorrow/hidden", headers=bearer).status_code == 422


def test_of_a_hidden_day_no_page_says_that_its_note_can_be_read(jo: Somebody, mum: Somebody, browse: Any) -> None:
    made, client = check_in(jo, note="mine"), browse(jo)
    place = circle.roster(jo.actor, owner=jo.id)[0].membership_id
    client.post(f"/checkin/{made.id}/show", {"members": [place], "until": "week"})
    assert "Mum can read it." in client.get("/trends/table").content.decode()
    hide(client, today())
    table = client.get("/trends/table").content.decode()
    assert "Mum can read it." not in table and "While the day is hidden, Mum cannot read it." in table
    for page in ("/people/notes", f"/people/{place}/notes", f"/checkin/{made.id}/show"):
        assert "Cannot be read while you hide the day." in client.get(page).content.decode()
    client.post(f"/d/{today()}/hide", {"do": "show"})
    assert "Cannot be read while" not in client.get("/people/notes").content.decode()


def test_a_note_shown_of_a_hidden_day_says_when_it_can_be_read(jo: Somebody, mum: Somebody, browse: Any) -> None:
    made, client = check_in(jo, note="mine"), browse(jo)
    hide(client, today())
    place = circle.roster(jo.actor, owner=jo.id)[0].membership_id
    done = client.post(f"/checkin/{made.id}/show", {"members": [place], "until": "week"}, follow=True)
    assert "Mum can read this note once you show the day again." in done.content.decode()


class TestWhatFormsSayOfAHiddenDay:
    """Nobody sees a hidden day, so no form may name anybody who will."""

    @pytest.fixture(autouse=True)
    def shared(self, jo: Somebody, mum: Somebody) -> None:
        share(jo, mum, Category.FEELING, Category.CRAVINGS, Category.USE)

    @pytest.mark.parametrize("path", ["/today", "/checkin"])
    def test_today_before_its_checkin(self, jo: Somebody, browse: Any, path: str) -> None:
        client = browse(jo)
        assert "Mum sees how you feel" in client.get(path).content.decode()
        hide(client, today())
        page = client.get(path).content.decode()
        assert "Mum sees" not in page and "You hid this day. Only you see it." in page

    def test_a_day_that_went_by_and_a_checkin_that_is_changed(self, jo: Somebody, browse: Any) -> None:
        client, yesterday = browse(jo), today() - timedelta(days=1)
        made = check_in(jo)
        for day, path in ((yesterday, f"/checkin/{yesterday}"), (today(), f"/checkin/{made.id}")):
            hide(client, day)
            page = client.get(path).content.decode()
            assert "Mum sees" not in page and "You hid this day. Only you see it." in page

    def test_a_day_of_use(self, jo: Somebody, browse: Any) -> None:
        client = browse(jo)
        hide(client, today())
        assert "so nobody sees it" in client.get(f"/d/{today()}").content.decode()
        place = circle.roster(jo.actor, owner=jo.id)[0].membership_id
        sent = {"kind": "used", "day": str(today()), "key": new_id(), "shown": [place]}
        noted = client.post(f"/d/{today()}", sent, follow=True).content.decode()
        assert "can see that you used" not in noted and "You hid this day. Nobody has been told." in noted
        actions.set_start(jo.actor, owner=jo.id, zone=ZONE, began=today() - timedelta(days=9))
        assert "Mum sees this too" not in client.get("/today").content.decode()
        client.post(f"/d/{today()}/hide", {"do": "show"})
        assert "Mum sees this too" in client.get("/today").content.decode()


def test_the_list_stays_where_it_was_and_comes_back_to_the_day(jo: Somebody, browse: Any) -> None:
    check_in(jo)
    client, earlier = browse(jo), today()
    assert hide(client, today(), back="list")["Location"] == f"/trends/table#day-{today()}"
    page = client.get(f"/trends/table?until={earlier}").content.decode()
    assert f'id="day-{today()}"' in page and f'name="until" value="{earlier}"' in page
    back = hide(client, today(), back="list", until=str(earlier))["Location"]
    assert back == f"/trends/table?until={earlier}#day-{today()}"
    assert hide(client, today(), back="list", until="x\r\ny")["Location"].startswith("/trends/table?until=x%0D%0Ay#")
