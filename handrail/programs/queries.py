"""Which programs there are, who works there, and whom a program stands beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from handrail.gate import Actor, Category, gated, office_log
from handrail.gate import circle as places
from handrail.gate import programs as kept
from handrail.gate.carrying import Values
from handrail.gate.categories import PostKind, StaffRole
from handrail.gate.office_log import Act
from handrail.gate.offices import by_office
from handrail.gate.programs import Desk, Held, ProgramSeen, StaffSeen
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.programs import rules, said
from handrail.programs.actions import State, find
from handrail.programs.models import Offer

ACTS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Offered:
    """A link that still waits, as whoever made it sees it. `phrases` is set while words are to be compared."""

    id: str
    program_id: str
    name: str
    role_word: str
    keeper: bool
    expires_at: datetime
    phrases: Sequence[str]


@dataclass(frozen=True, slots=True)
class Ending:
    """A post that may end. `is_last`: nobody would run the install through its pages any more."""

    post: Held
    is_last: bool


@dataclass(frozen=True, slots=True)
class PostLink:
    """A link to a post of the install that nobody has used yet."""

    id: str
    post_word: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Landing:
    """What anybody who holds a link may read. `program` is empty for a post of the install."""

    program: str
    post: str
    post_word: str
    name: str
    role_word: str
    usable: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """The taker's side while the two compare words."""

    state: str
    program: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody whom a program stands beside: what they share, and nothing of what it says."""

    owner_id: str
    called: str
    categories: frozenset[str]

    @property
    def shares(self) -> list[str]:
        """The same in the words of those who see it."""
        return said.shared(self.categories)


@dataclass(frozen=True, slots=True)
class Beside(Whom):
    """The same for one of them, and for which programs the actor comes: {program: who they are there}."""

    programs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WhomPage:
    people: Sequence[Whom]
    after: str  # where the next page begins; empty on the last


@dataclass(frozen=True, slots=True)
class StaffHere:
    """Who works at a program that stands in the person's circle, and who is new to them."""

    program: ProgramSeen
    name: str
    staff: Sequence[tuple[StaffSeen, bool]]  # with: came since they last looked
    gone: Sequence[StaffSeen] = ()  # came since they last looked, and went again

    @property
    def has_news(self) -> bool:
        return bool(self.gone) or any(new for _staff, new in self.staff)


# --- for everybody ----------------------------------------------------------------------------------------------------


@by_office("program.read")
def open_programs(actor: Actor) -> list[ProgramSeen]:
    return kept.programs()


@by_office("program.read")
def program(actor: Actor, *, program: str) -> ProgramSeen:
    """NotHere once it has closed."""
    found = kept.program(program)
    if found.closed_at is not None:
        raise NotHere
    return found


@by_office("program.read")
def staff_of(actor: Actor, *, program: str) -> list[StaffSeen]:
    """Who works there now: names and what they do. Whoever thinks of adding it may know before."""
    return kept.staff_of(program)


@gated("circle.read")
def stood_until(actor: Actor, *, owner: str, program: str) -> datetime | None:
    """When the program parted from this person or they from it; None where it never stood in their circle."""
    return kept.stood_until(owner, program)


@gated("circle.read")
def staff_here(actor: Actor, *, owner: str, membership: str) -> StaffHere:
    member = places.member_of(owner, membership)
    if not member.program_id:
        raise NotHere
    known_since = member.staff_seen_at or member.since
    staff = [(each, each.since > known_since) for each in kept.staff_of(member.program_id)]
    gone = kept.came_and_went(member.program_id, known_since)
    return StaffHere(kept.program(member.program_id), member.name, staff, gone)


# --- for staff --------------------------------------------------------------------------------------------------------


@by_office("post.own")
def desks(actor: Actor) -> list[Desk]:
    """Where this person works now."""
    return kept.desks_of(actor.me)


@by_office("post.own")
def runs_the_install(actor: Actor) -> bool:
    return PostKind.OPERATOR in kept.posts_of(actor.me)


@by_office("post.own")
def posts(actor: Actor) -> list[str]:
    return kept.posts_of(actor.me)


@by_office("staff.people")
def whom(actor: Actor, *, program: str, category: Category | None = None, after: str = "") -> WhomPage:
    """A page of those whom the program stands beside, the newest first. It opens their names and nothing else."""
    found = kept.whose(program, category=category, after=rules.mark_from_text(after))
    owners = [owner for owner, _mark in found]
    people = _called(actor, owners=owners) if owners else []
    if category is not None:  # a share that needs a signature and has none does not count
        people = [each for each in people if category in each.categories]
    return WhomPage(people, rules.mark_to_text(found[-1][1]) if len(found) == kept.AT_ONCE else "")


@gated("member.see", many=True)
def _called(actor: Actor, *, owners: Sequence[str]) -> list[Whom]:
    names = places.names_of_circles(actor, owners)
    rights = ((owner, actor.right_to(owner)) for owner in owners)
    return [Whom(owner, names[owner], right.categories) for owner, right in rights if right]


