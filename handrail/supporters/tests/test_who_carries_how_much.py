"""How the load of a circle lies: told to the person in words, and to a member only what was put to them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.gate import Category
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import new_id
from handrail.safety import actions as safety
from handrail.supporters import queries
from tests.fixtures.people import Somebody, share

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]


@pytest.fixture
def some_calls(jo: Somebody, mum: Somebody, sam: Somebody) -> None:
    """Mum is asked first and said yes to three of four; once it went on to Sam."""
    with clock.moved_by(days=-60):
        share(jo, mum, Category.HELP)
        share(jo, sam, Category.HELP)
    rungs = {each.membership_id: 1 if each.name == "Mum" else 2 for each in roster.roster(jo.actor, owner=jo.id)}
    circle.order_ladder(jo.actor, owner=jo.id, rungs=rungs)
    for days, answers in ((40, {mum: "yes"}), (20, {mum: "yes"}), (12, {mum: "cannot", sam: "yes"}), (5, {mum: "yes"})):
        with clock.moved_by(days=-days):
            made = safety.make_call(jo.actor, owner=jo.id, key=new_id(), words="Please")
            for who, answer in answers.items():
                safety.answer_call(who.actor, call=made, answer=answer)
            safety.end_call(jo.actor, call=made, ending="okay")


@pytest.mark.usefixtures("some_calls")
class TestThePersonIsTold:
    def test_in_words_with_reasons_and_a_next_step(self, browse: Browse, jo: Somebody) -> None:
        text = browse(jo).get("/people/load").content.decode()
        assert "Your last four weeks: 3 calls" in text
        assert "Is asked first when you call. Was asked 3 times, said yes 2 times." in text
        assert "Is asked later when you call. Was asked once, said yes once." in text
        assert "Mum said yes to 2 of your last 3 calls" in text and 'href="/people/order"' in text

    def test_nobody_else_is(self, jo: Somebody, mum: Somebody, sam: Somebody, ann: Somebody) -> None:
        for other in (mum, sam, ann):
            with pytest.raises(NotHere):
                queries.load(other.actor, owner=jo.id)


@pytest.mark.usefixtures("some_calls")
class TestAMemberIsTold:
    def test_of_the_calls_that_were_put_to_them_and_of_no_other(
        self, browse: Browse, mum: Somebody, sam: Somebody
    ) -> None:
        assert [(each.asked, each.yes) for each in queries.standing(mum.actor)] == [(3, 2)]
        assert [(each.asked, each.yes) for each in queries.standing(sam.actor)] == [(1, 1)]
        text = browse(sam).get("/s/me-too").content.decode()
        assert "Jo called you once in the last four weeks." in text and not re.search(r"\bMum\b", text)

    def test_nothing_once_calls_are_not_shared_with_them_any_more(self, jo: Somebody, mum: Somebody) -> None:
        share(jo, mum, Category.FEELING)
        assert [(each.asked, each.yes, each.gets_calls) for each in queries.standing(mum.actor)] == [(0, 0, False)]


def test_a_circle_without_anybody_leads_to_the_first_invitation(browse: Browse, ann: Somebody) -> None:
    assert 'href="/invite"' in browse(ann).get("/people/load").content.decode()


def test_it_costs_as_many_queries_for_many_calls_as_for_few(browse: Browse, jo: Somebody, mum: Somebody) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with clock.moved_by(days=-60):
        share(jo, mum, Category.HELP)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            browse(jo).get("/people/load")
        return len(asked)

    def calls(how_many: int) -> None:
        for number in range(how_many):
            with clock.moved_by(hours=-number - 1):
                made = safety.make_call(jo.actor, owner=jo.id, key=new_id(), words="Please")
                safety.end_call(jo.actor, call=made, ending="okay")

    calls(1)
    cost()
    few = cost()
    calls(12)
    assert cost() == few


def test_four_weeks_are_looked_at(jo: Somebody, mum: Somebody) -> None:
    with clock.moved_by(days=-60):
        share(jo, mum, Category.HELP)
    with clock.moved_by(days=-29):
        made = safety.make_call(jo.actor, owner=jo.id, key=new_id(), words="Please")
        safety.end_call(jo.actor, call=made, ending="okay")
    assert queries.load(jo.actor, owner=jo.id).calls == 0
    with clock.moved_to(clock.now() - timedelta(days=2)):
        assert queries.load(jo.actor, owner=jo.id).calls == 1
