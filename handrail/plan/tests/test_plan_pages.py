import re

import pytest

from handrail.gate import Category
from handrail.plan import actions, queries
from tests.fixtures.people import share


@pytest.fixture
def jos(jo, browse):
    return browse(jo)


def _text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_an_empty_plan_offers_one_small_step_and_help_right_now(jos):
    page = jos.get("/plan").content.decode()
    assert "Start with one small thing" in page
    assert 'href="/plan/edit/2"' in page
    assert page.index("Right now") < page.index("Signs that it is getting hard")


def test_lines_are_saved_and_numbers_can_be_called(jos):
    answer = jos.post("/plan/edit/4", {"lines": "Sam 212-555-0134\nMum"})
    assert answer.status_code == 302
    assert answer["Location"] == "/plan#step-4"
    page = jos.get("/plan").content.decode()
    assert 'href="tel:2125550134"' in page
    assert "Mum" in page


def test_ticked_suggestions_become_lines(jos, jo):
    jos.post("/plan/edit/2", {"lines": "Feed the cat", "add": ["Take a shower", "Walk around the block"]})
    step = queries.step_to_edit(jo.actor, owner=jo.id, number=2)
    assert step.lines == ("Feed the cat", "Take a shower", "Walk around the block")
    assert "Take a shower</label>" not in jos.get("/plan/edit/2").content.decode()


def test_save_and_go_on_leads_to_the_next_question(jos):
    assert jos.post("/plan/edit/1", {"lines": "", "then": "next"})["Location"] == "/plan/edit/2"
    assert jos.post("/plan/edit/6", {"lines": "", "then": "next"})["Location"] == "/plan#step-6"


def test_what_is_too_long_is_shown_again_with_what_was_typed(jos, jo):
    typed = "b" * 300
    answer = jos.post("/plan/edit/1", {"lines": typed})
    assert answer.status_code == 422
    assert typed in answer.content.decode()
    assert "There is a problem" in answer.content.decode()
    assert queries.plan(jo.actor, owner=jo.id).is_empty


def test_earlier_words_can_be_used_again_without_scripts(jos, jo):
    jos.post("/plan/edit/1", {"lines": "Payday"})
    jos.post("/plan/edit/1", {"lines": "Bad sleep"})
    page = jos.get("/plan/edit/1").content.decode()
    (back,) = re.findall(r'action="(/plan/back/\w+)"', page)
    jos.post(back)
    assert queries.step_to_edit(jo.actor, owner=jo.id, number=1).lines == ("Payday",)


def test_the_plan_says_who_sees_it(jos, jo, sam):
    assert "Only you see this." in _text(jos.get("/plan"))
    share(jo, sam, Category.PLAN)
    assert "Who sees this: Sam." in _text(jos.get("/plan"))


def test_the_sheet_for_paper_holds_only_what_was_written(jos, jo):
    actions.write_step(jo.actor, owner=jo.id, number=6, lines=["Naloxone by the door"])
    page = _text(jos.get("/plan/print"))
    assert "Naloxone by the door" in page
    assert "Payday" not in page
    assert "Professionals" not in page


def test_words_are_shown_as_words(jos):
    jos.post("/plan/edit/1", {"lines": "<script>alert(1)</script>"})
    assert b"<script>alert" not in jos.get("/plan").content


@pytest.mark.parametrize("path", ["/plan/edit/0", "/plan/edit/7", "/plan/edit/99999999999"])
def test_a_seventh_step_is_not_here(jos, path):
    assert jos.get(path).status_code == 404


def test_the_plan_page_asks_as_often_for_a_long_plan(jos, jo, django_assert_max_num_queries):
    for number in range(1, 7):
        for line in ("first", "second", "third"):
            actions.write_step(jo.actor, owner=jo.id, number=number, lines=[line])
    with django_assert_max_num_queries(8):
        jos.get("/plan")
