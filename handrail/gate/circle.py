"""Memberships and grants, for `circle/` and whoever asks whom a person has around them.

Every function works on one owner whose gate is open; the changing ones need it open for writing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, DateTimeField, F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from handrail.gate import breaks, covers, history
from handrail.gate.actor import Actor
from handrail.gate.categories import EVERYTHING, FOR_PEOPLE, Category, Closeness, Lean, Purpose, Role
from handrail.gate.models import Grant, Membership, Staff
from handrail.gate.opening import opening
from handrail.gate.prepared import Given, Prepared, PreparedAmong
from handrail.gate.rights import Place, Right, is_live, rests, with_live_grants
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere


@dataclass(frozen=True, slots=True)
class Member:
    """One live place in a circle, as its owner sees it. It is a person's or a program's: the other id is empty."""

    membership_id: str
    person_id: str
    name: str
    role: str
    rung: int
    since: datetime
    categories: frozenset[str]  # what is ticked; while paused, it rests
    ends: Mapping[str, datetime] = field(default_factory=dict)  # {category: when it stops by itself}
    purposes: Mapping[str, str] = field(default_factory=dict)
    paused: bool = False
    pause_keeps_help: bool = True
    paused_with_all: bool = False  # the pause began with "pause all", and ends with it
    closeness: int = Closeness.AROUND
    lean: int = Lean.UNSAID
    off_until: datetime | None = None  # they rest until then: they see what is shared, and nothing is asked of them
    program_id: str = ""
    consents: Mapping[str, str] = field(default_factory=dict)  # {category: the signed consent that it rests on}
    new_staff: int = 0  # of a program: who came since the owner last looked, and works there still
    staff_seen_at: datetime | None = None

    @property
    def may_hold(self) -> frozenset[str]:
        """What can be shared with them at all. A call for help wants somebody who is known to be there."""
        return EVERYTHING - FOR_PEOPLE if self.program_id else EVERYTHING

    @property
    def needs_signature(self) -> bool:
        """They see what a signed consent covers, and a tick alone opens nothing to them."""
        return covers.needs_signature(self.role)

    @property
    def role_word(self) -> str:
        return str(Role(self.role).label)

    @property
    def sees(self) -> frozenset[str]:
        """What they see at this moment."""
        return frozenset(c for c in self.categories if not rests(c, self.paused, self.pause_keeps_help))

    @property
    def gets_calls(self) -> bool:
        """Is a call for help put to them at this moment?"""
        return Category.HELP in self.sees and self.off_until is None


@dataclass(frozen=True, slots=True)
class Known:
    """Who stands or stood at a place: what the owner calls them, and what they are to the owner (empty: unknown)."""

    name: str
    role: str


#: Where a place is not, or no more, to be found.
NOBODY = Known("", "")


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who left. `may_return_until`: they can still undo it, unless the owner shuts the door."""

    membership_id: str
    name: str
    at: datetime
    may_return_until: datetime | None


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signed consent opens to a place now: as much as the person shares at this moment."""

    categories: frozenset[str]
    purpose: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One tick that was set (`shared`) or cleared."""

    membership_id: str
    category: str
    shared: bool


def members_of(owner_id: str) -> list[Member]:
    """Everybody who stands in this circle now, in the order of the ladder. One query."""
    places: dict[str, list[Any]] = {}
    for row in _CIRCLE.rows(owner=owner_id, now=clock.now()):  # a place comes once for each live grant
        places.setdefault(row.pk, []).append(row)
    return [_member(each) for each in places.values()]


_CIRCLE = Prepared(
    lambda: with_live_grants(
        Membership.objects.filter(owner_id=Given("owner"), ended_at=None),
        ends=F("live_grant__until"),
        purpose=F("live_grant__purpose"),
        new_staff=_new_staff(),
    ).order_by("rung", "since", "id")
)


def _new_staff() -> Subquery:
    came = Staff.objects.filter(
        program=OuterRef("program"),
        ended_at=None,
        since__gt=Coalesce(OuterRef("staff_seen_at"), OuterRef("since")),
    )
    return Subquery(came.order_by().values("program").annotate(n=Count("pk")).values("n"))


def member_ids(owner_id: str) -> list[str]:
    """Everybody whom these places reach now, staff of programs too, as ids alone: no name is opened."""
    live = Membership.objects.filter(owner_id=owner_id, ended_at=None)
    return people_behind(live.values_list("member_id", "program_id"))


def people_at(owner_id: str, membership_id: str) -> list[str]:
    """Everybody whom one live place reaches now."""
    place = Membership.objects.filter(owner_id=owner_id, pk=membership_id, ended_at=None)
    return people_behind(place.values_list("member_id", "program_id"))


def people_behind(places: Iterable[tuple[str | None, str | None]]) -> list[str]:
    """The people behind places, from (person, program) of each: whose open pages change with what is shared."""
    found = list(places)
    people = {person for person, _program in found if person}
    if programs := {program for _person, program in found if program}:
        people |= set(Staff.objects.filter(program__in=programs, ended_at=None).values_list("person_id", flat=True))
    return sorted(people)


