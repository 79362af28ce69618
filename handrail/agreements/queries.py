"""Reading what two people keep together, from the side of whoever asks, and what each keeps for themself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField
from django.urls import reverse
from django.utils.translation import gettext as _

from handrail.agreements.actions import REPAIR
from handrail.agreements.kinds import GUIDES, Guide, Kind
from handrail.agreements.models import Agreement, Draft, Note, Topic
from handrail.agreements.pair import Pair
from handrail.agreements.rules import SAID_LATELY, Line, Side, State, lines_from
from handrail.gate import Actor, gated
from handrail.gate import circle as places
from handrail.gate.carrying import Values, carried_out
from handrail.gate.circle import NOBODY, Known
from handrail.gate.prepared import Given, PreparedRecords
from handrail.kernel import clock
from handrail.kernel.errors import NotHere


@dataclass(frozen=True, slots=True)
class AgreementSeen:
    """One agreement. `live`: the place is still there, so it can still be changed."""

    id: str
    owner: str
    membership: str
    side: Side
    name: str  # of the other one, as this side calls them
    role: str  # what they are to this side; empty for the person themself
    kind: str
    state: State
    version: int
    mine: tuple[Line, ...]
    theirs: tuple[Line, ...]
    my_yes: bool
    their_yes: bool
    changed_at: datetime
    agreed_at: datetime | None
    review_at: datetime | None
    ended_at: datetime | None
    live: bool

    @property
    def title(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def guide(self) -> Guide:
        return GUIDES[self.kind]

    @property
    def over(self) -> bool:
        return not self.live or self.state == State.ENDED

    @property
    def asks_me(self) -> bool:
        """Words wait for this side's yes."""
        return not self.over and self.state in (State.OFFERED, State.REVIEW) and not self.my_yes


@dataclass(frozen=True, slots=True)
class TopicSeen:
    id: str
    text: str
    mine: bool
    talked_at: datetime | None
    my_note: str  # as it was shared; one's own draft may say more
    their_note: str


@dataclass(frozen=True, slots=True)
class NoteSeen:
    text: str
    shared_at: datetime


@dataclass(frozen=True, slots=True)
class Together:
    """All that one pair keeps together."""

    agreements: tuple[AgreementSeen, ...]  # live ones by kind, then those that ended, newest first
    topics: tuple[TopicSeen, ...]
    my_note: NoteSeen | None
    their_note: NoteSeen | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something waits for this side's answer, or (`says`) to be read. Says with whom, and nothing of what."""

    name: str
    url: str
    review: bool = False
    says: bool = False


@gated("agreement.read")
def together(actor: Actor, *, owner: str, membership: str) -> Together:
    """Of a pair that is there now (`pair.with_member`, `pair.with_owner`)."""
    known, live = _known(actor, owner), _live(actor, owner)
    rows = Agreement.objects.filter(membership_id=membership).order_by("-ended_at", "-changed_at")
    found = [_seen(actor, row, known, live) for row in rows]
    order = {str(kind): number for number, kind in enumerate(Kind)}
    current = sorted((each for each in found if not each.over), key=lambda each: order[each.kind])
    side = _side(actor, owner)
    notes = {
        note.by_owner: NoteSeen(note.text, note.shared_at) for note in Note.objects.filter(membership_id=membership)
    }
    return Together(
        agreements=(*current, *(each for each in found if each.over)),
        topics=tuple(
            _topic_seen(row, side) for row in Topic.objects.filter(membership_id=membership).order_by("added_at")
        ),
        my_note=notes.get(side is Side.OWNER),
        their_note=notes.get(side is not Side.OWNER),
    )


@gated("agreement.read", about=Agreement)
def agreement(actor: Actor, *, agreement: str) -> AgreementSeen:
    """One of them. The owner reads it for good; the member while their place is there."""
    row = Agreement.objects.filter(pk=agreement).first()
    if row is None:  # it is kept with another member of this circle
        raise NotHere
    return _seen(actor, row, _known(actor, row.owner_id), _live(actor, row.owner_id))


@gated("agreement.remove")
def kept(actor: Actor, *, owner: str) -> list[AgreementSeen]:
    """Everything the owner has ever agreed on with somebody and not thrown away, newest first. For them alone."""
    known, live = _known(actor, owner), _live(actor, owner)
    return [_seen(actor, row, known, live) for row in Agreement.objects.order_by("-changed_at")]


@gated("agreement.read", about=Topic)
def topic(actor: Actor, *, topic: str) -> tuple[str, str, TopicSeen]:
    """(owner, membership, the topic)."""
    row = Topic.objects.filter(pk=topic).first()
    if row is None:
        raise NotHere
    return row.owner_id, row.membership_id, _topic_seen(row, _side(actor, row.owner_id))


@gated("draft.read")
def draft(actor: Actor, *, owner: str, membership: str, subject: str) -> Any:
    """One's own words on a subject, or None. `owner` is whoever writes them."""
    row = Draft.objects.filter(membership_id=membership, subject=subject).first()
    return row.words if row else None


