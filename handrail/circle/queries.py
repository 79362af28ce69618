"""Who stands around a person, what they see, and who looked."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField
from django.utils.translation import gettext as _

from handrail.circle import rules
from handrail.circle.actions import STILL_OPEN, State, require_secret
from handrail.circle.map import Figure
from handrail.circle.models import Invitation, Outsider
from handrail.delivery import queries as delivery
from handrail.gate import Actor, Category, breaks, carried, covers, gated, programs
from handrail.gate import circle as places
from handrail.gate import log as access_log
from handrail.gate.carrying import Values, carried_out
from handrail.gate.circle import NOBODY, Gone, Known, Member
from handrail.gate.history import Shared, history_of
from handrail.gate.prepared import Given, PreparedRecords
from handrail.gate.rights import Right
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import LENGTH

__all__ = ["Member", "circles", "invitation", "landing", "member", "roster", "seen_by", "waiting", "who_looked"]


LOOKS_A_PAGE = 100


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

    @property
    def needs_signature(self) -> bool:
        return covers.needs_signature(self.role)


@dataclass(frozen=True, slots=True)
class Landing:
    """All that the link shows: an initial, and whether it can still be used."""

    invitation_id: str
    initial: str
    usable: bool
    fresh: bool  # nobody has looked yet


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
    off_until: datetime | None = None  # they rest until then


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody or something on the map that is not in Handrail."""

    id: str
    kind: str
    kind_word: str
    name: str
    phone: str
    about: str
    closeness: int
    lean: int


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
    staff: str = ""  # who came for a program: "Dana Ruiz, River House"
    role: str = ""  # of whoever came: what they are to the person


@gated("circle.read")
def roster(actor: Actor, *, owner: str) -> list[Member]:
    """Everybody in this person's circle, in the order of their ladder."""
    return places.members_of(owner)


#: What rooms above show to members one by one: `f(actor, owner=..., members=...)` answers {membership: how many}.
also_shows: list[Callable[..., Mapping[str, int]]] = []


@gated("circle.read")
def one_by_one(actor: Actor, *, owner: str, members: Sequence[Member]) -> Counter[str]:
    """{membership: how many notes are shown to them}: these stand beside what is ticked."""
    found: Counter[str] = Counter()
    for shows in also_shows:
        found.update(shows(actor, owner=owner, members=members))
    return found


