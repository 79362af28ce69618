"""When all have let a call pass, nobody is asked until the rung's time is over: no page says that somebody is."""

import re
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.utils.dateformat import time_format

from handrail.circle import actions as circle
from handrail.circle.queries import roster
from handrail.delivery.models import Outbox
from handrail.engine.models import Bell, Due, Worker
from handrail.gate import Category
from handrail.kernel import clock
from handrail.kernel.ids import new_id
from handrail.safety import actions, due, queries
from tests.fixtures.people import ZONE, Somebody, share, signed_in, stand_by

pytestmark = pytest.mark.django_db

ANSWERS = {"yes": "I’ll call now", "cannot": "I can’t right now", "unreached": "I could not reach Jo"}
IF_ANYBODY = "If somebody else can be asked, they are asked now."
PASSES = pytest.mark.parametrize("answer", ["cannot", "unreached"])


@pytest.fixture(autouse=True)
def somebody_climbs(db: None) -> None:
    Worker.objects.create(id=new_id(), started_at=clock.now(), seen_at=clock.now())


@pytest.fixture
def call_to_one(jo: Somebody, mum: Somebody) -> str:
    share(jo, mum, Category.HELP)
    return actions.make_call(jo.actor, owner=jo.id, key=new_id())


@pytest.fixture
def call_to_two(jo: Somebody, mum: Somebody, sam: Somebody) -> str:
    """Mum is asked first, then Sam."""
    return call_on(jo, {mum.id: 1, sam.id: 2}, mum, sam)


@pytest.fixture
def call_at_once(jo: Somebody, mum: Somebody, sam: Somebody) -> str:
    """Mum and Sam are asked together."""
    return call_on(jo, {mum.id: 1, sam.id: 1}, mum, sam)


def call_on(jo: Somebody, rungs: dict[str, int], *members: Somebody) -> str:
    for member in members:
        share(jo, member, Category.HELP)
    order = {each.membership_id: rungs[each.person_id] for each in roster(jo.actor, owner=jo.id)}
    circle.order_ladder(jo.actor, owner=jo.id, rungs=order)
    return actions.make_call(jo.actor, owner=jo.id, key=new_id())


def status(jo: Somebody, call: str) -> queries.CallStatus:
    return queries.status(jo.actor, call=call)


def page_of(jo: Somebody, call: str) -> str:
    return unescape(signed_in(jo).get(f"/a/{call}").content.decode())


def alert_to(member: Somebody, call: str) -> str:
    return unescape(signed_in(member).get(f"/s/alert/{call}").content.decode())


def says(member: Somebody, call: str, answer: str) -> None:
    actions.answer_call(member.actor, call=call, answer=answer)


def let_the_wait_run_out(call: str) -> None:
    [row] = Due.objects.filter(kind=actions.CLIMB, ref=call)
    with clock.moved_to(row.due_at):
        due.nobody_answered_in_time(due.due.Moment(row.kind, row.ref, row.generation, row.due_at))


def at(moment: datetime | None) -> str:
    """As the page says it: the person's own local time."""
    assert moment
    return time_format(moment.astimezone(ZoneInfo(ZONE)), "g:i A").lower()


