import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handrail.checkins import actions
from handrail.gate import Category
from handrail.kernel import clock as house_clock
from handrail.kernel.ids import new_id
from handrail.people import actions as people
from handrail.people import queries as people_queries
from tests.fixtures.people import share

NEW_YORK = "America/New_York"


@pytest.fixture(autouse=True)
def evening(clock):
    clock.at(datetime(2026, 11, 20, 18, 10, tzinfo=ZoneInfo(NEW_YORK)))


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def today():
    return house_clock.today(NEW_YORK)


def start(person, *, days_ago):
    actions.set_start(person.actor, owner=person.id, zone=NEW_YORK, began=today() - timedelta(days=days_ago))


def use_day(person, *, days_ago, told=()):
    day = today() - timedelta(days=days_ago)
    actions.record_use_day(
        person.actor, owner=person.id, zone=NEW_YORK, key=new_id(), kind="used", day=day, told=list(told)
    )


def place_of(jo, member):
    from handrail.circle import queries as circle

    return next(m.membership_id for m in circle.roster(jo.actor, owner=jo.id) if m.person_id == member.id)


def test_a_new_person_is_greeted_and_asked_nothing_of(jo, browse):
    page = text(browse(jo).get("/today"))
    assert "Good evening, Jo" in page
    assert "Would you like to count your days?" in page
    assert "How are you right now?" in page
    assert "Only you see this." in page
    assert "Your week will show here" in page


def test_somebody_who_would_rather_not_count_is_not_asked_again(jo, browse):
    browser = browse(jo)
    browser.post("/start-day", {"began": ""})
    page = text(browser.get("/today"))
    assert "Would you like to count" not in page
    assert "You are here today, and that is what matters." in page


def test_both_counts_and_the_next_mark(jo, sam, browse):
    share(jo, sam, *Category)
    start(jo, days_ago=142)
    use_day(jo, days_ago=18, told=[place_of(jo, sam)])
    page = text(browse(jo).get("/today"))
    assert "All 142 of your days count." in page
    assert "18 days since last use Sam sees this too. 150-day mark: 8 days to go." in page


def test_a_day_of_use_not_told_is_seen_by_nobody(jo, sam, browse):
    share(jo, sam, *Category)
    use_day(jo, days_ago=0)
    page = text(browse(jo).get("/today"))
    assert "0 days since last use" in page
    assert "sees this too" not in page


def test_the_second_count_can_be_hidden(jo, browse):
    start(jo, days_ago=142)
    use_day(jo, days_ago=18)
    actions.hide_days_since_use(jo.actor, owner=jo.id, hidden=True)
    page = text(browse(jo).get("/today"))
    assert "since last use" not in page
    assert "150-day mark" in page


@pytest.mark.parametrize(
    ("days_ago", "said"),
    [
        (0, "1st day"),
        (1, "Your 1 day counts."),
        (30, "Today is your 30-day mark."),
        (365, "Today is your 1-year mark."),
    ],
)
def test_special_days(jo, browse, days_ago, said):
    start(jo, days_ago=days_ago)
    assert said in text(browse(jo).get("/today"))


def test_own_words_stand_on_today(jo, browse):
    people.choose_own_words(jo.actor, owner=jo.id, for_use="drink", for_recovery="sober")
    start(jo, days_ago=10)
    use_day(jo, days_ago=3)
    page = text(browse(jo).get("/today"))
    assert "10 days sober" in page
    assert "3 days since last drink" in page


def test_who_sees_it_stands_under_the_form(jo, sam, mum, browse):
    share(jo, sam, Category.FEELING, Category.CRAVINGS)
    share(jo, mum, Category.FEELING)
    assert "Sam and Mum see how you feel. Only Sam sees cravings." in text(browse(jo).get("/today"))
    share(jo, mum, Category.FEELING, Category.CRAVINGS)
    assert "Sam and Mum see how you feel and your cravings." in text(browse(jo).get("/today"))
    share(jo, sam)
    share(jo, mum, Category.CRAVINGS)
    assert "Only you see how you feel. Mum sees cravings." in text(browse(jo).get("/today"))


def test_a_quiet_day_is_met_kindly(jo, browse, clock):
    browser = browse(jo)
    browser.post("/checkin", {"mood": "3", "key": new_id()})
    clock.forward(days=1)
    assert "No check-in yesterday" not in text(browser.get("/today"))
    clock.forward(days=1)
    page = browser.get("/today").content.decode()
    assert "No check-in yesterday. That's okay. How are you now?" in page.replace("&#x27;", "'")
    assert 'href="/checkin/2026-11-21"' in page


def test_a_name_is_never_markup(make_person, browse):
    rude = make_person("<b>Jo</b>")
    assert "&lt;b&gt;Jo" in browse(rude).get("/today").content.decode()


def test_today_costs_the_same_with_years_of_days_and_at_most_twelve_queries(jo, sam, mum, browse, clock):
    browser = browse(jo)

    def queries():
        browser.get("/today")
        with CaptureQueriesContext(connection) as caught:
            assert browser.get("/today").status_code == 200
        return len(caught)

    empty = queries()
    now = clock.now()
    start(jo, days_ago=900)
    for back in range(40):
        clock.at(now - timedelta(days=back))
        actions.record_checkin(jo.actor, owner=jo.id, zone=NEW_YORK, key=new_id(), mood=3, craving=back % 4)
        use_day(jo, days_ago=0)
    clock.at(now)
    share(jo, sam, *Category)
    share(jo, mum, *Category)
    full = queries()
    actions.hide_day(jo.actor, owner=jo.id, zone=NEW_YORK, day=clock.now().date() - timedelta(days=3))
    assert full <= queries() <= 12  # whoever hides a day is asked which one
    assert full - empty <= 1  # a roster with somebody in it is read in two steps


def test_a_journey_moves_the_end_of_the_day(jo, browse):
    browser = browse(jo)
    assert browser.post("/today/travel", {"time_zone": "Asia/Tokyo"}).url == "/today"
    assert people_queries.profile(jo.actor, owner=jo.id).time_zone == "Asia/Tokyo"
    assert "Good morning, Jo" in text(browser.get("/today"))  # 8:10 am of the next day in Tokyo


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd"])
def test_a_place_that_does_not_exist_moves_nothing(jo, browse, zone):
    assert browse(jo).post("/today/travel", {"time_zone": zone}).status_code == 302
    assert people_queries.profile(jo.actor, owner=jo.id).time_zone == NEW_YORK
