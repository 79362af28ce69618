"""Calling for help: making the call, climbing the ladder, answering, ending.

Each action writes the state, what follows in time (due rows) and what is to be sent (outbox rows) in one transaction.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handrail.delivery import outbox
from handrail.engine import bell, due
from handrail.engine.lanes import Lane
from handrail.gate import Actor, Category, gated
from handrail.gate.carrying import carried_in, is_text, is_text_or_none
from handrail.gate.rights import members_who_may, next_end
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, TooLate
from handrail.safety import rules
from handrail.safety.models import Asked, Call
from handrail.safety.queries import Alert, alert_of, asked_me, ladder, open_alerts

LONGEST_WORDS = 1000
DEFAULT_WORDS = gettext_lazy("I am having a hard time. Can you call me?")
CLIMB, CLOSE, SHARE_ENDS = "call.rung", "call.close", "call.share"


@gated("call.make", writes=True)
def make_call(
    actor: Actor, *, owner: str, key: str, words: str = "", place: str = "", asking: Collection[str] | None = None
) -> str:
    """Ask the first rung for help; answers the call's id.

    `words`: without any, the default words are sent; in that moment nobody should have to write. `asking`: the
    memberships to ask (None: everybody who may get calls). The same key, or a call that is still open, answers the
    call there is: two taps never make two calls. Raises Invalid when there is nobody to ask.
    """
    running = _running(owner, key)
    if running:
        return running
    words, place = _tidy(words) or str(DEFAULT_WORDS), _tidy(place)
    may = [membership for membership, _person, _rung in members_who_may(owner, Category.HELP)]
    ask = [membership for membership in may if asking is None or membership in asking]
    if not ask:
        raise Invalid(_("Choose at least one person to ask, or call one of the lines below."), field="asking")
    try:
        with transaction.atomic():
            call = Call.objects.create(
                owner_id=owner, key=key, words=words, place=place or None, asking_of=ask, made_at=clock.now()
            )
    except IntegrityError:  # the same tap arrived twice at once; the other one won
        return _running(owner, key) or _nothing()
    due.schedule(CLOSE, ref=call.pk, at=call.made_at + rules.CLOSES_AFTER)
    _ask_next(call)
    return call.pk


@gated("call.climb", about=Call, writes=True)
def climb(actor: Actor, *, call: str, generation: int) -> None:
    """The wait on a rung is over with no yes. Does nothing when the call has moved on meanwhile."""
    found = Call.objects.select_for_update().get(pk=call)
    if found.state == Call.State.OPEN and found.generation == generation:
        _ask_next(found)


@gated("call.climb", about=Call, writes=True)
def _go_on(actor: Actor, *, call: str, let_go: bool = False) -> None:
    """Everybody on the rung let it pass: the next rung is asked at once. Those who just said that they cannot are
    not asked again in the same breath: at the ladder's end the next round waits its time.

    `let_go`: somebody had it, so others were told to stand down before they had answered. They are asked again too.
    """
    found = Call.objects.select_for_update().get(pk=call)
    stood_down = _unanswered(found) if let_go else []
    if not rules.next_step(ladder(found), rung=found.rung, round=found.round).end_reached:
        _ask_next(found)
    else:
        if not stood_down:
            found.exhausted_at = found.exhausted_at or clock.now()
            found.save(update_fields=["exhausted_at"])
        _wait_for_next(found, keeps=let_go)
        bell.ring([found.owner_id])
    _ask_all(found, stood_down)


@gated("call.climb", about=Call, writes=True)
def close(actor: Actor, *, call: str) -> None:
    """Twelve hours on: stop asking, and ask the person how they are."""
    found = Call.objects.select_for_update().get(pk=call)
    if found.state != Call.State.ENDED:
        _end(found, Call.Ending.CLOSED)
        outbox.put(to=found.owner_id, owner=found.owner_id, kind="call.closed", matter=found.pk, link="/today")


@gated("call.change", about=Call, writes=True)
def end_call(actor: Actor, *, call: str, ending: str) -> None:
    """The person says that they are okay, or that it was a mistake. Everybody who was asked is told, in calm words."""
    if ending not in (Call.Ending.OKAY, Call.Ending.MISTAKE):
        raise Invalid(_("Choose how it ended."))
    found = Call.objects.select_for_update().get(pk=call)
    if found.state != Call.State.ENDED:
        _end(found, Call.Ending(ending))


@gated("call.change", about=Call, writes=True)
def add_to_call(actor: Actor, *, call: str, words: str = "", place: str = "") -> None:
    """More words, or where the person is. Only those who may see a place get to see it."""
    found = Call.objects.select_for_update().get(pk=call)
    if found.state == Call.State.ENDED:
        raise TooLate
    if words.strip():
        found.words = _tidy(f"{found.words}\n{words}")
    if place.strip():
        found.place = _tidy(place)
    found.save(update_fields=["words", "place"])
    bell.ring([*_people_asked(found), found.owner_id])


@gated("call.see", about=Call, writes=True)
def open_alert(actor: Actor, *, call: str) -> Alert:
    """A member opens a call they were asked in. It is noted, so that the person may know that it was seen."""
    found = Call.objects.get(pk=call)
    mine = asked_me(actor, found)
    if found.asked.filter(pk=mine.pk, seen_at=None).update(seen_at=clock.now()):
        bell.ring([found.owner_id])
    return alert_of(actor, found, mine)


@gated("call.answer", about=Call, writes=True)
def answer_call(actor: Actor, *, call: str, answer: str) -> None:
    """One member's answer: yes, cannot (passes on, no blame), or unreached (tried, with or without a yes before)."""
    if answer not in Asked.Answer.values:
        raise Invalid(_("Choose one of the three answers."))
    found = Call.objects.select_for_update().get(pk=call)
    mine = asked_me(actor, found)
    if found.state == Call.State.ENDED:
        raise TooLate
    if answer == Asked.Answer.YES:
        _say_yes(found, mine)
    else:
        _let_pass(found, mine, answer)
    bell.ring([found.owner_id])


