"""What is known of a call for help, in words that promise no more than is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handrail.delivery import queries as delivery
from handrail.delivery import sparing
from handrail.delivery.queries import Progress, Step
from handrail.gate import Actor, Category, gated
from handrail.gate import circle as places
from handrail.gate.carrying import Values, carried_out
from handrail.gate.circle import NOBODY, Known
from handrail.gate.opening import opening
from handrail.gate.prepared import Given, PreparedRecords
from handrail.gate.rights import members_who_may
from handrail.kernel.errors import NotHere
from handrail.safety import rules
from handrail.safety.models import Asked, Call


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """`stands`: yes, cannot, unreached, opened, on_phone, delivered, handed_over, in_app, queued, asked_again,
    gave_up, taken_back, or not_shared: they said nothing, and get no calls of this person any more."""

    name: str
    role: str
    membership: str
    stands: str
    since: datetime


@dataclass(frozen=True, slots=True)
class CallStatus:
    """A call as its owner sees it. `next_at`: when somebody is asked again if nobody says yes; None when the call
    closes before. `everybody_next`: the ladder is at its end, so that all are asked then, and else who comes next."""

    id: str
    state: str
    ending: str
    made_at: datetime
    ended_at: datetime | None
    words: str
    place: str
    asked: Sequence[AskedPerson]
    answered_by: str
    nobody_answered: bool
    nobody_left: bool  # those who could be asked rest or have left: the page must not promise a next round
    seen: bool
    next_at: datetime | None
    everybody_next: bool
    texts_rest: bool  # some phone has had as many texts as may leave within an hour; every other way goes on


@dataclass(frozen=True, slots=True)
class Alert:
    """A call as one member sees it: nothing of the person's history, the place only where it is shared with them."""

    id: str
    owner_id: str
    called: str
    state: str
    ending: str
    made_at: datetime
    words: str
    place: str
    my_answer: str
    taken_by: str
    taken_by_me: bool


@gated("call.read")
def open_call(actor: Actor, *, owner: str) -> str | None:
    """The id of the call that is going on now, if there is one."""
    found = Call.objects.exclude(state=Call.State.ENDED).values_list("pk", flat=True).first()
    return str(found) if found else None


@gated("call.read", about=Call)
def status(actor: Actor, *, call: str) -> CallStatus:
    found = Call.objects.get(pk=call)
    known = places.known_in_circle(found.owner_id)
    reached = delivery.how_far(matter=call, kind="call")
    rows = list(found.asked.order_by("rung", "asked_at", "id"))
    people = [_asked_person(row, known.get(row.membership, NOBODY), reached) for row in rows]
    goes_on = found.state == Call.State.OPEN
    unanswered = found.exhausted_at is not None and goes_on
    may_be_asked = ladder(found) if goes_on else []
    climbs_at = found.climbs_at if goes_on else None
    return CallStatus(
        id=found.pk,
        state=found.state,
        ending=found.ending,
        made_at=found.made_at,
        ended_at=found.ended_at,
        words=found.words,
        place=found.place or "",
        asked=people,
        answered_by=_name(known, found.answered_by) if found.answered_by else "",
        nobody_answered=unanswered,
        nobody_left=unanswered and not may_be_asked,
        seen=any(row.seen_at is not None for row in rows),
        next_at=climbs_at if climbs_at and climbs_at < found.made_at + rules.CLOSES_AFTER else None,
        everybody_next=goes_on and rules.next_step(may_be_asked, rung=found.rung, round=found.round).end_reached,
        texts_rest=goes_on and sparing.is_spent(owner=found.owner_id, people=reached),
    )


@gated("call.see", many=True)
def _open_calls(actor: Actor, *, owners: Sequence[str]) -> list[tuple[str, str]]:
    return [(row.call_id, row.owner_id) for row in _ASKED.rows(person=actor.person_id)]


_ASKED = PreparedRecords(
    Asked,
    lambda rows: rows(Asked).filter(person=Given("person")).exclude(call__state=Call.State.ENDED).order_by("-asked_at"),
)


def open_alerts(actor: Actor) -> dict[str, str]:
    """{owner: call} of every call this member was asked in that is still going on. One query."""
    owners = [owner for owner, right in actor.all_rights().items() if Category.HELP in right.categories]
    return {owner: call for call, owner in _open_calls(actor, owners=owners)} if owners else {}


def ladder(call: Call) -> list[rules.Place]:
    """Who may be asked right now: those the person left ticked, as far as the gate still lets them see the call."""
    chosen = set(call.asking_of)
    return [rules.Place(*row) for row in members_who_may(call.owner_id, Category.HELP) if row[0] in chosen]