@gated("circle.read")
def to_sign(actor: Actor, *, owner: str, wanted: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """{membership: categories} of what is wanted and waits for the person's signature: nothing signed covers it yet."""
    covered = covers.of_owner(owner)
    found = {}
    for member in places.members_of(owner):
        fresh = set(wanted.get(member.membership_id, ())) - member.categories
        missing = fresh - set(covered.get(member.membership_id, {}))
        if member.needs_signature and missing:
            found[member.membership_id] = sorted(missing)
    return found


@gated("circle.read")
def signed_until(actor: Actor, *, owner: str, member: Member) -> dict[str, datetime]:
    """{category: until when a signed consent opens it}, of what this member is shown under one."""
    covered = covers.of_owner(owner).get(member.membership_id, {})
    return {category: cover.until for category, cover in covered.items() if category in member.consents}


@gated("circle.read")
def member(actor: Actor, *, owner: str, membership: str) -> Member:
    return places.member_of(owner, membership)


@gated("circle.read")
def came_and_went(actor: Actor, *, owner: str, member: Member) -> bool:
    """Did somebody begin at this program since the person last looked, who works there no more?"""
    if not member.program_id:
        return False
    return bool(programs.came_and_went(member.program_id, member.staff_seen_at or member.since))


@gated("circle.read")
def others(actor: Actor, *, owner: str) -> list[Other]:
    """Who stands around the person without being in Handrail, by name. One query."""
    found = [
        Other(o.pk, o.kind, o.get_kind_display(), o.name, o.phone or "", o.about or "", o.closeness, o.lean)
        for o in _OUTSIDERS.rows()
    ]
    return sorted(found, key=lambda other: other.name.casefold())


@gated("circle.read")
def history(actor: Actor, *, owner: str) -> list[Shared]:
    """Everything that was ever shared and with whom, newest first; `known` says who is behind a membership."""
    return history_of(owner)


@gated("circle.read")
def known(actor: Actor, *, owner: str) -> dict[str, Known]:
    """{membership: who that is to the person}, those who left too."""
    return places.known_in_circle(owner)


@gated("member.see", many=True)
def last_on_call(actor: Actor, *, owners: Sequence[str]) -> set[str]:
    """The people of whom this member alone gets the calls for help. Nothing else about their circle is told."""
    found = set()
    for owner in owners:
        right = actor.right_to(owner)
        if right and Category.HELP in right.categories:
            alone = not breaks.reaches_others(owner_id=owner, membership_id=right.membership_id)
            found |= {owner} if alone else set()
    return found


@gated("circle.read")
def left_lately(actor: Actor, *, owner: str) -> list[Gone]:
    """Those who left in the last two weeks; why, nobody asks."""
    return places.left_since(owner, clock.now() - timedelta(days=14))


def figures(members: Sequence[Member], outside: Sequence[Other]) -> list[Figure]:
    """Everybody who stands on the map."""
    inside = [
        Figure(m.membership_id, m.name, m.role, _short_word(m.role, m.role_word), m.closeness, m.lean, paused=m.paused)
        for m in members
    ]
    return inside + [
        Figure(o.id, o.name, o.kind, _short_word(o.kind, o.kind_word), o.closeness, o.lean, outside=True)
        for o in outside
    ]


def _short_word(role: str, word: str) -> str:
    """A role in a word short enough for the picture."""
    short = {
        "physician": _("Doctor"),
        "case_worker": _("Worker"),
        "group": _("Group"),
        "online": _("Online"),
        "other": _("Other"),
    }
    return short.get(role, word)


def gaps(members: Sequence[Member], outside: Sequence[Other]) -> list[rules.Gap]:
    """What is thin in this circle, the most urgent first."""
    reached = delivery.reachable(m.person_id for m in members)
    stands = [
        rules.Stands(m.name, m.role, m.lean, m.gets_calls, m.since, m.person_id in reached, m.membership_id)
        for m in members
    ]
    stands += [rules.Stands(o.name, o.kind, o.lean, False, None) for o in outside]
    return rules.gaps(stands, clock.now())


@gated("circle.read")
def invitations(actor: Actor, *, owner: str) -> list[Invited]:
    """Links that still wait for somebody, newest first."""
    return [_invited(row) for row in _WAITING.rows(now=clock.now())]


_OUTSIDERS = PreparedRecords(Outsider, lambda rows: rows(Outsider))
_WAITING = PreparedRecords(
    Invitation,
    lambda rows: (
        rows(Invitation)
        .filter(state__in=[*STILL_OPEN, State.ASKED], expires_at__gt=Given("now", DateTimeField()))
        .order_by("-made_at")
    ),
)


@gated("circle.read", about=Invitation)
def invitation(actor: Actor, *, invitation: str) -> Invited:
    return _invited(Invitation.objects.get(pk=invitation))


@gated("circle.read", about=Invitation)
def waits_for_signature(actor: Actor, *, invitation: str) -> dict[str, list[str]]:
    """What was ticked for somebody who has joined and opens only with a signature: {membership: categories}."""
    found = Invitation.objects.get(pk=invitation)
    return to_sign(actor, owner=found.owner_id, wanted={found.membership_id: found.shares})


def landing(*, code: str) -> Landing:
    """What anybody who holds the link may read. Raises NotHere for a link that never was."""
    return _landing(Actor.system("somebody opened an invitation"), invitation=code[:LENGTH], code=code)


@gated("circle.join", about=Invitation)
def _landing(actor: Actor, *, invitation: str, code: str) -> Landing:
    found = Invitation.objects.get(pk=invitation)
    require_secret(found, code)
    usable = rules.is_open(found.state, found.expires_at, clock.now())
    return Landing(found.pk, rules.initial_of(found.called), usable, fresh=usable and found.state == State.MADE)


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
    return places.names_of_circles(actor, owners)


@gated("circle.read")
def seen_by(actor: Actor, *, owner: str, membership: str) -> Actor:
    """The eyes of one member, for the preview page: whatever this actor reads is what that member would read."""
    return places.preview(actor, owner_id=owner, membership_id=membership)


@gated("log.read")
def who_looked(actor: Actor, *, owner: str, before: int | None = None, most: int = LOOKS_A_PAGE) -> list[Look]:
    """The newest `most` entries of the access log, or the newest before entry number `before`."""
    known = places.known_in_circle(owner)
    return [
        _look(entry, owner, known.get(entry.membership, NOBODY))
        for entry in access_log.newest(owner, before=before, most=most)
    ]


def _look(entry: Any, owner: str, came: Known) -> Look:
    return Look(
        number=entry.number,
        at=entry.at,
        name=came.name or (_("Somebody who has left") if entry.membership else ""),
        by_me=entry.actor == f"person:{owner}",
        by_system=entry.actor.startswith("system:"),
        action=entry.action,
        categories=[category for category in entry.categories.split(",") if category],
        channel=entry.channel,
        staff=entry.staff,
        role=came.role,
    )


def who_sees(members: Sequence[Member]) -> dict[str, list[str]]:
    """{category: names of who sees it}."""
    return rules.names_by_category((each.name, each.sees) for each in members)


def _circle_of(owner: str, called: str, right: Right) -> CircleOf:
    return CircleOf(owner, called, right.role, right.categories, right.off_until)


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


@gated("circle.read")
def member_ids(actor: Actor, *, owner: str) -> list[str]:
    """Who stands in this circle now, without opening a name."""
    return places.member_ids(owner)


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[Values]]:
    """Members as names and roles, ended ones too, with every share there was and who looked. No open invitations."""
    return {
        "members": carried.places(owner),
        "shares": carried.grants(owner),
        "access_log": access_log.carried_out(owner),
        "outsiders": carried_out(Outsider, owner),
    }