def step_out(actor: Actor, *, owner: str) -> None:
    """A member rests or leaves. A call of this owner that is open, and that was put to them, goes on without them."""
    call = open_alerts(actor).get(owner)
    if call:
        _step_out(actor, call=call)


@gated("call.answer", about=Call, writes=True)
def _step_out(actor: Actor, *, call: str) -> None:
    found = Call.objects.select_for_update().get(pk=call)
    mine = asked_me(actor, found)
    waits_for_me = found.state == Call.State.OPEN and not mine.answer
    if found.state != Call.State.ENDED and (waits_for_me or mine.answer == Asked.Answer.YES):
        _let_pass(found, mine, Asked.Answer.CANNOT)
        bell.ring([found.owner_id])


def look_again(actor: Actor, *, owner: str) -> None:
    """The owner changed who may get their calls. One that is open goes on without those who may not any more."""
    _look_again(Actor.system("who gets calls has changed"), owner=owner)


@gated("call.climb", writes=True)
def _look_again(actor: Actor, *, owner: str) -> None:
    found = Call.objects.select_for_update().exclude(state=Call.State.ENDED).first()
    if found is not None:
        _go_on_without_the_gone(actor, found)
        _watch_shares(found)


@gated("call.climb", about=Call, writes=True)
def share_ends(actor: Actor, *, call: str) -> None:
    """A share of somebody who gets this person's calls is over by its date, while this call goes on."""
    found = Call.objects.select_for_update().get(pk=call)
    if found.state != Call.State.ENDED:
        _go_on_without_the_gone(actor, found)
        _watch_shares(found)


def _go_on_without_the_gone(actor: Actor, found: Call) -> None:
    """Whoever gets no calls any more answers none, whatever they said before: nobody is left to wait for their yes.

    They said nothing themselves, so no time stands beside this answer: the person's page does not say that they did.
    """
    here = set(_still_asked(found).values_list("membership", flat=True))
    gone = [row for row in found.asked.all() if row.membership not in here and row.answer in ("", Asked.Answer.YES)]
    waited_for = [row for row in gone if row.rung == found.rung and row.round == found.round]
    for row in gone:
        row.answer, row.answered_at = Asked.Answer.CANNOT, None
        row.save(update_fields=["answer", "answered_at"])
    had_it = found.state == Call.State.ANSWERED and found.answered_by not in here
    if had_it:
        _hand_on(found)
    if found.state == Call.State.OPEN and (had_it or (waited_for and _rung_has_passed(found))):
        _go_on(actor, call=found.pk, let_go=had_it)
    if gone:
        bell.ring([found.owner_id])