def member_of(owner_id: str, membership_id: str) -> Member:
    for member in members_of(owner_id):
        if member.membership_id == membership_id:
            return member
    raise NotHere


def begin(
    *, owner_id: str, member_id: str = "", program_id: str = "", role: str, calls_member: str, called: str
) -> str:
    """A new place at the end of the ladder; answers the id of the membership. Shares nothing."""
    opening().require_writing(owner_id)
    last = Membership.objects.filter(owner_id=owner_id, ended_at=None).aggregate(last=Max("rung"))["last"] or 0
    place = Membership.objects.create(
        owner_id=owner_id,
        member_id=member_id or None,
        program_id=program_id or None,
        role=role,
        since=clock.now(),
        rung=last + 1,
        calls_member=calls_member,
        called=called,
    )
    breaks.shut_older_doors(owner_id, place.pk)
    return str(place.pk)


def end(*, owner_id: str, membership_id: str, by_member: bool, may_return_until: datetime | None = None) -> None:
    """End a place and every share with it. `by_member` may come through the member's own right, never writing more."""
    here = opening()
    here.require_writing(owner_id)
    now = clock.now()
    live = Membership.objects.filter(pk=membership_id, owner_id=owner_id, ended_at=None)
    if not live.update(ended_at=now, ended_by_member=by_member, may_return_until=may_return_until):
        raise NotHere
    breaks.shut_older_doors(owner_id, membership_id)
    history.stop(Grant.objects.filter(membership_id=membership_id), now=now)


def share(*, owner_id: str, wanted: Mapping[str, Collection[str]]) -> list[Change]:
    """Make the live grants of the memberships in `wanted` exactly those; answers what changed."""
    opening().require_writing(owner_id)
    # Of two savings at once the second waits, and sees what the first has shared.
    list(Membership.objects.select_for_update().filter(owner_id=owner_id, ended_at=None).order_by("pk").only("pk"))
    members = {member.membership_id: member for member in members_of(owner_id)}
    changes = []
    for membership_id, categories in wanted.items():
        if membership_id not in members:
            raise NotHere
        if not members[membership_id].may_hold.issuperset(categories):
            raise Invalid(_("A program can’t get your calls for help or your place. Choose a person for these."))
        before = members[membership_id].categories
        changes += [Change(membership_id, c, True) for c in sorted(set(categories) - before)]
        changes += [Change(membership_id, c, False) for c in sorted(before - set(categories))]
    now = clock.now()
    fresh = _grants(owner_id, members, [change for change in changes if change.shared], now)
    for change in changes:
        # one whose time ran out is over here too, before a new one begins
        history.stop(Grant.objects.filter(membership_id=change.membership_id, category=change.category), now=now)
    Grant.objects.bulk_create(fresh)
    return changes


def _grants(owner_id: str, members: Mapping[str, Member], wanted: Sequence[Change], now: datetime) -> list[Grant]:
    """New grants; those that need a signature rest on the consent that covers them and end with it, or are refused."""
    signing = any(members[change.membership_id].needs_signature for change in wanted)
    covered = covers.of_owner(owner_id) if signing else {}
    found = []
    for change in wanted:
        grant = Grant(membership_id=change.membership_id, category=Category(change.category), since=now)
        if members[change.membership_id].program_id:
            grant.program_id = members[change.membership_id].program_id
            grant.placed_at = members[change.membership_id].since
        if members[change.membership_id].needs_signature:
            cover = covered.get(change.membership_id, {}).get(change.category)
            if cover is None:
                raise covers.ConsentNeeded(change.membership_id)
            grant.consent, grant.until, grant.purpose = cover.consent, cover.until, Purpose(cover.purpose)
        found.append(grant)
    return found


def stop_under(*, owner_id: str, consent: str) -> None:
    """This consent is over: whatever was shared under it is closed at the next request."""
    opening().require_writing(owner_id)
    history.stop(Grant.objects.filter(membership__owner_id=owner_id, consent=consent), now=clock.now())


def share_until(*, owner_id: str, membership_id: str, ends: Mapping[str, datetime | None], purpose: str) -> None:
    """Set when live shares of one member end by themselves (None: they do not), and what they are for.

    What rests on a signed consent keeps the purpose that was signed, and never outlives the consent.
    """
    opening().require_writing(owner_id)
    live = Grant.objects.filter(is_live(""), membership_id=membership_id, membership__owner_id=owner_id)
    if purpose:
        live.filter(consent="").update(purpose=Purpose(purpose))
    covered = covers.of_owner(owner_id).get(membership_id, {})
    for category, until in ends.items():
        live.filter(category=category, consent="").update(until=until)
        if cover := covered.get(category):
            end = min(until or cover.until, cover.until)
            live.filter(category=category, consent=cover.consent).update(until=end)


