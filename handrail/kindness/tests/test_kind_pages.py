from datetime import timedelta

import pytest

from handrail.checkins import actions as checkins
from handrail.gate import Category
from handrail.kernel import clock
from handrail.kindness import queries
from tests.fixtures.people import share

ZONE = "America/New_York"


@pytest.fixture
def hundred_days(jo):
    began = clock.today(ZONE) - timedelta(days=100)
    checkins.set_start(jo.actor, owner=jo.id, zone=ZONE, began=began)


def test_words_go_from_the_members_page_to_today_and_away(jo, mum, client, browse):
    answer = browse(mum).post(f"/s/{jo.id}/kind", {"words": "So <b>glad</b> you are here."}, follow=True)
    assert "It is there when Jo opens Handrail." in answer.content.decode()
    today = browse(jo).get("/today").content.decode()
    assert "So &lt;b&gt;glad&lt;/b&gt; you are here." in today
    note = queries.unread(jo.actor, owner=jo.id)[0].id
    after = client.post(f"/people/kind/{note}", {"back": "today"}, follow=True).content.decode()
    assert "you are here." not in after
    assert "So &lt;b&gt;glad" in client.get("/people/kind").content.decode()


def test_an_empty_note_says_what_to_do(jo, mum, browse):
    answer = browse(mum).post(f"/s/{jo.id}/kind", {"words": " "})
    assert answer.status_code == 422
    assert "Write a few words, or choose some below." in answer.content.decode()


def test_the_sixth_note_of_a_day_stays_typed(jo, mum, browse):
    browser = browse(mum)
    for number in range(5):
        browser.post(f"/s/{jo.id}/kind", {"words": f"Hello {number}"})
    answer = browser.post(f"/s/{jo.id}/kind", {"words": "One more"})
    assert answer.status_code == 422
    assert "One more" in answer.content.decode()
    assert "enough for today" in answer.content.decode()


def test_days_are_shown_to_those_who_may_see_them_and_no_count_since_use(jo, mum, hundred_days, browse):
    page = f"/s/{jo.id}"
    assert "days in recovery" not in browse(mum).get(page).content.decode()
    share(jo, mum, Category.DAYS)
    shown = browse(mum).get(page).content.decode()
    assert "Jo: 100 days in recovery" in shown
    assert "since" not in shown
    assert "100 days. I am proud of you." in browse(mum).get(f"{page}/kind").content.decode()


def test_whoever_counts_nothing_shows_nothing(jo, mum, browse):
    share(jo, mum, Category.DAYS)
    assert "days in recovery" not in browse(mum).get(f"/s/{jo.id}").content.decode()
    assert "proud of you" not in browse(mum).get(f"/s/{jo.id}/kind").content.decode()
