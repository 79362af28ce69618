"""Days off from calls: the ladder goes on without whoever rests, and never ends in nothing without saying so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.circle import said
from handrail.circle.actions import LastOnCall
from handrail.delivery.claims import may_still_go
from handrail.delivery.models import Outbox
from handrail.gate import Category
from handrail.home import seen
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere
from handrail.kernel.ids import new_id
from handrail.safety import actions as safety
from handrail.safety import queries as calls
from handrail.supporters import actions, queries
from tests.fixtures.people import Somebody, share, stand_by

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]


@pytest.fixture
def ladder(jo: Somebody, mum: Somebody, sam: Somebody) -> None:
    """Mum on the first rung, Sam on the second."""
    share(jo, mum, Category.HELP, Category.PLAN)
    share(jo, sam, Category.HELP)
    order = {each.membership_id: 1 if each.name == "Mum" else 2 for each in members(jo)}
    circle.order_ladder(jo.actor, owner=jo.id, rungs=order)


def members(owner: Somebody) -> list[roster.Member]:
    return roster.roster(owner.actor, owner=owner.id)


def rest(who: Somebody, *owners: Somebody, days: int = 14, knows: tuple[Somebody, ...] = ()) -> None:
    until = clock.now() + timedelta(days=days)
    actions.rest(who.actor, owners=[each.id for each in owners], until=until, although_last=[each.id for each in knows])


def call(owner: Somebody) -> str:
    return safety.make_call(owner.actor, owner=owner.id, key=new_id(), words="Can you call me?")


def stands(owner: Somebody, made: str) -> dict[str, str]:
    return {each.name: each.stands for each in calls.status(owner.actor, call=made).asked}


def words(owner: Somebody) -> list[str]:
    found = said.resting(members(owner))
    return [found.text] if found else []


@pytest.mark.usefixtures("ladder")
class TestWhoRests:
    def test_is_put_no_call_and_the_next_one_is_asked_first(self, jo: Somebody, mum: Somebody) -> None:
        rest(mum, jo)
        assert stands(jo, call(jo)) == {"Sam": "in_app"}

    def test_still_sees_what_is_shared(self, jo: Somebody, mum: Somebody) -> None:
        before = seen.person(mum.actor, owner=jo.id)
        rest(mum, jo)
        after = seen.person(mum.actor, owner=jo.id)
        assert (after.plan, after.card.gets_calls) == (before.plan, True) and after.card.off_until

    def test_gets_no_message_that_was_waiting(self, jo: Somebody, mum: Somebody) -> None:
        from handrail.delivery import ways
        from handrail.delivery.models import Way

        ways.begin(mum.actor, owner=mum.id, channel="email", address="mum@example.org")
        Way.objects.update(verified_at=clock.now())
        call(jo)
        waiting = Outbox.objects.filter(may_still_go(), to=mum.id, kind="call", channel="email")
        assert waiting.count() == 1
        circle.rest(mum.actor, owner=jo.id, until=clock.now() + timedelta(days=1))
        assert Outbox.objects.filter(may_still_go(), to=mum.id, kind="call").count() == 0

    def test_is_asked_again_when_the_time_is_over_or_after_one_tap(
        self, browse: Browse, jo: Somebody, mum: Somebody
    ) -> None:
        rest(mum, jo, days=2)
        with clock.moved_by(days=2, seconds=1):
            assert words(jo) == [] and members(jo)[0].gets_calls
        browse(mum).post("/s/rest", {"do": "back"})
        assert words(jo) == [] and stands(jo, call(jo)) == {"Mum": "in_app"}

    def test_is_named_to_the_person_with_who_is_asked_meanwhile(
        self, browse: Browse, jo: Somebody, mum: Somebody
    ) -> None:
        with clock.moved_to(datetime(2036, 11, 20, 17, tzinfo=UTC)):
            rest(mum, jo)
            assert words(jo) == ["Mum rests until 4 December. Sam is asked first meanwhile."]
            for path in ("/today", "/people", "/people/order"):
                assert words(jo)[0] in browse(jo).get(path).content.decode(), path
            assert "Rests right now." in browse(jo).get("/people/load").content.decode()

    def test_says_no_reason_and_is_sent_nothing_for_it(self, jo: Somebody, mum: Somebody) -> None:
        rest(mum, jo)
        assert Outbox.objects.filter(to=jo.id, kind="circle.nobody").count() == 0  # Sam is there: no message needed
        newest = roster.who_looked(jo.actor, owner=jo.id)[0]
        assert (said.who(newest), said.what(newest)) == ("Mum", "began or ended a rest")

    def test_passes_an_open_call_on_at_once(self, jo: Somebody, mum: Somebody) -> None:
        made = call(jo)
        rest(mum, jo)
        assert stands(jo, made) == {"Mum": "cannot", "Sam": "in_app"}

    def test_passes_on_a_call_that_they_had_said_yes_to(self, jo: Somebody, mum: Somebody) -> None:
        made = call(jo)
        safety.answer_call(mum.actor, call=made, answer="yes")
        rest(mum, jo)
        status = calls.status(jo.actor, call=made)
        assert (status.state, status.answered_by) == ("open", "")
        assert stands(jo, made) == {"Mum": "cannot", "Sam": "in_app"}

    def test_does_not_disturb_a_call_that_somebody_else_took(self, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
        made = call(jo)
        safety.answer_call(mum.actor, call=made, answer="cannot")
        safety.answer_call(sam.actor, call=made, answer="yes")
        rest(mum, jo)
        assert calls.status(jo.actor, call=made).answered_by == "Sam"

    def test_can_say_yes_after_all_to_a_call_they_were_asked_in(self, jo: Somebody, mum: Somebody) -> None:
        made = call(jo)
        rest(mum, jo)
        safety.answer_call(mum.actor, call=made, answer="yes")
        assert calls.status(jo.actor, call=made).answered_by == "Mum"

    def test_rests_from_one_person_and_not_from_another(self, jo: Somebody, mum: Somebody, ann: Somebody) -> None:
        stand_by(ann, mum)
        share(ann, mum, Category.HELP)
        rest(mum, jo)
        assert {each.called: each.off_until is not None for each in queries.standing(mum.actor)} == {
            "Ann": False,
            "Jo": True,
        }
        assert stands(ann, call(ann)) == {"Mum": "in_app"}


class TestTheLastOne:
    """Nobody else gets the calls: said before to whoever rests, and at once to the person."""

    @pytest.fixture(autouse=True)
    def only_mum_is_on_call(self, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
        share(jo, mum, Category.HELP)

    def test_cannot_rest_without_having_read_it(self, jo: Somebody, mum: Somebody) -> None:
        with pytest.raises(LastOnCall):
            rest(mum, jo)
        assert members(jo)[0].off_until is None
        rest(mum, jo, knows=(jo,))
        assert members(jo)[0].off_until

    def test_is_shown_it_on_the_page_and_may_rest_all_the_same(
        self, browse: Browse, jo: Somebody, mum: Somebody
    ) -> None:
        client = browse(mum)
        text = client.get("/s/rest").content.decode()
        assert "Right now nobody else gets Jo’s call for help." in text and f'name="knows" value="{jo.id}"' in text
        assert client.post("/s/rest", {"until": "week", "owners": jo.id, "knows": jo.id}).status_code == 302
        assert members(jo)[0].off_until

    def test_when_it_changes_while_the_page_is_open_it_asks_again_and_saves_nothing(
        self, browse: Browse, jo: Somebody, mum: Somebody
    ) -> None:
        answer = browse(mum).post("/s/rest", {"until": "month", "owners": jo.id})  # Sam was on call when it was opened
        assert answer.status_code == 422 and "Something has changed" in answer.content.decode()
        assert 'value="month" ' in answer.content.decode() and members(jo)[0].off_until is None

    def test_three_who_rest_are_said_in_one_place(self, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
        share(jo, sam, Category.HELP)
        with clock.moved_to(datetime(2036, 11, 20, 17, tzinfo=UTC)):
            rest(mum, jo, days=1)
            rest(sam, jo, days=2, knows=(jo,))
            assert words(jo) == [
                "Mum rests until 21 November. Sam rests until 22 November."
                " Nobody else gets your call for help right now."
            ]

    def test_leaves_the_person_a_message_and_the_lines(self, browse: Browse, jo: Somebody, mum: Somebody) -> None:
        rest(mum, jo, knows=(jo,))
        assert Outbox.objects.filter(to=jo.id, kind="circle.nobody").count() == 1
        for path in ("/today", "/people"):
            text = browse(jo).get(path).content.decode()
            assert "Nobody else gets your call for help right now." in text and 'href="tel:988"' in text, path
        text = browse(jo).get("/a").content.decode()
        assert "Your people rest right now" in text and 'href="tel:988"' in text

    def test_an_open_call_says_that_nobody_can_be_asked_instead_of_promising(
        self, browse: Browse, jo: Somebody, mum: Somebody
    ) -> None:
        made = call(jo)
        rest(mum, jo, knows=(jo,))
        status = calls.status(jo.actor, call=made)
        assert status.nobody_left and status.nobody_answered
        text = browse(jo).get(f"/a/{made}").content.decode()
        assert "Nobody of yours can be asked right now" in text and "We ask everybody again" not in text

    def test_whoever_comes_back_is_asked_in_the_next_round(self, jo: Somebody, mum: Somebody) -> None:
        from handrail.engine.models import Due
        from handrail.safety import due as safety_due

        made = call(jo)
        rest(mum, jo, days=1, knows=(jo,))
        actions.end_rest(mum.actor, owners=[jo.id])
        [row] = Due.objects.filter(kind=safety.CLIMB, ref=made)
        safety_due.nobody_answered_in_time(safety_due.due.Moment(row.kind, row.ref, row.generation, row.due_at))
        assert stands(jo, made) == {"Mum": "asked_again"}

    def test_of_two_who_rest_one_after_the_other_the_second_is_told(
        self, jo: Somebody, mum: Somebody, sam: Somebody
    ) -> None:
        share(jo, sam, Category.HELP)
        rest(mum, jo)
        with pytest.raises(LastOnCall):
            rest(sam, jo)

    def test_of_two_circles_none_is_rested_from_when_one_is_not_known(
        self, jo: Somebody, mum: Somebody, ann: Somebody
    ) -> None:
        stand_by(ann, mum)
        first, last = sorted((jo, ann), key=lambda owner: owner.id)  # in the order in which they are written
        share(first, mum, Category.FEELING)
        share(last, mum, Category.HELP)
        with pytest.raises(LastOnCall):
            rest(mum, first, last)
        assert all(each.off_until is None for each in members(first))

    def test_who_gets_no_calls_is_told_nothing_of_who_does(self, browse: Browse, jo: Somebody, sam: Somebody) -> None:
        assert not queries.standing(sam.actor)[0].last
        assert "nobody else" not in browse(sam).get("/s/rest").content.decode()


class TestThePage:
    @pytest.mark.parametrize("form", [{}, {"until": "never"}, {"until": "day"}, {"until": "day", "day": "soon"}])
    def test_what_cannot_be_taken_is_said_and_nothing_begins(
        self, browse: Browse, jo: Somebody, mum: Somebody, form: dict[str, str]
    ) -> None:
        assert browse(mum).post("/s/rest", {"owners": jo.id, **form}).status_code == 422
        assert members(jo)[0].off_until is None

    @pytest.mark.parametrize(("days", "taken"), [(-1, False), (0, False), (1, True), (91, True), (93, False)])
    def test_a_day_of_one_s_own_lies_in_the_next_three_months(
        self, browse: Browse, jo: Somebody, mum: Somebody, days: int, taken: bool
    ) -> None:
        day = clock.today("America/New_York") + timedelta(days=days)
        answer = browse(mum).post("/s/rest", {"until": "day", "day": day.isoformat(), "owners": jo.id})
        assert (answer.status_code == 302) is taken
        assert (members(jo)[0].off_until is not None) is taken

    def test_a_rest_ends_at_nine_in_the_morning(self, browse: Browse, jo: Somebody, mum: Somebody) -> None:
        browse(mum).post("/s/rest", {"until": "two", "owners": jo.id})
        until = members(jo)[0].off_until
        assert until and until.astimezone(ZoneInfo("America/New_York")).hour == 9

    def test_nobody_rests_from_a_circle_that_they_do_not_stand_in(
        self, browse: Browse, mum: Somebody, ann: Somebody
    ) -> None:
        assert browse(mum).post("/s/rest", {"until": "two", "owners": ann.id}).status_code == 422
        with pytest.raises(NotHere):
            rest(mum, ann)

    def test_without_end_or_in_the_past_is_no_rest(self, jo: Somebody, mum: Somebody) -> None:
        for days in (-1, 0, 100):
            with pytest.raises(Invalid):
                rest(mum, jo, days=days)

    def test_who_stands_beside_nobody_reads_that_there_is_nothing_to_rest_from(
        self, browse: Browse, ann: Somebody
    ) -> None:
        assert "nothing to rest from" in browse(ann).get("/s/rest").content.decode()
