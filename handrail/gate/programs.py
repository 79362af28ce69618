"""Programs, who works there and who holds a post, for `programs/` and whoever shows a program to the person.

No function here opens a record; who may call them is said by `@by_office` and `@gated` around them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, F, Q, QuerySet

from handrail.gate import history
from handrail.gate.categories import Category, PostKind, ProgramKind, Role, StaffRole
from handrail.gate.covers import needs_signature
from handrail.gate.models import Grant, Membership, Post, Program, Staff
from handrail.gate.opening import opening
from handrail.gate.prepared import Given, Prepared
from handrail.gate.rights import is_live
from handrail.kernel import clock
from handrail.kernel.errors import NotHere, TooLate


@dataclass(frozen=True, slots=True)
class ProgramSeen:
    id: str
    name: str
    kind: str
    kind_word: str
    about: str
    since: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class StaffSeen:
    id: str
    person_id: str
    name: str
    role: str
    role_word: str
    keeper: bool
    since: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """A program where somebody is staff now."""

    program_id: str
    program: str
    name: str  # theirs, there
    keeper: bool


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody's post. Whose it is stays an id: names are sealed, to the operator too."""

    id: str
    person_id: str
    kind: str
    since: datetime

    @property
    def kind_word(self) -> str:
        return str(PostKind(self.kind).label)


# --- programs ---------------------------------------------------------------------------------------------------------


def make(*, name: str, kind: str, about: str) -> str:
    made = Program.objects.create(name=name, kind=ProgramKind(kind), about=about, since=clock.now())
    return str(made.pk)


def programs(*, closed: bool = False) -> list[ProgramSeen]:
    """Every program of this install, by name; closed ones only where they are asked for."""
    rows = Program.objects.all() if closed else Program.objects.filter(closed_at=None)
    return sorted(map(_program, rows), key=lambda each: each.name.casefold())


def program(program_id: str) -> ProgramSeen:
    found = Program.objects.filter(pk=program_id).first()
    if found is None:
        raise NotHere
    return _program(found)


def close(program_id: str) -> list[str]:
    """End it, the places of its staff and its places in circles; answers the people whose pages change by that."""
    now = clock.now()
    if not Program.objects.filter(pk=program_id, closed_at=None).update(closed_at=now):
        raise NotHere
    staff = Staff.objects.filter(program_id=program_id, ended_at=None)
    places = Membership.objects.filter(program_id=program_id, ended_at=None)
    told = [*staff.values_list("person_id", flat=True), *places.values_list("owner_id", flat=True)]
    history.stop(Grant.objects.filter(membership__in=places), now=now)
    places.update(ended_at=now, ended_by_member=True)
    staff.update(ended_at=now)
    return told


def _program(row: Program) -> ProgramSeen:
    return ProgramSeen(
        row.pk, row.name, row.kind, str(ProgramKind(row.kind).label), row.about, row.since, row.closed_at
    )


# --- staff ------------------------------------------------------------------------------------------------------------


def hire(*, program_id: str, person_id: str, name: str, role: str, keeper: bool) -> None:
    """TooLate where they work there already, or the program has closed."""
    if not Program.objects.filter(pk=program_id, closed_at=None).exists():
        raise TooLate
    try:
        with transaction.atomic():
            Staff.objects.create(
                program_id=program_id, person_id=person_id, name=name, role=role, keeper=keeper, since=clock.now()
            )
    except IntegrityError as why:
        raise TooLate from why


def end_staff(*, program_id: str, staff_id: str = "", person_id: str = "") -> str:
    """From now on nothing that is shared with the program reaches them; answers whose place it was."""
    named = Q(pk=staff_id) if staff_id else Q(person_id=person_id)
    found = Staff.objects.select_for_update().filter(named, program_id=program_id, ended_at=None).first()
    if found is None:
        raise NotHere
    found.ended_at = clock.now()
    found.save(update_fields=["ended_at"])
    return str(found.person_id)


def staff_of(program_id: str) -> list[StaffSeen]:
    """Who works there now, the longest first."""
    return [_staff(row) for row in Staff.objects.filter(program_id=program_id, ended_at=None).order_by("since", "id")]


def came_and_went(program_id: str, moment: datetime) -> list[StaffSeen]:
    """Who began there after that moment and works there no more: they too have seen what was shared."""
    gone = Staff.objects.filter(program_id=program_id, since__gt=moment, ended_at__isnull=False)
    return [_staff(row) for row in gone.order_by("since", "id")]


def _staff(row: Staff) -> StaffSeen:
    word = str(StaffRole(row.role).label)
    return StaffSeen(row.pk, row.person_id, row.name, row.role, word, row.keeper, row.since, row.ended_at)


def has_keeper(program_id: str) -> bool:
    return Staff.objects.filter(program_id=program_id, ended_at=None, keeper=True).exists()


def desks_of(person_id: str) -> list[Desk]:
    """Where somebody works now, by name. One query."""
    rows = _DESKS.rows(person=person_id)
    found = [Desk(row.program_id, row.program_name, row.name, row.keeper) for row in rows]  # type: ignore[attr-defined]
    return sorted(found, key=lambda desk: desk.program.casefold())


_DESKS = Prepared(
    lambda: Staff.objects.filter(person_id=Given("person"), ended_at=None, program__closed_at=None).annotate(
        program_name=F("program__name")
    )
)


