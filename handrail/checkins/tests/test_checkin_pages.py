import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handrail.checkins import actions, queries
from handrail.gate import Category
from handrail.kernel.ids import new_id
from tests.fixtures.people import share

NEW_YORK = "America/New_York"
TODAY = date(2026, 11, 20)
AS_FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def evening(clock):
    clock.at(datetime(2026, 11, 20, 18, 10, tzinfo=ZoneInfo(NEW_YORK)))


def checkin_of(person):
    return queries.today(person.actor, owner=person.id, zone=NEW_YORK).checkin


def text(response):
    """What somebody reads, tags and line ends gone."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def key_in(response):
    return re.search(r'name="key" value="([^"]+)"', response.content.decode())[1]


def test_two_taps_and_save_without_scripts(jo, sam, browse):
    share(jo, sam, Category.FEELING)
    browser = browse(jo)
    key = key_in(browser.get("/today"))
    saved = browser.post("/checkin", {"mood": "4", "craving": "1", "key": key}, follow=True)
    assert saved.redirect_chain == [("/today?saved=1", 302)]
    assert "Saved at 6:10 pm. Sam sees your mood." in text(saved)
    assert (checkin_of(jo).mood, checkin_of(jo).craving) == (4, 1)


def test_the_fragment_takes_the_place_of_the_form_and_brings_the_week(jo, browse):
    saved = browse(jo).post("/checkin", {"mood": "4", "key": new_id()}, headers=AS_FRAGMENT)
    body = saved.content.decode()
    assert "<html" not in body
    assert 'id="checkin"' in body
    assert 'id="week"' in body and "hx-swap-oob" in body
    assert "Only you see it." in text(saved)


def test_a_form_without_a_mood_comes_back_with_everything_in_it(jo, browse):
    for headers in ({}, AS_FRAGMENT):
        key = new_id()
        again = browse(jo).post("/checkin", {"craving": "2", "key": key}, headers=headers)
        body = again.content.decode()
        assert again.status_code == 422
        assert "Choose how you are right now." in body
        assert key_in(again) == key
        assert re.search(r'name="craving" value="2"[^>]* checked', body)
    assert checkin_of(jo) is None


def test_the_same_form_sent_twice_is_one_checkin(jo, browse):
    key = new_id()
    for _ in range(2):
        browse(jo).post("/checkin", {"mood": "2", "key": key})
    week = queries.week(jo.actor, owner=jo.id, zone=NEW_YORK)
    assert sum(day.times for day in week.days) == 1


@pytest.mark.parametrize("answered_at", ["2026-11-20T15:00:00.000Z", "yesterday-ish", "", "99999-13-77T99:00Z"])
def test_a_queued_checkin_is_kept_whatever_its_clock_says(jo, browse, answered_at):
    sent = {"mood": "2", "key": new_id(), "answered_at": answered_at}
    assert browse(jo).post("/checkin", sent, headers=AS_FRAGMENT).status_code == 200
    assert checkin_of(jo).at.hour == (10 if answered_at.endswith("Z") and "99" not in answered_at else 18)


def test_a_strange_key_does_not_cost_the_checkin(jo, browse):
    for key in ("", "x", "k" * 100, "\x00" * 22):
        assert browse(jo).post("/checkin", {"mood": "2", "key": key}).status_code == 302
    assert checkin_of(jo).mood == 2


@pytest.mark.parametrize(
    ("said", "offered"), [({"mood": "1"}, True), ({"mood": "4", "craving": "3"}, True), ({"mood": "2"}, False)]
)
def test_company_is_offered_when_it_is_rough_or_strong(jo, browse, said, offered):
    browser = browse(jo)
    saved = browser.post("/checkin", {**said, "key": new_id()}, follow=True)
    assert ("Talk to someone" in text(saved)) == offered
    assert "Talk to someone" not in text(browser.get("/today"))  # asked once, not every time


def test_sleep_medicine_and_a_note_are_added_later(jo, browse):
    browser = browse(jo)
    browser.post("/checkin", {"mood": "4", "craving": "1", "key": new_id()})
    address = f"/checkin/{checkin_of(jo).id}"
    assert re.search(r'name="mood" value="4"[^>]* checked', browser.get(address).content.decode())
    browser.post(address, {"mood": "4", "craving": "1", "sleep": "3", "medicine": "none", "note": "rain"})
    found = checkin_of(jo)
    assert (found.mood, found.sleep, found.medicine, found.note) == (4, 3, "none", "rain")


def test_undo_brings_the_form_back(jo, browse):
    browser = browse(jo)
    for headers in ({}, AS_FRAGMENT):
        browser.post("/checkin", {"mood": "4", "key": new_id()})
        back = browser.post(f"/checkin/{checkin_of(jo).id}/undo", headers=headers, follow=True)
        assert "Taken back. Nobody sees it any more." in text(back)
        assert "Save check-in" in text(back)
        assert checkin_of(jo) is None


def test_undoing_the_second_shows_the_first(jo, browse):
    browser = browse(jo)
    for mood in ("4", "1"):
        browser.post("/checkin", {"mood": mood, "key": new_id()})
    second = max(
        queries.of_days(jo.actor, owner=jo.id, zone=NEW_YORK, since=TODAY, until=TODAY), key=lambda one: one.mood == 1
    )
    back = browser.post(f"/checkin/{second.id}/undo", headers=AS_FRAGMENT)
    assert "Saved at 6:10 pm." in text(back)
    assert checkin_of(jo).mood == 4


def test_after_midnight_it_stays_as_it_is(jo, browse, clock):
    browser = browse(jo)
    browser.post("/checkin", {"mood": "4", "key": new_id()})
    address = f"/checkin/{checkin_of(jo).id}"
    clock.forward(hours=6)
    assert "Its day is over, so it stays as it is." in text(browser.get(address))
    assert browser.post(f"{address}/undo").status_code == 409


def test_a_day_that_went_by_is_added_and_listed_as_late(jo, browse):
    browser = browse(jo)
    assert "Wednesday, 18 November" in text(browser.get("/checkin/2026-11-18"))
    listed = browser.post("/checkin/2026-11-18", {"mood": "2", "key": new_id()}, follow=True)
    assert "Wednesday, 18 November added later Mood: low." in text(listed)
    assert checkin_of(jo) is None


@pytest.mark.parametrize("day", ["2026-11-12", "2026-11-21", "2026-02-30", "0000-00-00"])
def test_no_page_for_days_that_cannot_be_added(jo, browse, day):
    assert browse(jo).get(f"/checkin/{day}").status_code == 404


def test_somebody_elses_checkin_is_not_here(jo, ann, browse):
    browse(jo).post("/checkin", {"mood": "4", "key": new_id()})
    found = checkin_of(jo)
    stranger = browse(ann)
    assert stranger.get(f"/checkin/{found.id}").status_code == 404
    assert stranger.post(f"/checkin/{found.id}/undo").status_code == 404
    assert checkin_of(jo) == found


# a hard day
def test_a_hard_day_in_its_words(jo, browse):
    actions.set_start(jo.actor, owner=jo.id, zone=NEW_YORK, began=TODAY - timedelta(days=142))
    said = {"kind": "used", "day": "2026-11-20", "details": "in the park", "key": new_id()}
    page = browse(jo).post("/d/2026-11-20", said, follow=True)
    assert "Thank you for telling us. Your 142 days in recovery are still yours." in text(page)
    assert "Do you want to talk to someone? Nobody has been told." in text(page)


def test_the_confirm_line_stands_only_for_whom_it_is_shared_with(jo, sam, mum, browse):
    share(jo, sam, Category.USE)
    page = text(browse(jo).get("/d/2026-11-20"))
    assert "If you choose “I used”, Sam will see that, and which day." in page
    assert "Do not tell Sam this time" in page
    assert "Mum" not in page


def place_of(jo, member):
    from handrail.circle import queries as circle

    return next(m.membership_id for m in circle.roster(jo.actor, owner=jo.id) if m.person_id == member.id)


def use_days_seen(member, jo):
    return queries.seen_by_member(member.actor, owners=[jo.id])[jo.id].use_days


def test_who_stood_in_the_confirm_line_is_told_unless_left_out(jo, sam, browse):
    share(jo, sam, Category.USE)
    sams = place_of(jo, sam)
    said = {"kind": "used", "day": "2026-11-20", "key": new_id(), "shown": sams}
    page = browse(jo).post("/d/2026-11-20", said, follow=True)
    assert "Sam can see that you used. Nobody else has been told." in text(page)
    assert use_days_seen(sam, jo) == [TODAY]
    page = browse(jo).post("/d/2026-11-20", {**said, "left_out": sams}, follow=True)
    assert "Nobody has been told." in text(page)
    assert use_days_seen(sam, jo) == []


def test_a_share_given_after_the_page_was_shown_tells_nobody(jo, sam, browse):
    share(jo, sam, Category.USE)
    browse(jo).post("/d/2026-11-20", {"kind": "used", "day": "2026-11-20", "key": new_id()})
    assert use_days_seen(sam, jo) == []


def test_a_made_up_place_is_not_told(jo, sam, browse):
    said = {"kind": "used", "day": "2026-11-20", "key": new_id(), "shown": [place_of(jo, sam), "x"]}
    browse(jo).post("/d/2026-11-20", said)
    assert queries.hard_days(jo.actor, owner=jo.id)[0].told == ()


def test_what_was_left_out_stays_ticked_when_the_day_is_opened_again(jo, sam, mum, browse):
    share(jo, sam, Category.USE)
    share(jo, mum, Category.USE)
    both = [place_of(jo, sam), place_of(jo, mum)]
    browser = browse(jo)
    browser.post(
        "/d/2026-11-20", {"kind": "used", "day": "2026-11-20", "key": new_id(), "shown": both, "left_out": both[1]}
    )
    body = browser.get("/d/2026-11-20").content.decode()
    assert re.search(rf'name="left_out" value="{both[1]}" checked', body)
    assert not re.search(rf'name="left_out" value="{both[0]}" checked', body)


def test_a_day_that_has_something_is_not_written_twice(jo, browse):
    browser = browse(jo)
    browser.post("/d/2026-11-18", {"kind": "used", "day": "2026-11-18", "key": new_id()})
    again = browser.post("/d/2026-11-20", {"kind": "other", "day": "2026-11-18", "key": new_id()})
    assert again.status_code == 422
    assert "You wrote something down for that day already." in text(again)


def test_a_hard_day_can_be_moved_and_deleted(jo, browse):
    browser = browse(jo)
    browser.post("/d/2026-11-20", {"kind": "used", "day": "2026-11-20", "key": new_id()})
    browser.post("/d/2026-11-20", {"kind": "came_close", "day": "2026-11-19", "key": new_id()})
    assert [(one.day, one.kind) for one in queries.hard_days(jo.actor, owner=jo.id)] == [
        (date(2026, 11, 19), "came_close")
    ]
    browser.post("/d/2026-11-19/delete")
    assert queries.hard_days(jo.actor, owner=jo.id) == []


def test_a_hard_day_of_tomorrow_is_not_here(jo, browse):
    assert browse(jo).get("/d/2026-11-21").status_code == 404
    assert browse(jo).get("/d/0001-01-01").status_code == 404


# pictures
def test_pictures_say_what_they_show(jo, browse, clock):
    now = clock.now()
    for back, craving in enumerate([1, 1, 0, 2, 2, 3, 3]):
        clock.at(now - timedelta(days=back))
        actions.record_checkin(jo.actor, owner=jo.id, zone=NEW_YORK, key=new_id(), mood=3, craving=craving, sleep=3)
    clock.at(now)
    body = browse(jo).get("/trends?days=7").content.decode()
    assert "Cravings are easing this week" in body
    days = (
        "Saturday strong, Sunday strong, Monday some, Tuesday some, Wednesday none, Thursday a little, today a little"
    )
    assert f'aria-label="Cravings. {days}."' in body
    assert "Okay or better on 7 of 7 days" in body
    longer = browse(jo).get("/trends?days=90").content.decode()
    assert "Slept well on 7 of 7 nights" in longer
    assert "Strong: 2 days." in longer and "not said: 83 days." in longer


def test_an_odd_span_is_a_month(jo, browse):
    for days in ("8", "x", "-7", "9" * 40):
        assert browse(jo).get(f"/trends?days={days}").status_code == 200


def test_the_list_leads_back_in_time(jo, browse, clock):
    now = clock.now()
    clock.at(now - timedelta(days=45))
    actions.record_checkin(jo.actor, owner=jo.id, zone=NEW_YORK, key=new_id(), mood=5, note="a good one")
    clock.at(now)
    browser = browse(jo)
    page = browser.get("/trends/table").content.decode()
    assert "a good one" not in page
    earlier = re.search(r'href="(\?until=[^"]+)">Earlier', page)[1]
    before = browser.get(f"/trends/table{earlier}").content.decode()
    assert "a good one" in before
    assert "Later" in before and ">Earlier" not in before
    assert browser.get("/trends/table?until=tomorrow").status_code == 200


def test_the_start_is_chosen_and_left_on_its_page(jo, browse):
    browser = browse(jo)
    browser.post("/start-day", {"began": "2026-07-01", "since_use_hidden": "on"})
    days = queries.days(jo.actor, owner=jo.id, zone=NEW_YORK)
    assert (days.began, days.since_use_hidden) == (date(2026, 7, 1), True)
    refused = browser.post("/start-day", {"began": "2027-01-01"})
    assert refused.status_code == 422
    assert "Choose today or a day before it." in text(refused)
    long_ago = browser.post("/start-day", {"began": "0001-01-01"})
    assert long_ago.status_code == 422 and "Check the year." in text(long_ago)  # it is a day before today
    browser.post("/start-day", {"began": ""})
    assert queries.days(jo.actor, owner=jo.id, zone=NEW_YORK).began is None
