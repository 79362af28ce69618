"""A call for help, from the tap to a human answer. Moments are handed to the handlers that the worker would call."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from handrail.circle import actions as circle
from handrail.circle import queries as roster_of
from handrail.delivery import ways
from handrail.delivery.models import Outbox, Way
from handrail.engine.models import Due, Worker
from handrail.gate import Category
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere, TooLate
from handrail.kernel.ids import new_id
from handrail.safety import actions, due, queries
from tests.fixtures.people import Somebody, share, stand_by

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]


@pytest.fixture
def ladder(jo: Somebody, mum: Somebody, sam: Somebody) -> None:
    """Mum on the first rung, Sam on the second."""
    share(jo, mum, Category.HELP)
    share(jo, sam, Category.HELP, Category.PLACE)
    order = {each.membership_id: 1 if each.name == "Mum" else 2 for each in members(jo)}
    circle.order_ladder(jo.actor, owner=jo.id, rungs=order)


@pytest.fixture(autouse=True)
def everybody_has_confirmed_an_address(jo: Somebody, mum: Somebody, sam: Somebody) -> None:
    for each in (jo, mum, sam):
        ways.begin(each.actor, owner=each.id, channel="email", address=f"{each.name}@example.org")
    Way.objects.update(verified_at=clock.now())
    Outbox.objects.all().delete()  # the codes


def members(owner: Somebody) -> list[roster_of.Member]:
    return roster_of.roster(owner.actor, owner=owner.id)


def call_of(owner: Somebody, **more: object) -> str:
    return actions.make_call(owner.actor, owner=owner.id, **{"key": new_id(), "words": "Can you call me?", **more})  # type: ignore[arg-type]


def status(owner: Somebody, call: str) -> queries.CallStatus:
    return queries.status(owner.actor, call=call)


def stands(owner: Somebody, call: str) -> dict[str, str]:
    return {person.name: person.stands for person in status(owner, call).asked}


def let_the_wait_run_out(call: str) -> None:
    """What the worker does when the rung's time is over."""
    [row] = Due.objects.filter(kind=actions.CLIMB, ref=call)
    Due.objects.filter(pk=row.pk).delete()
    with clock.moved_to(row.due_at):
        due.nobody_answered_in_time(
            due.due.Moment(kind=row.kind, ref=row.ref, generation=row.generation, due_at=row.due_at)
        )


def waiting_for(person: Somebody) -> list[str]:
    return sorted(Outbox.objects.filter(to=person.id, state=Outbox.WAITING).values_list("kind", flat=True))