def carried_desks(owner_id: str) -> list[dict[str, Any]]:
    """Every place at a program that somebody ever had, as plain values, for them to take along."""
    if not opening().allows(owner_id, None):
        raise NotHere
    rows = Staff.objects.filter(person_id=owner_id).select_related("program").order_by("since", "id")
    return [
        {"program": s.program.name, "name": s.name, "role": s.role, "keeper": s.keeper, **_from_to(s)} for s in rows
    ]


def carried_posts(owner_id: str) -> list[dict[str, Any]]:
    if not opening().allows(owner_id, None):
        raise NotHere
    return [{"kind": post.kind, **_from_to(post)} for post in Post.objects.filter(person_id=owner_id).order_by("since")]


def _from_to(row: Staff | Post) -> dict[str, str | None]:
    return {"since": row.since.isoformat(), "ended_at": row.ended_at.isoformat() if row.ended_at else None}


# --- whom a program stands beside -------------------------------------------------------------------------------------


Mark = tuple[datetime, str]  # a place in the order of `whose`
AT_ONCE = 50


def whose(program_id: str, *, category: Category | None = None, after: Mark | None = None) -> list[tuple[str, Mark]]:
    """(owner, mark) of up to `AT_ONCE` circles in which a program stands, the newest place first. One query.

    `category`: only those who share it with the program now. `after`: the mark where the page before ended. What is
    shown of each is decided by the gate; nobody beyond the page is read.
    """
    moment, place = after or (clock.now() + timedelta(days=1), "")
    asked = {"program": program_id, "moment": moment, "place": place}
    if category is None:
        return [(row.owner_id, (row.since, row.pk)) for row in _THERE.rows(**asked)]
    counted = _SIGNED if needs_signature(Role.PROGRAM) else _SHARING
    shared: list[Any] = counted.rows(**asked, category=category, now=clock.now())
    return [(row.owner, (row.placed_at, row.membership_id)) for row in shared]


def _there() -> "QuerySet[Membership]":
    moment = Given("moment", DateTimeField())
    return Membership.objects.filter(
        Q(since__lt=moment) | Q(pk__lt=Given("place")), program_id=Given("program"), ended_at=None, since__lte=moment
    ).order_by("-since", "-id")


def _sharing() -> "QuerySet[Grant]":
    """From the shares and their index: with ten thousand people behind a desk, those who do not share cost nothing."""
    moment = Given("moment", DateTimeField())
    return (
        Grant.objects.filter(
            is_live("", Given("now", DateTimeField())),
            Q(placed_at__lt=moment) | Q(membership_id__lt=Given("place")),
            program_id=Given("program"),
            category=Given("category"),
            placed_at__lte=moment,
            membership__ended_at=None,
            membership__paused_at=None,
        )
        .annotate(owner=F("membership__owner_id"))
        .order_by("-placed_at", "-membership_id")
    )


_THERE = Prepared(lambda: _there()[:AT_ONCE])
_SHARING = Prepared(lambda: _sharing()[:AT_ONCE])
_SIGNED = Prepared(lambda: _sharing().exclude(consent="")[:AT_ONCE])  # where a share rests on a signed consent


def end_place(owner_id: str, program_id: str) -> None:
    """A program parts from somebody. Their gate is open for writing, by the program's own place."""
    opening().require_writing(owner_id)
    now = clock.now()
    place = Membership.objects.filter(owner_id=owner_id, program_id=program_id, ended_at=None)
    history.stop(Grant.objects.filter(membership__in=place), now=now)
    if not place.update(ended_at=now, ended_by_member=True):
        raise NotHere


def stood_until(owner_id: str, program_id: str) -> datetime | None:
    """When the program's last place with somebody ended; None where it never had one."""
    if not opening().allows(owner_id, None):
        raise NotHere
    ended = Membership.objects.filter(owner_id=owner_id, program_id=program_id, ended_at__isnull=False)
    found: datetime | None = ended.order_by("-ended_at").values_list("ended_at", flat=True).first()
    return found


def seen_staff(owner_id: str, membership_id: str) -> None:
    """The owner has looked at who is new there."""
    opening().require_writing(owner_id)
    Membership.objects.filter(pk=membership_id, owner_id=owner_id).update(staff_seen_at=clock.now())


# --- posts of the install ---------------------------------------------------------------------------------------------


def posts_of(person_id: str) -> list[str]:
    return [row.kind for row in _POSTS.rows(person=person_id)]


_POSTS = Prepared(lambda: Post.objects.filter(person_id=Given("person"), ended_at=None).order_by("kind"))


def held_posts() -> list[Held]:
    """Every post that somebody holds now, the longest first."""
    rows = Post.objects.filter(ended_at=None).order_by("kind", "since")
    return [Held(row.pk, row.person_id, row.kind, row.since) for row in rows]


def operators_held() -> list[str]:
    """The posts of all who run the install now, held until this transaction ends: of two that end, one waits."""
    held = Post.objects.select_for_update().filter(kind=PostKind.OPERATOR, ended_at=None).order_by("pk")
    return [row.pk for row in held]


def give_post(*, person_id: str, kind: str) -> bool:
    """Nothing happens where they hold it already; answers whether it is new to them."""
    given = {"person_id": person_id, "kind": PostKind(kind), "ended_at": None}
    _post, made = Post.objects.get_or_create(**given, defaults={"since": clock.now()})
    return made


def end_post(post_id: str) -> Held:
    """Answers which it was, and whose."""
    found = Post.objects.filter(pk=post_id, ended_at=None).first()
    if found is None or not Post.objects.filter(pk=post_id, ended_at=None).update(ended_at=clock.now()):
        raise NotHere
    return Held(found.pk, found.person_id, found.kind, found.since)