class TestThePersonsPage:
    @PASSES
    def test_the_only_one_let_it_pass(self, jo: Somebody, mum: Somebody, call_to_one: str, answer: str) -> None:
        says(mum, call_to_one, answer)
        page = page_of(jo, call_to_one)
        assert "Nobody has said yes yet" in page and "We are asking" not in page
        assert f"We ask everybody again at {at(status(jo, call_to_one).next_at)}." in page
        assert "Call now" in page and 'href="tel:988"' in page

    def test_before_anybody_answered_it_says_who_is_asked_next(
        self, jo: Somebody, mum: Somebody, call_to_two: str
    ) -> None:
        assert "</strong>, we ask who comes next on your ladder." in page_of(jo, call_to_two)
        says(mum, call_to_two, "cannot")
        assert "</strong>, we ask everybody again." in page_of(jo, call_to_two)

    def test_unreached_on_the_last_rung(self, jo: Somebody, mum: Somebody, sam: Somebody, call_to_two: str) -> None:
        says(mum, call_to_two, "unreached")
        assert "Your people are being asked" in page_of(jo, call_to_two)
        says(sam, call_to_two, "yes")
        says(sam, call_to_two, "unreached")
        page = page_of(jo, call_to_two)
        assert page.count("could not reach you") == 2 and "asking the next one" not in page
        assert f"We ask everybody again at {at(status(jo, call_to_two).next_at)}." in page
        assert "Call now" in page and 'href="tel:988"' in page

    def test_in_the_next_round_it_says_who_was_asked_again_and_when_the_one_after_is(
        self, jo: Somebody, mum: Somebody, call_to_one: str
    ) -> None:
        says(mum, call_to_one, "cannot")
        before = status(jo, call_to_one).next_at
        let_the_wait_run_out(call_to_one)
        now = status(jo, call_to_one)
        assert now.next_at != before
        page = page_of(jo, call_to_one)
        assert f"We ask everybody again at {at(now.next_at)}." in page
        assert f"Asked again at {at(before)}" in page

    def test_who_gets_calls_again_meanwhile_is_asked_before_everybody(
        self, jo: Somebody, mum: Somebody, sam: Somebody, call_to_two: str
    ) -> None:
        share(jo, sam)
        says(mum, call_to_two, "cannot")
        assert "We ask everybody again at" in page_of(jo, call_to_two)
        share(jo, sam, Category.HELP)
        page = page_of(jo, call_to_two)
        assert f"We ask who comes next on your ladder at {at(status(jo, call_to_two).next_at)}." in page
        let_the_wait_run_out(call_to_two)
        assert [each.stands for each in status(jo, call_to_two).asked] == ["cannot", "in_app"]

    def test_no_promise_while_nobody_climbs(self, jo: Somebody, mum: Somebody, call_to_one: str) -> None:
        says(mum, call_to_one, "cannot")
        Worker.objects.all().delete()
        page = page_of(jo, call_to_one)
        assert "We ask everybody again" not in page and "cannot ask anybody else right now" in page

    def test_no_promise_of_a_round_after_the_call_has_closed(
        self, jo: Somebody, mum: Somebody, call_to_one: str
    ) -> None:
        with clock.moved_to(clock.now() + timedelta(hours=11, minutes=55)):
            Worker.objects.update(seen_at=clock.now())
            says(mum, call_to_one, "cannot")
            assert status(jo, call_to_one).next_at is None
            page = page_of(jo, call_to_one)
        assert "Nobody has said yes yet" in page and "We ask everybody again" not in page


class TestTheNextRoundKeepsItsTime:
    def test_whatever_is_said_once_more(self, jo: Somebody, mum: Somebody, call_to_one: str) -> None:
        says(mum, call_to_one, "cannot")
        promised = status(jo, call_to_one).next_at
        for answer in ("cannot", "unreached"):
            says(mum, call_to_one, answer)
        assert status(jo, call_to_one).next_at == promised

    def test_whoever_of_an_earlier_rung_says_it_late(
        self, jo: Somebody, mum: Somebody, sam: Somebody, call_to_two: str
    ) -> None:
        let_the_wait_run_out(call_to_two)
        says(sam, call_to_two, "cannot")
        promised = status(jo, call_to_two).next_at
        says(mum, call_to_two, "cannot")
        assert status(jo, call_to_two).next_at == promised


