"""Whoever chose another country than the install's is led to that country's phone numbers, from every page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handrail.checkins import actions as checkins
from handrail.delivery import ways
from handrail.delivery.models import Way
from handrail.gate import Category
from handrail.kernel import clock
from handrail.kernel.ids import new_id
from handrail.people import actions as people
from handrail.safety import actions as safety
from tests.fixtures.people import roster, share

ZONE = "America/New_York"
NOBODY_IS_SIGNED_IN = {"lock.html", "gone.html"}


def moves_to(country, somebody):
    people.change_place(somebody.actor, owner=somebody.id, time_zone=ZONE, country=country)


def help_links(browser, path):
    found = re.findall(r'href="(/help/[^"]*)"', browser.get(path).content.decode())
    assert found, f"no link to help on {path}"
    return found


def hard_day(jo):
    day = clock.today(ZONE)
    checkins.record_use_day(jo.actor, owner=jo.id, zone=ZONE, key=new_id(), kind="used", day=day, told=[])
    return f"/d/{day}/noted"


def call_for_help(jo, mum):
    share(jo, mum, Category.HELP)
    ways.begin(mum.actor, owner=mum.id, channel="email", address="mum@example.org")
    Way.objects.update(verified_at=clock.now())
    place = next(one.membership_id for one in roster(jo) if one.person_id == mum.id)
    return safety.make_call(jo.actor, owner=jo.id, key=new_id(), asking=[place])


@pytest.mark.parametrize("path", ["/today", "/plan", "/s/today", "/about", "/there-is-no-such-page"])
def test_a_link_to_help_names_the_country_of_whoever_looks(jo, browse, path) -> None:
    moves_to("GB", jo)
    links = help_links(browse(jo), path)
    assert all(link.endswith("?country=GB") for link in links), links
    moves_to("US", jo)
    links = help_links(browse(jo), path)
    assert all("?" not in link for link in links), links


def test_so_does_the_page_after_a_day_of_use(jo, browse) -> None:
    moves_to("GB", jo)
    assert help_links(browse(jo), hard_day(jo)) == ["/help/overdose?country=GB"]


def test_who_opens_a_call_is_led_to_help_where_they_are_themselves(jo, mum, browse) -> None:
    """The country of the one who calls is shown to nobody, so no link may tell it."""
    moves_to("GB", jo)
    call = call_for_help(jo, mum)
    assert help_links(browse(mum), f"/s/alert/{call}") == ["/help/overdose"]
    moves_to("AU", mum)
    assert help_links(browse(mum), f"/s/alert/{call}") == ["/help/overdose?country=AU"]


def test_naming_the_country_asks_the_database_nothing(jo, browse) -> None:
    browser = browse(jo)
    browser.get("/today")
    counted = []
    for country in ("US", "GB"):
        moves_to(country, jo)
        with CaptureQueriesContext(connection) as asked:
            browser.get("/today")
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_no_page_links_to_help_without_saying_where() -> None:
    """`their_country` where somebody may be signed in, `stay` on the help pages themselves."""
    forgotten = [
        f"{file.name}: {line.strip()}"
        for file in (Path(settings.BASE_DIR) / "handrail").glob("*/templates/**/*.html")
        for line in file.read_text().splitlines()
        if file.name not in NOBODY_IS_SIGNED_IN
        and re.search(r'{% url "help-\w+" %}(?!{% their_country %}|{{ stay }})', line)
    ]
    assert forgotten == []