def asked_me(actor: Actor, call: Call) -> Asked:
    """This member's own row in a call whose gate is open to them."""
    right = actor.right_to(call.owner_id)
    found = call.asked.filter(membership=right.membership_id).first() if right else None
    if found is None:
        raise NotHere
    return found


def alert_of(actor: Actor, call: Call, mine: Asked) -> Alert:
    """The call as this member sees it, inside an open gate."""
    here = opening()
    taken_by = ""
    if call.answered_by and call.answered_by != mine.membership:
        taken_by = _name(places.known_in_circle(call.owner_id), call.answered_by)
    return Alert(
        id=call.pk,
        owner_id=call.owner_id,
        called=places.names_of_circles(actor, [call.owner_id])[call.owner_id],
        state=call.state,
        ending=call.ending,
        made_at=call.made_at,
        words=call.words,
        place=(call.place or "") if here.allows(call.owner_id, Category.PLACE) else "",
        my_answer=mine.answer,
        taken_by=taken_by,
        taken_by_me=call.answered_by == mine.membership,
    )


@dataclass(frozen=True, slots=True)
class Answered:
    """That one member was asked in one call, and whether they said yes."""

    call: str
    membership: str
    yes: bool


@gated("load.read")
def answered_since(actor: Actor, *, owner: str, since: datetime) -> list[Answered]:
    """Everybody who was asked in the person's own calls since then, for the person alone."""
    return [_answered(row) for row in Asked.objects.filter(call__made_at__gte=since)]


@gated("call.see", many=True)
def _i_answered(actor: Actor, *, owners: Sequence[str], since: datetime) -> list[tuple[str, Answered]]:
    rows = Asked.objects.filter(person=actor.person_id, call__made_at__gte=since)
    return [(row.owner_id, _answered(row)) for row in rows]


def i_answered_since(actor: Actor, *, since: datetime) -> dict[str, list[Answered]]:
    """{owner: the calls this member was asked in}, where their calls are still shared with them. No other call."""
    owners = [owner for owner, right in actor.all_rights().items() if Category.HELP in right.categories]
    found: dict[str, list[Answered]] = {owner: [] for owner in owners}
    for owner, answered in _i_answered(actor, owners=owners, since=since) if owners else []:
        found[owner].append(answered)
    return found


def _answered(row: Asked) -> Answered:
    return Answered(row.call_id, row.membership, Asked.Answer.YES in (row.answer, row.earlier))


_WORDS = {
    Step.ON_PHONE: "on_phone",
    Step.DELIVERED: "delivered",
    Step.HANDED_OVER: "handed_over",
    Step.IN_APP: "in_app",
    Step.QUEUED: "queued",
    Step.GAVE_UP: "gave_up",
    Step.TAKEN_BACK: "taken_back",  # it was not sent out any more, but it stands in their Handrail
}


def _asked_person(asked: Asked, who: Known, reached: Mapping[str, Progress]) -> AskedPerson:
    stands, since = _stands(asked, reached)
    return AskedPerson(who.name or "?", who.role, asked.membership, stands, since)


def _name(known: Mapping[str, Known], membership: str) -> str:
    return known.get(membership, NOBODY).name


def _stands(asked: Asked, reached: Mapping[str, Progress]) -> tuple[str, datetime]:
    """(where it stands, since when): an answer before an opening, an opening before what the channels know."""
    if asked.answer and asked.answered_at is None:
        return "not_shared", asked.asked_at
    if asked.answer:
        return asked.answer, asked.answered_at or asked.asked_at
    if asked.seen_at:
        return "opened", asked.seen_at
    if asked.earlier:
        return ("cannot" if asked.call.state == Call.State.ENDED else "asked_again"), asked.asked_at
    known = reached.get(asked.person)
    ways = [way for way in known.ways if way.at >= asked.asked_at] if known else []  # of this asking, not of one before
    if not ways:
        return "queued", asked.asked_at
    furthest = ways[0]
    if furthest.step == Step.IN_APP:
        # Standing in the app is the least of it: say what became of the ways that lead outside.
        outside = {way.step for way in ways} - {Step.IN_APP}
        step = next((step for step in (Step.QUEUED, Step.GAVE_UP, Step.TAKEN_BACK) if step in outside), Step.IN_APP)
        return _WORDS[step], furthest.at
    return _WORDS[furthest.step], furthest.at


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[Values]]:
    return {"calls": carried_out(Call, owner), "calls_asked": carried_out(Asked, owner)}
