"""Leaving with dignity: gone from view at once, undone for a day as if nothing had been, unless the person said no."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from handrail.agreements import actions as agreements
from handrail.agreements import queries as agreed
from handrail.agreements.rules import Line
from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.circle import said
from handrail.delivery import ways
from handrail.delivery.claims import may_still_go
from handrail.delivery.models import Outbox, Way
from handrail.engine.models import Due
from handrail.gate import Category
from handrail.home import seen
from handrail.kernel import clock
from handrail.kernel.errors import NotHere, TooLate
from handrail.kernel.ids import new_id
from handrail.safety import actions as safety
from handrail.safety import queries as calls
from handrail.supporters import actions, due, queries
from tests.fixtures.people import Somebody, share, stand_by

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]
ZONE = "America/New_York"


def members(owner: Somebody) -> list[roster.Member]:
    return roster.roster(owner.actor, owner=owner.id)


def place_of(owner: Somebody, name: str) -> str:
    return next(each.membership_id for each in members(owner) if each.name == name)


def left(who: Somebody) -> list[queries.LeftSeen]:
    return list(queries.space(who.actor, owner=who.id, zone=ZONE).left)


def sees(who: Somebody, owner: Somebody) -> set[str] | None:
    try:
        return set(
            seen.person(who.actor, owner=owner.id).card and roster.circle_of(who.actor, owner=owner.id).categories
        )
    except NotHere:
        return None


class TestLeaving:
    def test_it_is_three_taps_from_today_and_what_happens_stands_on_the_page(
        self, browse: Browse, jo: Somebody, mum: Somebody
    ) -> None:
        share(jo, mum, Category.FEELING)
        client = browse(mum)
        assert f'href="/s/{jo.id}"' in client.get("/s/today").content.decode()
        assert f'href="/s/{jo.id}/leave"' in client.get(f"/s/{jo.id}").content.decode()
        text = client.get(f"/s/{jo.id}/leave").content.decode()
        assert "reads that you left, not why" in text and "For 24 hours you can come back" in text
        assert sees(mum, jo) is not None
        client.post(f"/s/{jo.id}/leave")
        assert sees(mum, jo) is None
        assert client.get(f"/s/{jo.id}").status_code == 404

    def test_the_person_reads_that_they_left_and_not_why(self, browse: Browse, jo: Somebody, mum: Somebody) -> None:
        actions.leave(mum.actor, owner=jo.id)
        text = browse(jo).get("/people").content.decode()
        assert "Mum left your circle" in text and "can come back by themself until" in text

    def test_no_queued_message_leaves_for_who_left(self, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
        share(jo, mum, Category.HELP)
        share(jo, sam, Category.HELP)
        ways.begin(mum.actor, owner=mum.id, channel="email", address="mum@example.org")
        Way.objects.update(verified_at=clock.now())
        safety.make_call(jo.actor, owner=jo.id, key=new_id(), words="Please")
        waiting = Outbox.objects.filter(may_still_go(), to=mum.id, kind="call")
        assert waiting.filter(state=Outbox.WAITING).count() == 1
        circle.leave_circle(mum.actor, owner=jo.id)
        assert Outbox.objects.filter(may_still_go(), to=mum.id, kind="call").count() == 0

    def test_a_call_that_they_had_said_yes_to_goes_on_without_them(
        self, jo: Somebody, mum: Somebody, sam: Somebody
    ) -> None:
        share(jo, mum, Category.HELP)
        share(jo, sam, Category.HELP)
        circle.order_ladder(jo.actor, owner=jo.id, rungs={place_of(jo, "Mum"): 1, place_of(jo, "Sam"): 2})
        made = safety.make_call(jo.actor, owner=jo.id, key=new_id(), words="Please")
        safety.answer_call(mum.actor, call=made, answer="yes")
        actions.leave(mum.actor, owner=jo.id)
        status = calls.status(jo.actor, call=made)
        assert (status.state, [each.name for each in status.asked]) == ("open", ["Mum", "Sam"])

    def test_when_nobody_is_left_to_call_it_is_said_before_and_the_person_told_at_once(
        self, browse: Browse, jo: Somebody, mum: Somebody
    ) -> None:
        share(jo, mum, Category.HELP)
        client = browse(mum)
        assert "nobody else gets Jo’s call for help" in client.get(f"/s/{jo.id}/leave").content.decode()
        client.post(f"/s/{jo.id}/leave")
        assert Outbox.objects.filter(to=jo.id, kind="circle.nobody").count() == 1
        text = browse(jo).get("/people").content.decode()
        assert "Nobody gets your call now." in text and 'href="tel:988"' in text

    def test_nobody_leaves_a_circle_that_they_do_not_stand_in(
        self, browse: Browse, mum: Somebody, ann: Somebody
    ) -> None:
        assert browse(mum).post(f"/s/{ann.id}/leave").status_code == 404


class TestComingBack:
    def test_everything_is_as_it_was(self, browse: Browse, jo: Somebody, mum: Somebody) -> None:
        share(jo, mum, Category.FEELING, Category.HELP, Category.PLAN)
        place = place_of(jo, "Mum")
        ends = {Category.PLAN: clock.now() + timedelta(days=2)}
        circle.set_ends(jo.actor, owner=jo.id, membership=place, ends=ends, purpose="support")
        circle.place_on_map(jo.actor, owner=jo.id, membership=place, closeness=1, lean=3)
        circle.order_ladder(jo.actor, owner=jo.id, rungs={place: 4})
        share(jo, mum, Category.FEELING, Category.PLAN)  # the call was stopped before: it does not come back
        before = members(jo)
        actions.leave(mum.actor, owner=jo.id)
        assert "Come back to Jo" in browse(mum).get("/s/today").content.decode()
        answer = browse(mum).post(f"/s/left/{left(mum)[0].place}")
        assert answer.headers["Location"] == f"/s/{jo.id}"
        assert members(jo) == before and sees(mum, jo) == {"feeling", "plan"}
        assert left(mum) == [] and "left your circle" not in browse(jo).get("/people").content.decode()

    def test_the_log_says_that_they_left_and_came_back(self, jo: Somebody, mum: Somebody) -> None:
        actions.leave(mum.actor, owner=jo.id)
        actions.come_back(mum.actor, place=left(mum)[0].place)
        newest = [(said.who(look), said.what(look)) for look in roster.who_looked(jo.actor, owner=jo.id)[:2]]
        assert newest == [("Mum", "came back to your circle"), ("Mum", "left your circle")]

    def test_after_a_day_it_is_over_and_nothing_of_it_is_kept(
        self, browse: Browse, jo: Somebody, mum: Somebody
    ) -> None:
        actions.leave(mum.actor, owner=jo.id)
        place = left(mum)[0].place
        [row] = Due.objects.filter(kind=actions.FORGET_LEFT, ref=mum.id)
        with clock.moved_by(hours=24, seconds=1):
            assert left(mum) == [] and "Come back" not in browse(mum).get("/s/today").content.decode()
            with pytest.raises(TooLate):
                actions.come_back(mum.actor, place=place)
            due.a_day_has_passed(due.due.Moment(row.kind, row.ref, row.generation, row.due_at))
            assert "come back by themself" not in browse(jo).get("/people").content.decode()
        assert queries.exported(mum.actor, owner=mum.id)["own_asking"][0]["left"] is None

    def test_just_before_the_day_is_over_it_works(self, jo: Somebody, mum: Somebody) -> None:
        actions.leave(mum.actor, owner=jo.id)
        with clock.moved_by(hours=23, minutes=59):
            actions.come_back(mum.actor, place=left(mum)[0].place)
        assert sees(mum, jo) is not None

    def test_the_gate_itself_refuses_after_a_day_whatever_the_own_list_says(self, jo: Somebody, mum: Somebody) -> None:
        place = place_of(jo, "Mum")
        actions.leave(mum.actor, owner=jo.id)
        with clock.moved_by(hours=25), pytest.raises(TooLate):
            circle.come_back(mum.actor, owner=jo.id, membership=place)

    def test_the_person_may_shut_the_door(self, browse: Browse, jo: Somebody, mum: Somebody) -> None:
        place = place_of(jo, "Mum")
        actions.leave(mum.actor, owner=jo.id)
        browse(jo).post(f"/people/{place}/door")
        answer = browse(mum).post(f"/s/left/{place}", follow=True)
        assert "not possible any more" in answer.content.decode()
        assert sees(mum, jo) is None and members(jo) == []

    def test_who_was_sent_away_does_not_come_back(self, jo: Somebody, mum: Somebody) -> None:
        place = place_of(jo, "Mum")
        circle.end_membership(jo.actor, owner=jo.id, membership=place)
        with pytest.raises(TooLate):
            circle.come_back(mum.actor, owner=jo.id, membership=place)

    def test_nobody_takes_the_place_of_another(self, jo: Somebody, mum: Somebody, sam: Somebody, ann: Somebody) -> None:
        place = place_of(jo, "Mum")
        actions.leave(mum.actor, owner=jo.id)
        for other in (sam, ann):
            with pytest.raises(TooLate):
                actions.come_back(other.actor, place=place)
            with pytest.raises(TooLate):
                circle.come_back(other.actor, owner=jo.id, membership=place)
        assert [each.name for each in members(jo)] == ["Sam"]

    def test_who_has_come_in_by_a_new_link_stays_as_they_are_now(self, jo: Somebody, mum: Somebody) -> None:
        share(jo, mum, Category.FEELING)
        actions.leave(mum.actor, owner=jo.id)
        stand_by(jo, mum)
        with pytest.raises(TooLate):
            actions.come_back(mum.actor, place=left(mum)[0].place)
        assert sees(mum, jo) == set()

    def test_a_pause_for_everybody_meanwhile_holds_for_them_too(self, jo: Somebody, mum: Somebody) -> None:
        share(jo, mum, Category.FEELING, Category.HELP)
        actions.leave(mum.actor, owner=jo.id)
        circle.pause(jo.actor, owner=jo.id, keeps_help=False)
        actions.come_back(mum.actor, place=left(mum)[0].place)
        assert sees(mum, jo) == set()
        circle.resume(jo.actor, owner=jo.id)
        assert sees(mum, jo) == {"feeling", "help"}

    def test_a_share_that_ended_by_itself_meanwhile_stays_ended(self, jo: Somebody, mum: Somebody) -> None:
        share(jo, mum, Category.FEELING, Category.PLAN)
        place = place_of(jo, "Mum")
        ends = {Category.PLAN: clock.now() + timedelta(hours=2)}
        circle.set_ends(jo.actor, owner=jo.id, membership=place, ends=ends, purpose="support")
        actions.leave(mum.actor, owner=jo.id)
        with clock.moved_by(hours=3):
            actions.come_back(mum.actor, place=place)
            assert sees(mum, jo) == {"feeling"}

    def test_what_rests_on_a_signed_consent_stays_closed(self, jo: Somebody, mum: Somebody) -> None:
        from handrail.gate.models import Grant

        share(jo, mum, Category.FEELING, Category.PLAN)
        place = place_of(jo, "Mum")
        Grant.objects.filter(membership_id=place, category="plan").update(consent=new_id())
        actions.leave(mum.actor, owner=jo.id)
        actions.come_back(mum.actor, place=place)
        assert sees(mum, jo) == {"feeling"}

    def test_what_the_two_agreed_on_is_the_person_s_alone_meanwhile_and_both_read_it_again(
        self, browse: Browse, jo: Somebody, mum: Somebody
    ) -> None:
        pair = {"owner": jo.id, "membership": place_of(jo, "Mum")}
        made = agreements.offer(mum.actor, **pair, kind="limits", lines=[Line("I can drive on Sundays")])
        agreements.say_yes(jo.actor, agreement=made, version=1)
        actions.leave(mum.actor, owner=jo.id)
        with pytest.raises(NotHere):
            agreed.agreement(mum.actor, agreement=made)
        assert agreed.agreement(jo.actor, agreement=made).over
        actions.come_back(mum.actor, place=pair["membership"])
        assert not agreed.agreement(mum.actor, agreement=made).over

    def test_an_agreement_that_came_due_meanwhile_is_asked_about_afterwards(self, jo: Somebody, mum: Somebody) -> None:
        from handrail.agreements import due as agreements_due

        def come_due() -> None:
            [row] = Due.objects.filter(kind=agreements.REVIEW, ref=made)
            Due.objects.filter(pk=row.pk).delete()
            with clock.moved_to(row.due_at):
                agreements_due.thirty_days_have_passed(
                    agreements_due.due.Moment(row.kind, row.ref, row.generation, row.due_at)
                )

        pair = {"owner": jo.id, "membership": place_of(jo, "Mum")}
        made = agreements.offer(mum.actor, **pair, kind="limits", lines=[Line("I can drive on Sundays")])
        agreements.say_yes(jo.actor, agreement=made, version=1)
        with clock.moved_by(days=29, hours=12):
            actions.leave(mum.actor, owner=jo.id)
        come_due()
        with clock.moved_by(days=30, hours=6):
            actions.come_back(mum.actor, place=pair["membership"])
        come_due()
        assert agreed.agreement(mum.actor, agreement=made).state == "review"

    def test_whoever_was_invited_anew_and_parted_from_does_not_come_back_through_the_place_before(
        self, jo: Somebody, mum: Somebody
    ) -> None:
        share(jo, mum, Category.FEELING)
        before = place_of(jo, "Mum")
        actions.leave(mum.actor, owner=jo.id)
        circle.end_membership(jo.actor, owner=jo.id, membership=stand_by(jo, mum))
        with pytest.raises(TooLate):
            actions.come_back(mum.actor, place=before)
        assert sees(mum, jo) is None

    def test_whoever_left_twice_comes_back_to_the_newer_place_alone(self, jo: Somebody, mum: Somebody) -> None:
        share(jo, mum, Category.FEELING, Category.PLAN)
        before = place_of(jo, "Mum")
        actions.leave(mum.actor, owner=jo.id)
        newer = stand_by(jo, mum)
        actions.leave(mum.actor, owner=jo.id)
        assert [each.place for each in left(mum)] == [newer]
        with pytest.raises(TooLate):
            actions.come_back(mum.actor, place=before)
        actions.come_back(mum.actor, place=newer)
        assert sees(mum, jo) == set()

    def test_an_account_that_is_erased_leaves_for_good(self, jo: Somebody, mum: Somebody) -> None:
        from handrail.leaving import actions as leaving

        share(jo, mum, Category.HELP)
        leaving.erase(mum.actor)
        assert roster.left_lately(jo.actor, owner=jo.id)[0].may_return_until is None
        assert not Due.objects.filter(kind=actions.FORGET_LEFT).exists()