class TestTheMembersPage:
    def test_the_three_answers_stand_there_as_long_as_the_call_goes_on(
        self, jo: Somebody, mum: Somebody, call_to_one: str
    ) -> None:
        for answer in ("", "cannot", "unreached", "yes"):
            if answer:
                says(mum, call_to_one, answer)
            page = alert_to(mum, call_to_one)
            for value, words in ANSWERS.items():
                assert f'value="{value}"' in page and words in page, (answer, value)
        actions.end_call(jo.actor, call=call_to_one, ending="okay")
        assert 'name="answer"' not in alert_to(mum, call_to_one)

    @PASSES
    def test_it_does_not_tell_the_only_one_of_somebody_else(self, mum: Somebody, call_to_one: str, answer: str) -> None:
        assert "passes it on, if somebody else can be asked" in alert_to(mum, call_to_one)
        signed_in(mum).post(f"/s/alert/{call_to_one}/answer", {"answer": answer})
        page = alert_to(mum, call_to_one)
        assert IF_ANYBODY in page
        assert "being asked" not in page and "at once" not in page

    @PASSES
    def test_whether_there_is_somebody_else_cannot_be_told(
        self, mum: Somebody, sam: Somebody, call_to_two: str, answer: str
    ) -> None:
        """The first on the ladder and the last read the same."""
        said = []
        for member in (mum, sam):
            says(member, call_to_two, answer)
            page = re.sub(r"<input[^>]*csrf[^>]*>", "", alert_to(member, call_to_two))
            said.append(page[page.index("<main") : page.index("</main>")])
        assert IF_ANYBODY in said[0]
        assert said[0] == said[1]

    def test_who_could_not_reach_them_is_told_of_no_asking_once_somebody_has_it(
        self, mum: Somebody, sam: Somebody, call_at_once: str
    ) -> None:
        says(sam, call_at_once, "yes")
        says(mum, call_at_once, "unreached")
        page = alert_to(mum, call_at_once)
        assert "Sam has this. You can stand down." in page and "Thank you for trying." in page
        assert IF_ANYBODY not in page and "passes it on" not in page

    def test_who_never_said_yes_may_say_that_they_could_not_reach_them(
        self, jo: Somebody, mum: Somebody, call_to_two: str
    ) -> None:
        signed_in(mum).post(f"/s/alert/{call_to_two}/answer", {"answer": "unreached"})
        assert [each.stands for each in status(jo, call_to_two).asked] == ["unreached", "in_app"]

    def test_an_open_page_is_woken_when_whoever_had_it_lets_go(
        self, mum: Somebody, sam: Somebody, call_at_once: str
    ) -> None:
        says(sam, call_at_once, "yes")
        Bell.objects.all().delete()
        says(sam, call_at_once, "unreached")
        assert Bell.objects.filter(person_id=mum.id).exists()
        assert "Jo asks for help" in alert_to(mum, call_at_once)


def test_who_was_told_to_stand_down_is_asked_again_when_the_other_lets_it_go(
    call_at_once: str, jo: Somebody, mum: Somebody, sam: Somebody
) -> None:
    says(mum, call_at_once, "yes")
    before = asked_by_message(sam)
    says(mum, call_at_once, "unreached")
    assert asked_by_message(sam) == before + 1
    assert asked_by_message(mum) == 1  # she has just said that she cannot
    assert not status(jo, call_at_once).nobody_answered
    says(sam, call_at_once, "cannot")
    assert status(jo, call_at_once).nobody_answered  # now all have let it pass


def test_on_a_higher_rung_they_are_asked_beside_the_next(
    jo: Somebody, mum: Somebody, sam: Somebody, ann: Somebody
) -> None:
    stand_by(jo, ann)
    call = call_on(jo, {mum.id: 1, sam.id: 1, ann.id: 2}, mum, sam, ann)
    says(mum, call, "yes")
    says(mum, call, "unreached")
    assert [asked_by_message(one) for one in (mum, sam, ann)] == [1, 2, 1]


def asked_by_message(somebody: Somebody) -> int:
    return Outbox.objects.filter(to=somebody.id, kind="call").count()  # they can be reached in the app alone


def test_they_are_asked_again_too_when_the_one_who_had_it_gets_no_calls_any_more(
    call_at_once: str, jo: Somebody, mum: Somebody, sam: Somebody
) -> None:
    says(mum, call_at_once, "yes")
    place = next(each for each in roster(jo.actor, owner=jo.id) if each.person_id == mum.id)
    circle.change_shares(jo.actor, owner=jo.id, wanted={place.membership_id: set()})
    assert [asked_by_message(one) for one in (mum, sam)] == [1, 2]


def test_after_asking_again_the_page_tells_of_this_asking(
    call_at_once: str, jo: Somebody, mum: Somebody, sam: Somebody
) -> None:
    Outbox.objects.filter(to=sam.id).update(on_phone_at=clock.now(), state=Outbox.ON_PHONE)
    says(mum, call_at_once, "yes")
    says(mum, call_at_once, "unreached")
    stands = {one.name: one.stands for one in status(jo, call_at_once).asked}
    assert stands["Sam"] != "on_phone"


def test_nobody_puts_the_next_round_off_by_letting_go_again_and_again(
    call_at_once: str, jo: Somebody, mum: Somebody, sam: Somebody
) -> None:
    promised = status(jo, call_at_once).next_at
    for minutes in (3, 6, 9):
        with clock.moved_to(clock.now() + timedelta(minutes=minutes)):
            says(mum, call_at_once, "yes")
            says(mum, call_at_once, "unreached")
            assert status(jo, call_at_once).next_at == promised