@gated("draft.read")
def drafts(actor: Actor, *, owner: str, membership: str) -> Mapping[str, Any]:
    """{subject: words} of everything one has not shared yet with one other person."""
    return {row.subject: row.words for row in Draft.objects.filter(membership_id=membership)}


def lines_to_write(actor: Actor, pair: Pair, *, kind: str, agreed: Sequence[Line] = ()) -> tuple[Line, ...]:
    """What the page for writing begins with: one's own draft, or the lines that stand there now."""
    if kind not in Kind.values:
        raise NotHere
    words = draft(actor, owner=actor.me, membership=pair.membership, subject=kind)
    return lines_from(words) if words is not None else tuple(agreed)


def repair_answers(actor: Actor, pair: Pair) -> dict[str, str]:
    return dict(draft(actor, owner=actor.me, membership=pair.membership, subject=REPAIR) or {})


@gated("agreement.read")
def waiting_for_owner(actor: Actor, *, owner: str, known: Mapping[str, Known]) -> list[Waiting]:
    """What this person is asked for, by members of their own circle. Opens nobody's words.

    `known`: {membership: who that is}; whoever stands there no more asks for nothing.
    """
    return [
        Waiting(known[row.membership_id].name, reverse("agreement", args=[row.pk]), review=row.state == State.REVIEW)
        for row in _ASKING_OWNER.rows()
        if row.membership_id in known
    ]


@gated("agreement.read", many=True)
def waiting_for_member(actor: Actor, *, owners: Collection[str]) -> list[Waiting]:
    """What this member is asked for or told, over all circles that they stand in."""
    asking, telling = _ASKING_MEMBER.rows(), _TELLING_MEMBER.rows(since=clock.now() - SAID_LATELY)
    if not asking and not telling:
        return []
    names = places.names_of_circles(actor, owners)
    asks = [
        Waiting(names[row.owner_id], reverse("agreement", args=[row.pk]), review=row.state == State.REVIEW)
        for row in asking
    ]
    return asks + [Waiting(names[row.owner_id], reverse("s-agreed", args=[row.owner_id]), says=True) for row in telling]


def _asking(**not_yet: bool) -> PreparedRecords[Agreement]:
    return PreparedRecords(
        Agreement,
        lambda rows: rows(Agreement).filter(**not_yet, state__in=[State.OFFERED, State.REVIEW]).order_by("changed_at"),
    )


_ASKING_OWNER, _ASKING_MEMBER = _asking(owner_yes=False), _asking(member_yes=False)
_TELLING_MEMBER = PreparedRecords(
    Note,
    lambda rows: rows(Note).filter(by_owner=True, shared_at__gt=Given("since", DateTimeField())).order_by("shared_at"),
)


def _side(actor: Actor, owner: str) -> Side:
    return Side.OWNER if actor.person_id == owner else Side.MEMBER


def _known(actor: Actor, owner: str) -> Mapping[str, Known]:
    """{membership: who the other is to this side}."""
    if _side(actor, owner) is Side.OWNER:
        return places.known_in_circle(owner)
    right, called = actor.right_to(owner), places.names_of_circles(actor, [owner])
    return {right.membership_id: Known(called[owner], "")} if right else {}


def _live(actor: Actor, owner: str) -> frozenset[str]:
    """The places that are there now. A member has come through theirs."""
    if _side(actor, owner) is Side.OWNER:
        return frozenset(member.membership_id for member in places.members_of(owner))
    right = actor.right_to(owner)
    return frozenset([right.membership_id]) if right else frozenset()


def _seen(actor: Actor, row: Agreement, known: Mapping[str, Known], live: Collection[str]) -> AgreementSeen:
    other = known.get(row.membership_id, NOBODY)
    side, stands = _side(actor, row.owner_id), row.standing
    said = {Side.OWNER: lines_from(row.owner_lines), Side.MEMBER: lines_from(row.member_lines)}
    return AgreementSeen(
        id=row.pk,
        owner=row.owner_id,
        membership=row.membership_id,
        side=side,
        name=other.name or _("Somebody who has left"),
        role=other.role,
        kind=row.kind,
        state=stands.state,
        version=row.version,
        mine=said[side],
        theirs=said[side.other],
        my_yes=side in stands.yes,
        their_yes=side.other in stands.yes,
        changed_at=row.changed_at,
        agreed_at=row.agreed_at,
        review_at=row.review_at,
        ended_at=row.ended_at,
        live=row.membership_id in live,
    )


def _topic_seen(row: Topic, side: Side) -> TopicSeen:
    notes = {Side.OWNER: row.owner_note or "", Side.MEMBER: row.member_note or ""}
    return TopicSeen(
        id=row.pk,
        text=row.text,
        mine=row.by_owner == (side is Side.OWNER),
        talked_at=row.talked_at,
        my_note=notes[side],
        their_note=notes[side.other],
    )


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[Values]]:
    """What this person keeps with others, in their own circle, and their own drafts."""
    return {
        "agreements": carried_out(Agreement, owner),
        "agreement_topics": carried_out(Topic, owner),
        "agreement_notes": carried_out(Note, owner),
        "agreement_drafts": carried_out(Draft, owner),
    }
