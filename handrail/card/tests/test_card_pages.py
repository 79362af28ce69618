import re

import pytest

from handrail.card import queries
from handrail.circle import queries as roster
from handrail.gate import Category
from tests.fixtures.people import share


@pytest.fixture
def mums(jo, mum):
    return roster.roster(jo.actor, owner=jo.id)[0].membership_id


def test_the_card_is_never_empty_the_lines_of_the_country_stand_on_it(jo, browse):
    page = browse(jo).get("/people/card").content.decode()
    assert "No number yet" in page
    assert "tel:911" in page
    assert "tel:988" in page


def test_a_number_written_down_stands_on_the_card_and_in_the_text(jo, mums, browse):
    browser = browse(jo)
    answer = browser.post("/people/card/numbers", {mums: "(555) 010-0199"}, follow=True)
    page = answer.content.decode()
    assert "Only you see these numbers" in page
    assert 'href="tel:5550100199"' in page
    assert "Mum: (555) 010-0199\n" in page
    assert "sms:?&amp;body=Mum%3A%20%28555" in page


def test_what_is_no_number_is_said_kindly_and_stays_typed(jo, mums, browse):
    answer = browse(jo).post("/people/card/numbers", {mums: "ask her"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Digits are enough" in page
    assert 'value="ask her"' in page
    assert queries.numbers(jo.actor, owner=jo.id) == {}


def test_the_call_page_lets_the_person_dial_their_own_people(jo, mum, mums, browse):
    browser = browse(jo)
    browser.post("/people/card/numbers", {mums: "555 010 0199"})
    page = browser.get("/a").content.decode()
    assert page.count('href="tel:5550100199"') == 2  # on the page, and for when the phone has no signal
    share(jo, mum, *Category)
    assert browser.get("/a").content.decode().count('href="sms:5550100199"') == 2


def test_only_eight_fit_and_the_page_says_who_is_left_out(jo, browse):
    from handrail.circle import actions

    for number in range(9):
        said = {"kind": "friend", "about": "", "closeness": 2, "lean": 0}
        actions.keep_outsider(jo.actor, owner=jo.id, name=f"Friend {number}", phone=f"555 010{number}", **said)
    page = browse(jo).get("/people/card").content.decode()
    assert "1 more is left out" in page
    assert page.count('href="tel:555010') == 8


def test_all_of_the_text_is_seen_without_scrolling(jo, mums, browse):
    browser = browse(jo)
    browser.post("/people/card/numbers", {mums: "(555) 010-0199"})
    page = browser.get("/people/card").content.decode()
    rows, text = re.search(r'<textarea id="text" rows="(\d+)" readonly>(.*?)</textarea>', page, re.DOTALL).groups()
    assert int(rows) > len(text.split("\n")) > 3