@gated("member.see")
def stands_beside(actor: Actor, *, owner: str) -> Beside:
    """How staff stand beside one person; NotHere for whoever comes by a place of their own, or not at all."""
    right = actor.right_to(owner)
    if right is None or not right.as_staff:
        raise NotHere
    programs = {place.row.program_id: place.staff for place in right.places if place.row and place.row.program_id}
    name = places.names_of_circles(actor, [owner])[owner]
    return Beside(owner, name, right.categories, programs)


@by_office("staff.read")
def staff_member(actor: Actor, *, program: str, staff: str) -> StaffSeen:
    """One of those who work there now."""
    for each in kept.staff_of(program):
        if each.id == staff:
            return each
    raise NotHere


@by_office("staff.read")
def offers(actor: Actor, *, program: str) -> list[Offered]:
    """Links of this program that still wait, the newest first."""
    return _offers(Offer.objects.filter(program_id=program))


@by_office("staff.read")
def offer(actor: Actor, *, program: str, offer: str) -> Offered:
    return _offer(Offer.objects.filter(program_id=program, pk=offer))


# --- for whoever holds a link -----------------------------------------------------------------------------------------


def landing(*, code: str) -> Landing:
    """What the link shows to anybody. Raises NotHere for one that never was."""
    found = find(code)
    return Landing(
        program=kept.program(found.program_id).name if found.program_id else "",
        post=found.post,
        post_word=str(PostKind(found.post).label) if found.post else "",
        name=found.name,
        role_word=str(StaffRole(found.role).label) if found.role else "",
        usable=rules.is_open(found.state, found.expires_at, clock.now()),
    )


@by_office("staff.take")
def waiting(actor: Actor, *, code: str) -> Waiting:
    """The taker's page; NotHere for everybody else."""
    found = find(code)
    if found.taker_id != actor.me:
        raise NotHere
    state = found.state
    if state == State.ASKED and clock.now() >= found.expires_at:
        state = State.TAKEN_BACK
    name = kept.program(found.program_id).name if found.program_id else ""
    return Waiting(str(state), name, found.phrase if state == State.ASKED else "")


# --- for whoever runs the install -------------------------------------------------------------------------------------


@by_office("program.run")
def all_programs(actor: Actor) -> list[ProgramSeen]:
    """Closed ones too."""
    return kept.programs(closed=True)


@by_office("program.run")
def has_keeper(actor: Actor, *, program: str) -> bool:
    return kept.has_keeper(program)


@by_office("program.run")
def keeper_offers(actor: Actor, *, program: str) -> list[Offered]:
    """The operator's own links to this program that still wait."""
    return _offers(Offer.objects.filter(program_id=program, maker_id=actor.me))


@by_office("program.run")
def keeper_offer(actor: Actor, *, program: str, offer: str) -> Offered:
    return _offer(Offer.objects.filter(program_id=program, pk=offer, maker_id=actor.me))


@by_office("office.read")
def acts(actor: Actor, *, before: int | None = None, most: int = 100) -> list[Act]:
    """The newest of what was done with programs, places at them and posts, or the newest before number `before`."""
    return office_log.newest(before=before, most=most)


@by_office("post.read")
def held_posts(actor: Actor) -> list[Held]:
    return kept.held_posts()


@by_office("post.read")
def ending(actor: Actor, *, post: str) -> Ending:
    """What somebody reads before they end a post; NotHere for one that has ended."""
    held = kept.held_posts()
    found = next((each for each in held if each.id == post), None)
    if found is None:
        raise NotHere
    return Ending(found, [each.id for each in held if each.kind == PostKind.OPERATOR] == [post])


@by_office("post.read")
def post_links(actor: Actor) -> list[PostLink]:
    """Links to posts that nobody has used yet, whoever made them, the newest first."""
    live = Offer.objects.filter(program_id="", state=State.MADE, expires_at__gt=clock.now())
    return [PostLink(row.pk, str(PostKind(row.post).label), row.expires_at) for row in live.order_by("-made_at")]


def _offers(rows: "QuerySet[Offer]") -> list[Offered]:
    live = rows.filter(state__in=[State.MADE, State.ASKED], expires_at__gt=clock.now())
    return [_offered(row) for row in live.order_by("-made_at")]


def _offer(rows: "QuerySet[Offer]") -> Offered:
    found = rows.filter(state__in=[State.MADE, State.ASKED], expires_at__gt=clock.now()).first()
    if found is None:
        raise NotHere
    return _offered(found)


def _offered(row: Offer) -> Offered:
    return Offered(
        id=row.pk,
        program_id=row.program_id,
        name=row.name,
        role_word=str(StaffRole(row.role).label),
        keeper=row.keeper,
        expires_at=row.expires_at,
        phrases=row.phrases if row.state == State.ASKED else [],
    )


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[Values]]:
    """Where this person works and worked, and their posts. No file brings these in: they are given by others."""
    return {"desks": kept.carried_desks(owner), "posts": kept.carried_posts(owner)}