@pytest.mark.usefixtures("ladder")
class TestClimbing:
    def test_the_first_rung_is_asked_at_once_and_nobody_else(self, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
        call = call_of(jo)
        assert stands(jo, call) == {"Mum": "queued"}
        assert waiting_for(mum) == ["call"] and waiting_for(sam) == []

    def test_no_answer_in_time_asks_the_next(self, jo: Somebody, sam: Somebody) -> None:
        call = call_of(jo)
        let_the_wait_run_out(call)
        assert set(stands(jo, call)) == {"Mum", "Sam"} and waiting_for(sam) == ["call"]

    def test_i_cannot_passes_it_on_at_once(self, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
        call = call_of(jo)
        actions.answer_call(mum.actor, call=call, answer="cannot")
        assert stands(jo, call) == {"Mum": "cannot", "Sam": "queued"} and waiting_for(sam) == ["call"]

    def test_a_wait_that_runs_out_after_the_call_moved_on_does_nothing(self, jo: Somebody, mum: Somebody) -> None:
        call = call_of(jo)
        [row] = Due.objects.filter(kind=actions.CLIMB, ref=call)
        actions.answer_call(mum.actor, call=call, answer="cannot")
        due.nobody_answered_in_time(due.due.Moment(row.kind, row.ref, row.generation, row.due_at))
        assert not status(jo, call).nobody_answered
        assert Due.objects.filter(kind=actions.CLIMB, ref=call).count() == 1

    def test_at_the_end_it_says_so_and_asks_everybody_again(self, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
        call = call_of(jo)
        let_the_wait_run_out(call)
        assert not status(jo, call).nobody_answered
        Outbox.objects.all().delete()
        let_the_wait_run_out(call)
        assert status(jo, call).nobody_answered
        assert waiting_for(mum) == ["call"] and waiting_for(sam) == ["call"]
        let_the_wait_run_out(call)
        assert Due.objects.filter(kind=actions.CLIMB, ref=call).count() == 1

    def test_when_all_have_passed_nobody_is_asked_again_in_the_same_breath(
        self, jo: Somebody, mum: Somebody, sam: Somebody
    ) -> None:
        call = call_of(jo)
        actions.answer_call(mum.actor, call=call, answer="cannot")
        Outbox.objects.all().delete()
        actions.answer_call(sam.actor, call=call, answer="cannot")
        assert waiting_for(mum) == waiting_for(sam) == []
        assert status(jo, call).nobody_answered  # and the page says so, with phone lines, at once
        let_the_wait_run_out(call)
        assert waiting_for(mum) == waiting_for(sam) == ["call"]

    def test_asked_again_what_somebody_said_before_is_not_forgotten(self, jo: Somebody, mum: Somebody) -> None:
        call = call_of(jo)
        actions.answer_call(mum.actor, call=call, answer="cannot")
        let_the_wait_run_out(call)
        assert stands(jo, call)["Mum"] == "asked_again"
        actions.open_alert(mum.actor, call=call)
        assert stands(jo, call)["Mum"] == "opened"
        actions.answer_call(mum.actor, call=call, answer="yes")
        assert status(jo, call).answered_by == "Mum"

    def test_whoever_lost_the_share_is_not_asked(self, jo: Somebody, sam: Somebody) -> None:
        call = call_of(jo)
        share(jo, sam)
        let_the_wait_run_out(call)
        assert waiting_for(sam) == []
        assert status(jo, call).nobody_answered

    def test_only_those_left_ticked_are_asked(self, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
        only_sam = [each.membership_id for each in members(jo) if each.name == "Sam"]
        call = call_of(jo, asking=only_sam)
        assert waiting_for(mum) == [] and waiting_for(sam) == ["call"]
        let_the_wait_run_out(call)
        assert set(stands(jo, call)) == {"Sam"}

    def test_two_taps_make_one_call(self, jo: Somebody) -> None:
        key = new_id()
        assert call_of(jo, key=key) == call_of(jo, key=key) == call_of(jo)
        assert Outbox.objects.filter(kind="call", channel="email").count() == 1

    def test_after_twelve_hours_it_is_closed_and_the_person_is_asked(self, jo: Somebody, mum: Somebody) -> None:
        call = call_of(jo)
        [row] = Due.objects.filter(kind=actions.CLOSE, ref=call)
        assert row.due_at - clock.now() > timedelta(hours=11, minutes=59)
        due.twelve_hours_have_passed(due.due.Moment(row.kind, row.ref, row.generation, row.due_at))
        assert status(jo, call).ending == "closed"
        assert waiting_for(jo) == ["call.closed"]
        assert not Due.objects.filter(ref=call, kind=actions.CLIMB).exists()


@pytest.mark.usefixtures("ladder")
class TestAnswering:
    def test_the_first_yes_is_known_and_stands_the_others_down(
        self, jo: Somebody, mum: Somebody, sam: Somebody
    ) -> None:
        call = call_of(jo)
        let_the_wait_run_out(call)
        actions.answer_call(sam.actor, call=call, answer="yes")
        assert status(jo, call).answered_by == "Sam"
        assert waiting_for(mum) == ["call.taken"]
        assert stands(jo, call)["Mum"] == "taken_back"  # her message had not left yet, and does not any more
        assert actions.open_alert(mum.actor, call=call).taken_by == "Sam"
        assert not Due.objects.filter(kind=actions.CLIMB, ref=call).exists()

    def test_a_yes_that_could_not_reach_them_asks_the_next(self, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
        call = call_of(jo)
        actions.answer_call(mum.actor, call=call, answer="yes")
        actions.answer_call(mum.actor, call=call, answer="unreached")
        assert status(jo, call).state == "open"
        assert stands(jo, call) == {"Mum": "unreached", "Sam": "queued"}

    def test_a_second_yes_takes_nothing_from_the_first(self, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
        call = call_of(jo)
        let_the_wait_run_out(call)
        actions.answer_call(sam.actor, call=call, answer="yes")
        actions.answer_call(mum.actor, call=call, answer="yes")
        assert status(jo, call).answered_by == "Sam"
        actions.answer_call(mum.actor, call=call, answer="cannot")
        assert status(jo, call).state == "answered"

    def test_when_the_first_yes_could_not_reach_them_a_second_yes_has_the_call(
        self, jo: Somebody, mum: Somebody, sam: Somebody
    ) -> None:
        call = call_of(jo)
        let_the_wait_run_out(call)
        actions.answer_call(sam.actor, call=call, answer="yes")
        actions.answer_call(mum.actor, call=call, answer="yes")
        actions.answer_call(sam.actor, call=call, answer="unreached")
        assert status(jo, call).answered_by == "Mum"
        assert stands(jo, call) == {"Mum": "yes", "Sam": "unreached"}
        actions.answer_call(mum.actor, call=call, answer="unreached")
        assert status(jo, call).state == "open"

    def test_opening_it_is_seen_by_the_person_and_written_in_the_log(self, jo: Somebody, mum: Somebody) -> None:
        call = call_of(jo)
        actions.open_alert(mum.actor, call=call)
        assert stands(jo, call) == {"Mum": "opened"}
        newest = roster_of.who_looked(jo.actor, owner=jo.id)[0]
        assert (newest.name, newest.action) == ("Mum", "call.see")

    def test_the_place_is_seen_only_by_those_it_is_shared_with(
        self, jo: Somebody, mum: Somebody, sam: Somebody
    ) -> None:
        call = call_of(jo, place="12 Elm Street, back door")
        let_the_wait_run_out(call)
        assert actions.open_alert(sam.actor, call=call).place == "12 Elm Street, back door"
        assert actions.open_alert(mum.actor, call=call).place == ""

    def test_who_was_not_asked_does_not_see_it(self, jo: Somebody, sam: Somebody, ann: Somebody) -> None:
        call = call_of(jo)
        for somebody in (sam, ann):
            with pytest.raises(NotHere):
                actions.open_alert(somebody.actor, call=call)
            with pytest.raises(NotHere):
                actions.answer_call(somebody.actor, call=call, answer="yes")
        assert queries.open_alerts(sam.actor) == {}

    def test_a_stopped_share_closes_the_call_to_them_at_once(self, jo: Somebody, mum: Somebody) -> None:
        call = call_of(jo)
        assert queries.open_alerts(mum.actor) == {jo.id: call}
        share(jo, mum)
        assert queries.open_alerts(mum.actor) == {}
        with pytest.raises(NotHere):
            actions.open_alert(mum.actor, call=call)

    @pytest.mark.parametrize("answer", ["", "maybe", "YES"])
    def test_an_answer_that_is_none_is_refused(self, jo: Somebody, mum: Somebody, answer: str) -> None:
        with pytest.raises(Invalid):
            actions.answer_call(mum.actor, call=call_of(jo), answer=answer)

    def test_an_answer_after_the_end_says_that_it_is_over(self, jo: Somebody, mum: Somebody) -> None:
        call = call_of(jo)
        actions.end_call(jo.actor, call=call, ending="okay")
        with pytest.raises(TooLate):
            actions.answer_call(mum.actor, call=call, answer="yes")


@pytest.mark.usefixtures("ladder")
class TestEnding:
    @pytest.mark.parametrize("ending", ["okay", "mistake"])
    def test_everybody_who_was_asked_hears_it_in_the_same_calm_words(
        self, jo: Somebody, mum: Somebody, browse: Browse, ending: str
    ) -> None:
        call = call_of(jo)
        actions.end_call(jo.actor, call=call, ending=ending)
        assert waiting_for(mum) == ["call.ended"]
        assert not Due.objects.filter(ref=call).exists()
        assert "Jo is okay now. Thank you." in browse(mum).get(f"/s/alert/{call}").content.decode()

    def test_ending_twice_is_ending_once(self, jo: Somebody) -> None:
        call = call_of(jo)
        actions.end_call(jo.actor, call=call, ending="okay")
        actions.end_call(jo.actor, call=call, ending="mistake")
        assert status(jo, call).ending == "okay"

    def test_a_new_call_can_be_made_afterwards(self, jo: Somebody) -> None:
        call = call_of(jo)
        actions.end_call(jo.actor, call=call, ending="okay")
        assert call_of(jo) != call


class TestThePages:
    def test_two_taps_with_default_words(self, browse: Browse, jo: Somebody, mum: Somebody) -> None:
        import re

        share(jo, mum, Category.HELP)
        client = browse(jo)
        page = client.get("/a").content.decode()
        key = re.search(r'name="key" value="(\w+)"', page)
        assert key
        asked = [each.membership_id for each in members(jo)]
        answer = client.post("/a", {"key": key[1], "words": "", "asking": asked}, follow=True)
        assert "I am having a hard time. Can you call me?" in answer.content.decode()
        assert client.get("/a").status_code == 302  # a call that goes on shows itself

    @pytest.mark.parametrize(("heard_seconds_ago", "warns"), [(None, True), (16, True), (5, False)])
    def test_a_page_does_not_promise_a_next_rung_that_nobody_would_ask(
        self, browse: Browse, jo: Somebody, mum: Somebody, heard_seconds_ago: int | None, warns: bool
    ) -> None:
        share(jo, mum, Category.HELP)
        call = call_of(jo)
        if heard_seconds_ago is not None:
            seen_at = clock.now() - timedelta(seconds=heard_seconds_ago)
            Worker.objects.create(id=new_id(), started_at=seen_at, seen_at=seen_at)
        page = browse(jo).get(f"/a/{call}").content.decode()
        assert ("cannot ask anybody else right now" in page) is warns
        assert ("If nobody says yes by" in page) is not warns

    def test_with_nobody_to_ask_there_are_phone_lines(self, browse: Browse, jo: Somebody) -> None:
        page = browse(jo).get("/a").content.decode()
        assert "Nobody gets your call yet" in page and 'href="tel:988"' in page

    def test_unticking_everybody_keeps_the_words_and_says_what_to_do(
        self, browse: Browse, jo: Somebody, mum: Somebody
    ) -> None:
        share(jo, mum, Category.HELP)
        answer = browse(jo).post("/a", {"key": new_id(), "words": "please <b>now</b>"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Choose at least one person" in page and "please &lt;b&gt;now" in page

    def test_somebody_who_may_no_longer_be_asked_does_not_stop_the_call(
        self, browse: Browse, jo: Somebody, mum: Somebody
    ) -> None:
        share(jo, mum, Category.HELP)
        asked = [each.membership_id for each in members(jo)]  # Sam's tick is no longer good
        answer = browse(jo).post("/a", {"key": new_id(), "words": "hello", "asking": asked}, follow=True)
        assert "hello" in answer.content.decode() and waiting_for(mum) == ["call"]

    @pytest.mark.parametrize("wrong", [{"key": "short"}, {"key": ""}, {"words": "x" * 1001}, {"asking": ["nobody"]}])
    def test_nonsense_is_kindly_refused(
        self, browse: Browse, jo: Somebody, mum: Somebody, wrong: dict[str, object]
    ) -> None:
        share(jo, mum, Category.HELP)
        asked = [each.membership_id for each in members(jo)]
        answer = browse(jo).post("/a", {"key": new_id(), "words": "hello", "asking": asked, **wrong})
        assert answer.status_code == 422
        assert Outbox.objects.count() == 0

    def test_a_supporter_without_the_call_sees_nothing_of_it(
        self, browse: Browse, jo: Somebody, mum: Somebody, sam: Somebody
    ) -> None:
        share(jo, mum, Category.HELP)
        share(jo, sam, Category.FEELING)
        call = call_of(jo)
        assert browse(sam).get(f"/s/alert/{call}").status_code == 404
        assert "asks for help" not in browse(sam).get("/s/today").content.decode()
        assert "asks for help" in browse(mum).get("/s/today").content.decode()


def test_no_member_of_another_circle_is_asked(jo: Somebody, ann: Somebody, mum: Somebody) -> None:
    stand_by(ann, mum)
    share(jo, mum, Category.HELP)
    call = call_of(jo)
    assert stands(jo, call) == {"Mum": "queued"}
