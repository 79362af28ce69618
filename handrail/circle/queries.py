"""Who stands around a person, what they see, and who looked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from handrail.circle import rules
from handrail.circle.actions import STILL_OPEN, State, require_secret
from handrail.circle.models import Invitation
from handrail.gate import Actor, gated
from handrail.gate import circle as places
from handrail.gate import log as access_log
from handrail.gate.circle import Member
from handrail.gate.rights import Right
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import LENGTH

__all__ = ["Member", "circles", "invitation", "landing", "member", "roster", "seen_by", "waiting", "who_looked"]


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as its owner sees it. `code` is the link's end; `phrases` is set while words are to be compared."""

    id: str
    name: str
    role: str
    state: str
    code: str
    expires_at: datetime
    phrases: Sequence[str]
    shares: Sequence[str]
    membership_id: str


@dataclass(frozen=True, slots=True)
class Landing:
    """All that the link shows: an initial, and whether it can still be used."""

    invitation_id: str
    initial: str
    usable: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """The joiner's side while the two compare words. `owner_id` and `called` are set once they are in."""

    state: str
    initial: str
    phrase: str
    owner_id: str
    called: str


@dataclass(frozen=True, slots=True)
class CircleOf:
    """A circle that this actor is a member of."""

    owner_id: str
    called: str
    role: str
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Look:
    """One line of the access log in parts: `name` of who came (empty: the person themself), what for, what opened."""

    number: int
    at: datetime
    name: str
    by_me: bool
    by_system: bool
    action: str
    categories: Sequence[str]
    channel: str


@gated("circle.read")
def roster(actor: Actor, *, owner: str) -> list[Member]:
    """Everybody in this person's circle, in the order of their ladder."""
    return places.members_of(owner)


@gated("circle.read")
def member(actor: Actor, *, owner: str, membership: str) -> Member:
    return places.member_of(owner, membership)


@gated("circle.read")
def invitations(actor: Actor, *, owner: str) -> list[Invited]:
    """Links that still wait for somebody, newest first."""
    rows = Invitation.objects.filter(state__in=[*STILL_OPEN, State.ASKED], expires_at__gt=clock.now())
    return [_invited(row) for row in rows.order_by("-made_at")]


@gated("circle.read", about=Invitation)
def invitation(actor: Actor, *, invitation: str) -> Invited:
    return _invited(Invitation.objects.get(pk=invitation))


def landing(*, code: str) -> Landing:
    """What anybody who holds the link may read. Raises NotHere for a link that never was."""
    return _landing(Actor.system("somebody opened an invitation"), invitation=code[:LENGTH], code=code)


@gated("circle.join", about=Invitation)
def _landing(actor: Actor, *, invitation: str, code: str) -> Landing:
    found = Invitation.objects.get(pk=invitation)
    require_secret(found, code)
    usable = rules.is_open(found.state, found.expires_at, clock.now())
    return Landing(found.pk, rules.initial_of(found.called), usable)


def waiting(actor: Actor, *, code: str) -> Waiting:
    """The joiner's page; NotHere for everybody else."""
    return _waiting(
        Actor.system("a joiner waits"), invitation=code[:LENGTH], code=code, joiner=actor.person_id or "nobody"
    )


@gated("circle.join", about=Invitation)
def _waiting(actor: Actor, *, invitation: str, code: str, joiner: str) -> Waiting:
    found = Invitation.objects.get(pk=invitation)
    require_secret(found, code)
    if found.joiner_id != joiner:
        raise NotHere
    state, joined = found.state, found.state == State.CONFIRMED
    if state == State.ASKED and clock.now() >= found.expires_at:
        state = State.TAKEN_BACK
    return Waiting(
        state=str(state),
        initial=rules.initial_of(found.called),
        phrase=found.phrase if state == State.ASKED else "",
        owner_id=found.owner_id if joined else "",
        called=found.called if joined else "",
    )


def circles(actor: Actor) -> list[CircleOf]:
    """Every circle that this actor stands in, by name."""
    rights = actor.all_rights()
    names = _names(actor, owners=list(rights)) if rights else {}
    found = [_circle_of(owner, names[owner], rights[owner]) for owner in names]
    return sorted(found, key=lambda circle: circle.called.casefold())


def circle_of(actor: Actor, *, owner: str) -> CircleOf:
    """One circle that this actor stands in; NotHere for anybody else's."""
    right = actor.right_to(owner)
    if right is None:
        raise NotHere
    return _circle_of(owner, _names(actor, owners=[owner])[owner], right)


@gated("member.see", many=True)
def _names(actor: Actor, *, owners: Collection[str]) -> dict[str, str]:
    return places.names_of_circles(owners, str(actor.person_id))


@gated("circle.read")
def seen_by(actor: Actor, *, owner: str, membership: str) -> Actor:
    """The eyes of one member, for the preview page: whatever this actor reads is what that member would read."""
    return places.preview(actor, owner_id=owner, membership_id=membership)


@gated("log.read")
def who_looked(actor: Actor, *, owner: str, before: int | None = None, most: int = 50) -> list[Look]:
    """The newest `most` entries of the access log, or the newest before entry number `before`."""
    names = places.names_in_circle(owner)
    return [
        Look(
            number=entry.number,
            at=entry.at,
            name=names.get(entry.membership) or (_("Somebody who has left") if entry.membership else ""),
            by_me=entry.actor == f"person:{owner}",
            by_system=entry.actor.startswith("system:"),
            action=entry.action,
            categories=[category for category in entry.categories.split(",") if category],
            channel=entry.channel,
        )
        for entry in access_log.newest(owner, before=before, most=most)
    ]


def who_sees(members: Sequence[Member]) -> dict[str, list[str]]:
    """{category: names of who sees it}."""
    return rules.names_by_category((each.name, each.sees) for each in members)


def _circle_of(owner: str, called: str, right: Right) -> CircleOf:
    return CircleOf(owner_id=owner, called=called, role=right.role, categories=right.categories)


def _invited(row: Invitation) -> Invited:
    return Invited(
        id=row.pk,
        name=row.calls_member,
        role=row.role,
        state=str(row.state),
        code=row.pk + row.secret,
        expires_at=row.expires_at,
        phrases=row.phrases or [],
        shares=row.shares,
        membership_id=row.membership_id,
    )