def _watch_shares(call: Call) -> None:
    """Look again when the next share of a call ends by its date. The caller holds the call's row."""
    at = next_end(call.owner_id, Category.HELP)
    if at is None:
        due.cancel(SHARE_ENDS, ref=call.pk)
    else:
        due.schedule(SHARE_ENDS, ref=call.pk, at=at, lane=Lane.CALL)


def _say_yes(call: Call, mine: Asked) -> None:
    """The first yes stands the others down. A second one is welcome too, and changes nothing for them."""
    _note(mine, Asked.Answer.YES)
    first = Call.objects.filter(pk=call.pk, state=Call.State.OPEN).update(
        state=Call.State.ANSWERED,
        answered_by=mine.membership,
        answered_at=clock.now(),
        generation=call.generation + 1,
    )
    if first:
        due.cancel(CLIMB, ref=call.pk)
        outbox.withdraw(matter=call.pk)
        _tell_asked(call, kind="call.taken", but=mine.membership)


def _let_pass(call: Call, mine: Asked, answer: str) -> None:
    """Pass the call on: to somebody else who said yes, else to the next on the ladder, at once.

    The next are asked when the one who had it lets go, or when nobody on the rung is left.
    """
    had_it = call.state == Call.State.ANSWERED and call.answered_by == mine.membership
    # Only what the rung still waited for moves the call: what is said twice, or late, must not put off the next round.
    waited_for = not mine.answer and (mine.rung, mine.round) == (call.rung, call.round)
    _note(mine, Asked.Answer(answer))
    if had_it:
        _hand_on(call)
    if call.state == Call.State.OPEN and (had_it or (waited_for and _rung_has_passed(call))):
        # A member may not know who else stands on the ladder: the house itself goes on from here.
        _go_on(Actor.system("it was passed on"), call=call.pk, let_go=had_it)


def _hand_on(call: Call) -> None:
    """Whoever had it lets it go: to somebody else who said yes and is still there, or it is open again."""
    other = _still_asked(call).filter(answer=Asked.Answer.YES).order_by("answered_at").first()
    call.state = Call.State.ANSWERED if other else Call.State.OPEN
    call.answered_by, call.answered_at = (other.membership, other.answered_at) if other else ("", None)
    call.save(update_fields=["state", "answered_by", "answered_at"])
    if other is None:
        outbox.withdraw(matter=call.pk, kind="call.taken")  # nobody is to stand down any more
    bell.ring(_people_asked(call))  # nobody's open page goes on saying that somebody has it who let it go


def _rung_has_passed(call: Call) -> bool:
    on_this_rung = call.asked.filter(rung=call.rung, round=call.round).values_list("answer", flat=True)
    return rules.rung_has_passed(list(on_this_rung))


def _ask_next(call: Call) -> None:
    """Ask the next rung and set the clock for the one after. The caller holds the call's row."""
    step = rules.next_step(ladder(call), rung=call.rung, round=call.round)
    call.rung, call.round = step.rung, step.round
    if step.end_reached and call.exhausted_at is None:
        call.exhausted_at = clock.now()
    call.save(update_fields=["rung", "round", "exhausted_at"])
    _wait_for_next(call)
    _ask_all(call, step.places)
    _watch_shares(call)
    bell.ring([call.owner_id])


def _ask_all(call: Call, places: Sequence[rules.Place]) -> None:
    for place in places:
        _ask(call, place)
        _put(call, place.membership, place.person, "call", round=f"{call.round}.{call.generation}", lane=Lane.CALL)
    bell.ring([place.person for place in places])


def _unanswered(call: Call) -> list[rules.Place]:
    """Who was asked, has not answered, and may still be asked."""
    waiting = set(call.asked.filter(answer="").values_list("membership", flat=True))
    return [place for place in ladder(call) if place.membership in waiting]


