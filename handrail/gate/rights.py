"""The one rule about members: who may see what of whom. It answers "may I?" and "whose may I?" alike."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Exists, F, FilteredRelation, Min, OuterRef, Q, QuerySet, Subquery

from handrail.gate.categories import SIGNED_FOR, Category
from handrail.gate.covers import counts, needs_signature
from handrail.gate.models import Grant, Membership, Staff
from handrail.gate.prepared import Given, GivenList, Prepared, PreparedAmong
from handrail.kernel import clock
from handrail.kernel.models import DataKey


@dataclass(frozen=True, slots=True)
class Place:
    """A live membership, as far as it reaches somebody now."""

    membership_id: str
    role: str
    categories: frozenset[str]
    resting: bool = False  # the place is paused
    staff: str = ""  # it is a program's, and they are on its staff: "Dana Ruiz, River House"
    consents: Mapping[str, str] = field(default_factory=dict)  # {category: the signed consent that it rests on}
    off_until: datetime | None = None  # the member rests until then: they see what they see, and are asked for nothing
    row: Membership | None = field(default=None, compare=False, repr=False)  # for the names in it, which the gate opens


@dataclass(frozen=True, slots=True)
class Right:
    """What somebody may see of one owner: by their own place, or by those of programs where they are staff now.

    Their own place counts alone: what the owner shares with a friend is not widened by where the friend works.
    """

    places: tuple[Place, ...]

    @property
    def membership_id(self) -> str:
        return self.places[0].membership_id

    @property
    def role(self) -> str:
        return self.places[0].role

    @property
    def categories(self) -> frozenset[str]:
        first, *more = self.places
        return first.categories.union(*(place.categories for place in more)) if more else first.categories

    @property
    def off_until(self) -> datetime | None:
        return self.places[0].off_until

    @property
    def as_staff(self) -> bool:
        return bool(self.places[0].staff)

    @property
    def wrapped_key(self) -> tuple[str, bytes] | None:
        """(wrapping key's name, wrapped data key) of the owner, as it was read along with the place."""
        row: Any = self.places[0].row
        return None if row is None or row.key_wrapped is None else (row.key_wrapped_by, bytes(row.key_wrapped))


def rights_of(member_id: str, owner_ids: Collection[str]) -> dict[str, Right]:
    """{owner: right} of a member for the owners named; nobody else is read. One query."""
    return _rights(_PLACES_AMONG.rows(owner_ids, member=member_id, now=clock.now()))


def circles_of(member_id: str) -> dict[str, Right]:
    """{owner: right} for every circle that somebody stands in themselves. One query.

    Those whom a program serves can be ten thousand: they are asked for by name or a page at a time (`whose`).
    """
    return _rights(_PLACES_OF_MEMBER.rows(member=member_id, now=clock.now()))


def _rights(rows: Iterable[Any]) -> dict[str, Right]:
    """From rows of places, one for each live grant of a place (or one without)."""
    found: dict[str, dict[str, list[Any]]] = {}
    for row in rows:
        found.setdefault(row.owner_id, {}).setdefault(row.pk, []).append(row)
    return {owner: Right(_that_count(list(places.values()))) for owner, places in found.items()}


def _that_count(places: Sequence[Sequence[Any]]) -> tuple[Place, ...]:
    own = [each for each in places if each[0].member_id is not None]
    counted = own or sorted(places, key=lambda each: (each[0].since, each[0].pk))
    return tuple(_place(each) for each in counted)


def _place(rows: Sequence[Any]) -> Place:
    place = rows[0]
    paused = place.paused_at is not None
    shared = {row.shares: row.consent for row in rows if row.shares and counts(row.role, row.consent)}
    seen = frozenset(c for c in shared if not rests(c, paused, place.pause_keeps_help))
    staff = f"{place.staff_name}, {place.program_name}" if place.member_id is None else ""
    consents = {c: shared[c] for c in seen if shared[c]}
    off = place.off_until if place.off_until and place.off_until > clock.now() else None
    return Place(place.pk, place.role, seen, paused, staff, consents, off, place)


def with_live_grants(places: "QuerySet[Membership]", **more: Any) -> "QuerySet[Membership]":
    """Each place once for every live grant of it (`shares`: the category, `consent`; `more`), or once without any.

    For prepared questions: the moment comes as the `Given` named `now`.
    """
    live = FilteredRelation("grants", condition=is_live("grants__", Given("now", DateTimeField())))
    rests_on = F("live_grant__consent")
    return places.annotate(live_grant=live, shares=F("live_grant__category"), consent=rests_on, **more)


def _with_keys(places: "QuerySet[Membership]") -> "QuerySet[Membership]":
    """With the owner's wrapped data key: whoever has a right mostly needs it next."""
    key = DataKey.objects.filter(owner_id=OuterRef("owner_id"))
    return places.annotate(
        key_wrapped_by=Subquery(key.values("wrapped_by")), key_wrapped=Subquery(key.values("wrapped"))
    )


_PLACES_OF_MEMBER = Prepared(
    lambda: _with_keys(with_live_grants(Membership.objects.filter(member_id=Given("member"), ended_at=None)))
)
_PLACES_AMONG = PreparedAmong(lambda owners: _with_keys(with_live_grants(_reaching(owners))))


def _reaching(owners: GivenList) -> "QuerySet[Membership]":
    """Live places, of these owners, of the member themself or of a program where they are staff now."""
    desk = FilteredRelation(
        "program__staff",
        condition=Q(program__staff__person_id=Given("member"), program__staff__ended_at=None, program__closed_at=None),
    )
    return Membership.objects.annotate(desk=desk, staff_name=F("desk__name"), program_name=F("program__name")).filter(
        Q(member_id=Given("member")) | Q(desk__isnull=False), owner_id__in=owners, ended_at=None
    )


def still_open(*, membership: str = "membership_id", category: str = "category", to: str = "to") -> Q:
    """A condition for rows that point at a membership, a category and a person: may this still go to them, now?

    For `delivery/`, which asks it in the claim itself. The names are columns of the row that is claimed.
    """
    desks = Staff.objects.filter(person_id=OuterRef(OuterRef(to)), ended_at=None, program__closed_at=None)
    return Q(
        Exists(
            Grant.objects.filter(
                is_live(""),
                _not_resting(),
                _signed_where_needed(),
                is_not_off("membership__"),
                Q(membership__member_id=OuterRef(to)) | Q(membership__program__in=desks.values("program")),
                membership_id=OuterRef(membership),
                category=OuterRef(category),
                membership__ended_at=None,
            )
        )
    )


def members_who_may(owner_id: str, category: Category) -> list[tuple[str, str, int]]:
    """(membership, member, rung) of everybody who may see `category` of this owner and be asked now, lowest rung first.

    Who rests still sees what is shared, and is asked for nothing. Programs are asked for nothing either: nobody there
    is known to be on duty.
    """
    rows = Membership.objects.filter(
        Exists(
            Grant.objects.filter(
                is_live(""), _not_resting(), _signed_where_needed(), membership_id=OuterRef("pk"), category=category
            )
        ),
        is_not_off(""),
        owner_id=owner_id,
        program=None,
        ended_at=None,
    )
    return list(rows.order_by("rung", "since").values_list("id", "member_id", "rung"))


def next_end(owner_id: str, category: Category) -> datetime | None:
    """The next moment when a share of `category` ends by itself, in this circle; None while none does."""
    live = Grant.objects.filter(is_live(""), category=category, membership__owner_id=owner_id)
    ends: datetime | None = live.filter(membership__ended_at=None).aggregate(next=Min("until"))["next"]
    return ends


def is_live(prefix: str, now: datetime | Given | None = None) -> Q:
    """The condition on a grant that counts at this moment. `prefix` leads to it from the row that is asked for."""
    now = now or clock.now()
    return (
        Q(**{f"{prefix}stopped_at": None})
        & Q(**{f"{prefix}since__lte": now})
        & (Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": now}))
    )


def is_not_off(prefix: str) -> Q:
    """The condition on a place whose member does not rest at this moment."""
    return Q(**{f"{prefix}off_until": None}) | Q(**{f"{prefix}off_until__lte": clock.now()})


def rests(category: str, paused: bool, keeps_help: bool) -> bool:
    """Does a share rest while its place is paused? A call for help goes through where the person said so."""
    return paused and not (category == Category.HELP and keeps_help)


def _signed_where_needed() -> Q:
    """`covers.counts`, as a condition on grants."""
    unsigned = [role for role in SIGNED_FOR if needs_signature(role)]
    return ~Q(consent="", membership__role__in=unsigned) if unsigned else Q()


def _not_resting() -> Q:
    """The same, as a condition on grants."""
    return Q(membership__paused_at=None) | Q(category=Category.HELP, membership__pause_keeps_help=True)