def place_on_map(*, owner_id: str, membership_id: str, closeness: int, lean: int) -> None:
    """How close, and how often the two lean on each other, as the person says."""
    opening().require_writing(owner_id)
    found = Membership.objects.filter(pk=membership_id, owner_id=owner_id, ended_at=None)
    if not found.update(closeness=Closeness(closeness), lean=Lean(lean)):
        raise NotHere


def terms_under(*, owner_id: str, place: Place) -> list[Signed]:
    """What the consents behind a place open now, told to whoever came through it. One query."""
    rows = Grant.objects.filter(is_live(""), membership_id=place.membership_id, membership__owner_id=owner_id)
    found: dict[tuple[str, datetime], set[str]] = {}
    for row in rows.exclude(consent="").filter(category__in=place.consents):
        found.setdefault((row.purpose, row.until), set()).add(row.category)  # type: ignore[arg-type]
    return [Signed(frozenset(names), purpose, until) for (purpose, until), names in found.items()]


def set_rungs(*, owner_id: str, rungs: Mapping[str, int]) -> None:
    opening().require_writing(owner_id)
    for membership_id, rung in rungs.items():
        if not Membership.objects.filter(pk=membership_id, owner_id=owner_id, ended_at=None).update(rung=rung):
            raise NotHere


def names_of_circles(actor: Actor, owners: Collection[str]) -> dict[str, str]:
    """{owner: what this member, or the program they come for, calls them}; their gate is open.

    The rows are those that the rights were read from; one query for those that a preview has lent.
    """
    places = [right.places[0] for right in map(actor.right_to, owners) if right]
    lent = [place.membership_id for place in places if place.row is None]
    rows = [place.row for place in places if place.row is not None] + (_PLACES.rows(lent) if lent else [])
    return {row.owner_id: row.called for row in rows}


_PLACES = PreparedAmong(lambda ids: Membership.objects.filter(pk__in=ids, ended_at=None))


def rename_owner(owner_id: str, name: str) -> None:
    """The owner changed their name: every member sees the new one. A program keeps the one that it was given."""
    opening().require_writing(owner_id)
    for place in Membership.objects.filter(owner_id=owner_id, program=None):
        place.called = name
        place.save(update_fields=["called"])


def left_since(owner_id: str, moment: datetime) -> list[Gone]:
    """Everybody who left this circle themselves since then, newest first."""
    if not opening().allows(owner_id, None):
        raise NotHere
    gone, now = _GONE.rows(owner=owner_id, since=moment), clock.now()
    return [
        Gone(place.pk, place.calls_member, place.ended_at, _ahead(place.may_return_until, now))
        for place in gone
        if place.ended_at
    ]


def _ahead(moment: datetime | None, now: datetime) -> datetime | None:
    """A moment that is still to come; None once it has passed."""
    return moment if moment is not None and moment > now else None


_GONE = Prepared(
    lambda: Membership.objects.filter(
        owner_id=Given("owner"), ended_by_member=True, ended_at__gte=Given("since", DateTimeField())
    ).order_by("-ended_at")
)


def known_in_circle(owner_id: str) -> dict[str, Known]:
    """{membership: who that is}, ended places too: the log and old calls still name people."""
    return {place.pk: Known(place.calls_member, place.role) for place in Membership.objects.filter(owner_id=owner_id)}


def preview(actor: Actor, *, owner_id: str, membership_id: str) -> Actor:
    """An actor who sees exactly what this member sees of this owner, and nobody else; leaves no trace in the log.

    Only the owner gets it: the gate must be open for all of them.
    """
    if not opening().allows(owner_id, None) or actor.person_id != owner_id:
        raise NotHere
    member = member_of(owner_id, membership_id)
    staff = member.name if member.program_id else ""
    signed = {category: consent for category, consent in member.consents.items() if category in member.sees}
    place = Place(member.membership_id, member.role, member.sees, member.paused, staff, signed, member.off_until)
    return Actor.previewing(member.person_id or member.program_id, {owner_id: Right((place,))})


def _member(rows: Sequence[Any]) -> Member:
    """One member from the rows of their place, one for each live grant (or one without)."""
    place, shares = rows[0], [row for row in rows if row.shares and covers.counts(row.role, row.consent)]
    return Member(
        membership_id=place.pk,
        person_id=place.member_id or "",
        name=place.calls_member,
        role=place.role,
        rung=place.rung,
        since=place.since,
        categories=frozenset(row.shares for row in shares),
        ends={row.shares: row.ends for row in shares if row.ends},
        purposes={row.shares: row.purpose for row in shares},
        paused=place.paused_at is not None,
        pause_keeps_help=place.pause_keeps_help,
        paused_with_all=place.paused_at is not None and place.paused_with_all,
        closeness=place.closeness,
        lean=place.lean,
        off_until=_ahead(place.off_until, clock.now()),
        program_id=place.program_id or "",
        consents={row.shares: row.consent for row in shares if row.consent},
        new_staff=place.new_staff or 0,
        staff_seen_at=place.staff_seen_at,
    )
