"""Two people come to an agreement, change it, look at it again, end it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from handrail.agreements import actions, pair, queries, rules
from handrail.agreements.models import Agreement
from handrail.agreements.rules import Line, Side, State
from handrail.circle import actions as circle
from handrail.engine import runner
from handrail.engine.models import Bell, Due
from handrail.gate import Actor, gated
from handrail.gate.circle import Known
from handrail.kernel.errors import Invalid, NotHere, TooLate
from tests.fixtures.people import Somebody, roster, stand_by

DRIVE, SLEEP = [Line("I can drive on Sundays")], [Line("I can’t talk after ten", "I will call back at eight")]


@pytest.fixture
def place(jo: Somebody, ann: Somebody) -> str:
    return stand_by(jo, ann)


def offer(who: Somebody, jo: Somebody, place: str, lines: list[Line], kind: str = "limits") -> str:
    return actions.offer(who.actor, owner=jo.id, membership=place, kind=kind, lines=lines)


def waiting_for(jo: Somebody) -> list[queries.Waiting]:
    known = {member.membership_id: Known(member.name, member.role) for member in roster(jo)}
    return queries.waiting_for_owner(jo.actor, owner=jo.id, known=known)


def seen(who: Somebody, agreement: str) -> queries.AgreementSeen:
    return queries.agreement(who.actor, agreement=agreement)


def agree(jo: Somebody, ann: Somebody, place: str) -> str:
    made = offer(jo, jo, place, DRIVE)
    offer(ann, jo, place, SLEEP)
    actions.say_yes(jo.actor, agreement=made, version=2)
    return made


def test_both_sides_write_and_both_say_yes(jo: Somebody, ann: Somebody, place: str) -> None:
    made = offer(jo, jo, place, DRIVE)
    assert seen(ann, made).asks_me
    assert not seen(jo, made).asks_me
    assert offer(ann, jo, place, SLEEP) == made
    assert seen(jo, made).asks_me
    assert actions.say_yes(jo.actor, agreement=made, version=2) is True
    for who, mine, theirs in ((jo, DRIVE, SLEEP), (ann, SLEEP, DRIVE)):
        found = seen(who, made)
        assert (found.state, list(found.mine), list(found.theirs)) == (State.AGREED, mine, theirs)


def test_the_member_may_begin_too(jo: Somebody, ann: Somebody, place: str) -> None:
    made = offer(ann, jo, place, SLEEP)
    assert seen(jo, made).asks_me
    assert actions.say_yes(jo.actor, agreement=made, version=1) is True


def test_a_changed_line_asks_for_both_yeses_again(jo: Somebody, ann: Somebody, place: str) -> None:
    made = agree(jo, ann, place)
    offer(jo, jo, place, [Line("I can drive on Mondays")])
    found = seen(ann, made)
    assert (found.state, found.my_yes, found.their_yes) == (State.OFFERED, False, True)


def test_the_same_lines_offered_again_change_nothing(jo: Somebody, ann: Somebody, place: str) -> None:
    made = agree(jo, ann, place)
    offer(ann, jo, place, SLEEP)
    assert seen(jo, made).state == State.AGREED


def test_a_yes_is_to_the_words_on_the_page(jo: Somebody, ann: Somebody, place: str) -> None:
    made = offer(jo, jo, place, DRIVE)
    offer(jo, jo, place, [Line("Something else by now")])
    with pytest.raises(TooLate):
        actions.say_yes(ann.actor, agreement=made, version=1)
    assert not seen(ann, made).my_yes


def test_after_thirty_days_both_are_asked_in_the_app_and_it_goes_on_meanwhile(
    jo: Somebody, ann: Somebody, place: str, clock
) -> None:
    made = agree(jo, ann, place)
    assert waiting_for(jo) == []
    Bell.objects.all().delete()
    clock.forward(days=30, seconds=1)
    runner.run_what_is_due()
    assert {ring.person_id for ring in Bell.objects.all()} == {jo.id, ann.id}
    assert [(each.name, each.review) for each in waiting_for(jo)] == [("Ann", True)]
    assert [each.name for each in queries.waiting_for_member(ann.actor, owners=[jo.id])] == ["Jo"]
    assert actions.say_yes(ann.actor, agreement=made, version=2) is False
    assert actions.say_yes(jo.actor, agreement=made, version=2) is True
    found = seen(jo, made)
    assert found.agreed_at is not None
    assert found.review_at == found.agreed_at + timedelta(days=30)


def test_words_changed_before_the_thirty_days_are_over_are_not_asked_about_then(
    jo: Somebody, ann: Somebody, place: str, clock
) -> None:
    made = agree(jo, ann, place)
    clock.forward(days=20)
    offer(ann, jo, place, [Line("I can’t lend money")])
    clock.forward(days=11)
    runner.run_what_is_due()
    assert seen(jo, made).state == State.OFFERED


def test_either_ends_it_alone_and_a_new_one_may_begin(jo: Somebody, ann: Somebody, place: str) -> None:
    made = agree(jo, ann, place)
    actions.end(ann.actor, agreement=made)
    assert seen(jo, made).state == State.ENDED
    assert not Due.objects.filter(kind=actions.REVIEW).exists()
    with pytest.raises(TooLate):
        actions.say_yes(jo.actor, agreement=made, version=2)
    with pytest.raises(TooLate):
        actions.end(jo.actor, agreement=made)
    assert offer(jo, jo, place, DRIVE) != made


def test_the_other_side_s_open_pages_are_woken(jo: Somebody, ann: Somebody, place: str) -> None:
    Bell.objects.all().delete()
    made = offer(jo, jo, place, DRIVE)
    assert ann.id in {ring.person_id for ring in Bell.objects.all()}
    Bell.objects.all().delete()
    actions.say_yes(ann.actor, agreement=made, version=1)
    assert jo.id in {ring.person_id for ring in Bell.objects.all()}


@pytest.mark.parametrize("who_parts", ["owner", "member"])
def test_when_the_place_ends_it_is_kept_for_the_owner_alone(
    jo: Somebody, ann: Somebody, place: str, clock, who_parts: str
) -> None:
    made = agree(jo, ann, place)
    if who_parts == "owner":
        circle.end_membership(jo.actor, owner=jo.id, membership=place)
    else:
        circle.leave_circle(ann.actor, owner=jo.id)
    with pytest.raises(NotHere):
        seen(ann, made)
    found = seen(jo, made)
    assert (found.over, list(found.theirs), found.name) == (True, SLEEP, "Ann")
    assert [each.id for each in queries.kept(jo.actor, owner=jo.id)] == [made]
    for change in (
        lambda: actions.end(jo.actor, agreement=made),
        lambda: actions.say_yes(jo.actor, agreement=made, version=2),
        lambda: offer(jo, jo, place, SLEEP),
        lambda: offer(ann, jo, place, SLEEP),
        lambda: pair.with_member(jo.actor, membership=place),
        lambda: pair.with_owner(ann.actor, owner=jo.id),
    ):
        with pytest.raises(NotHere):
            change()
    clock.forward(days=31)
    runner.run_what_is_due()
    assert not Due.objects.filter(kind=actions.REVIEW).exists()  # done, not to be tried again
    assert waiting_for(jo) == []
    actions.remove(jo.actor, agreement=made)
    assert queries.kept(jo.actor, owner=jo.id) == []


def test_what_still_holds_is_not_thrown_away_and_the_member_throws_nothing_away(
    jo: Somebody, ann: Somebody, place: str
) -> None:
    made = agree(jo, ann, place)
    with pytest.raises(TooLate):
        actions.remove(jo.actor, agreement=made)
    actions.end(jo.actor, agreement=made)
    with pytest.raises(NotHere):
        actions.remove(ann.actor, agreement=made)


@pytest.mark.parametrize(
    "lines",
    [[], [Line(" ")], [Line("I can")], [Line("x" * 201)], [Line("fine", "x" * 201)], [Line(f"{n}") for n in range(6)]],
)
def test_nothing_too_much_and_bare_beginnings_are_not_taken(jo: Somebody, place: str, lines: list[Line]) -> None:
    with pytest.raises(Invalid):
        offer(jo, jo, place, lines)


@pytest.mark.parametrize("kind", ["", "LIMITS", "contract", "topic:1"])
def test_a_kind_that_is_none_is_not_here(jo: Somebody, place: str, kind: str) -> None:
    with pytest.raises(NotHere):
        offer(jo, jo, place, DRIVE, kind)


def test_one_side_may_be_empty_but_not_both(jo: Somebody, ann: Somebody, place: str) -> None:
    made = offer(jo, jo, place, DRIVE)
    offer(ann, jo, place, SLEEP)
    offer(jo, jo, place, [])
    assert seen(ann, made).theirs == ()
    with pytest.raises(Invalid):
        offer(ann, jo, place, [])


@pytest.mark.parametrize("change", [{"state": "agreed"}, {"state": "broken"}, {"ended_at": "2026-01-01T00:00:00Z"}])
def test_the_database_refuses_an_agreement_that_not_both_said_yes_to(
    jo: Somebody, place: str, change: dict[str, str]
) -> None:
    offer(jo, jo, place, DRIVE)

    @gated("agreement.change", writes=True)
    def force(actor: Actor, *, owner: str) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.update(**change)

    force(jo.actor, owner=jo.id)


def test_the_log_says_that_the_member_wrote_and_looked(jo: Somebody, ann: Somebody, place: str) -> None:
    from handrail.circle import queries as looked
    from handrail.circle import said

    made = offer(ann, jo, place, SLEEP)
    seen(ann, made)
    lines = [f"{said.who(look)} {said.what(look)}" for look in looked.who_looked(jo.actor, owner=jo.id)]
    assert lines == ["Ann opened what you two have agreed on", "Ann wrote in what you two have agreed on"]


def test_sides_are_told_apart_by_who_asks(jo: Somebody, ann: Somebody, place: str) -> None:
    assert pair.with_member(jo.actor, membership=place).side is Side.OWNER
    assert pair.with_owner(ann.actor, owner=jo.id).membership == place


# --- nobody fills somebody's pages, or rings for nothing --------------------------------------------------------------


def test_what_has_ended_is_kept_up_to_a_number_and_the_owner_makes_room(
    jo: Somebody, ann: Somebody, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_ENDED", 2)
    over = []
    for _ in range(2):
        over.append(offer(ann, jo, place, SLEEP))
        actions.end(ann.actor, agreement=over[-1])
    for who in (ann, jo):
        with pytest.raises(Invalid):
            offer(who, jo, place, SLEEP)
    assert offer(ann, jo, place, SLEEP, kind="words")
    actions.remove(jo.actor, agreement=over[0])
    assert offer(ann, jo, place, SLEEP)


def test_one_side_cannot_fill_the_list_of_topics_for_the_other(
    jo: Somebody, ann: Somebody, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_TOPICS_EACH", 2)
    brought = [actions.add_topic(ann.actor, owner=jo.id, membership=place, text="Sunday") for _ in range(2)]
    for topic in brought:
        actions.tick_topic(ann.actor, topic=topic, talked=True)
    with pytest.raises(Invalid):
        actions.add_topic(ann.actor, owner=jo.id, membership=place, text="Sunday")
    assert actions.add_topic(jo.actor, owner=jo.id, membership=place, text="Money")
    actions.remove_topic(ann.actor, topic=brought[0])
    assert actions.add_topic(ann.actor, owner=jo.id, membership=place, text="Sunday")


def test_a_note_for_oneself_rings_nobody_else(jo: Somebody, ann: Somebody, place: str) -> None:
    topic = actions.add_topic(jo.actor, owner=jo.id, membership=place, text="Money")

    def rung_by(text: str, *, shared: bool) -> set[str]:
        Bell.objects.all().delete()
        actions.keep_note(jo.actor, topic=topic, text=text, shared=shared)
        return {ring.person_id for ring in Bell.objects.all()}

    assert rung_by("For my eyes only", shared=False) == {jo.id}
    assert rung_by("For both of us", shared=True) == {jo.id, ann.id}
    assert rung_by("For both of us", shared=True) == {jo.id}
    assert rung_by("For my eyes again", shared=False) == {jo.id, ann.id}