def _wait_for_next(call: Call, *, keeps: bool = False) -> None:
    """Set the clock for the next step; the wait before is over, however it ended.

    `keeps`: not later than it was set before, so that nobody puts the next round off by a yes that they let go.
    """
    now, before = clock.now(), call.climbs_at
    call.generation += 1
    call.climbs_at = now + settings.HANDRAIL.rung_wait
    if keeps and before and before > now:
        call.climbs_at = min(before, call.climbs_at)
    call.save(update_fields=["generation", "climbs_at"])
    due.cancel(CLIMB, ref=call.pk)
    due.schedule(CLIMB, ref=call.pk, at=call.climbs_at, generation=call.generation, lane=Lane.CALL)


def _ask(call: Call, place: rules.Place) -> None:
    """Note that this member is asked; asked again, what they said before is kept and the question is open anew."""
    asked = call.asked.filter(membership=place.membership).first()
    if asked is None:
        asked = Asked(owner_id=call.owner_id, call=call, membership=place.membership, person=place.person)
    if asked.answered_at:
        asked.earlier = asked.answer
    asked.answer, asked.answered_at, asked.seen_at = "", None, None
    asked.rung, asked.round, asked.asked_at = call.rung, call.round, clock.now()
    asked.save()


def _end(call: Call, ending: Call.Ending) -> None:
    call.state, call.ending, call.ended_at = Call.State.ENDED, ending, clock.now()
    call.generation += 1
    call.save(update_fields=["state", "ending", "ended_at", "generation"])
    due.cancel(CLIMB, ref=call.pk)
    due.cancel(CLOSE, ref=call.pk)
    due.cancel(SHARE_ENDS, ref=call.pk)
    outbox.withdraw(matter=call.pk)
    _tell_asked(call, kind="call.ended")
    bell.ring([call.owner_id])


def _tell_asked(call: Call, *, kind: str, but: str = "") -> None:
    """Let those who were asked know that they can stand down. Outside the house it reads like every other message."""
    texted = outbox.texted(matter=call.pk, kind="call")
    for asked in _still_asked(call).exclude(membership=but):
        texts = asked.person in texted and asked.seen_at is not None  # whoever did not look has nothing to put down
        _put(call, asked.membership, asked.person, kind, round=str(call.generation), lane=Lane.ROUTINE, texts=texts)
    bell.ring(_people_asked(call))


def _put(call: Call, membership: str, person: str, kind: str, *, round: str, lane: Lane, texts: bool = True) -> None:
    outbox.put(
        to=person,
        owner=call.owner_id,
        membership=membership,
        category=Category.HELP,
        kind=kind,
        lane=lane,
        matter=call.pk,
        round=round,
        link=f"/s/alert/{call.pk}",
        texts=texts,
    )


def _note(asked: Asked, answer: Asked.Answer) -> None:
    asked.answer, asked.answered_at = answer, clock.now()
    asked.seen_at = asked.seen_at or asked.answered_at
    asked.save(update_fields=["answer", "answered_at", "seen_at"])


def _people_asked(call: Call) -> list[str]:
    return list(_still_asked(call).values_list("person", flat=True))


def _still_asked(call: Call) -> QuerySet[Asked]:
    """Without those who may not see it any more: to them not even a bell tells that something goes on."""
    may = [membership for membership, _person, _rung in members_who_may(call.owner_id, Category.HELP)]
    found: QuerySet[Asked] = call.asked.filter(membership__in=may)
    return found


def _running(owner: str, key: str) -> str | None:
    """The call that this key made, or the one that is still going on."""
    same = Call.objects.filter(key=key).values_list("pk", flat=True).first()
    return same or Call.objects.exclude(state=Call.State.ENDED).values_list("pk", flat=True).first()


def _tidy(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_WORDS:
        raise Invalid(_("That is very long. Please keep it under 1,000 letters."), field="words")
    return text


def _nothing() -> str:
    raise TooLate


@gated("import.write", writes=True)
def imported(actor: Actor, *, owner: str, data: dict[str, Any]) -> None:
    """Calls that are over, as history. Who was asked stays behind with the members; nobody is asked again."""
    calls = data.get("calls", [])
    over = [row for row in calls if isinstance(row, dict) and row.get("state") == Call.State.ENDED]
    carried_in(
        Call,
        owner,
        over if isinstance(calls, list) else calls,
        plain=("key", "made_at", "answered_at", "ended_at", "ending"),
        sealed={"words": is_text, "place": is_text_or_none},
        fixed={"state": Call.State.ENDED, "asking_of": []},
    )
