"""The one rule about members: who may see what of whom. It answers "may I?" and "whose may I?" alike."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from handrail.gate.categories import Category
from handrail.gate.models import Grant, Membership
from handrail.gate.prepared import Given, Prepared
from handrail.kernel import clock


@dataclass(frozen=True, slots=True)
class Right:
    """A live membership seen from the member's side."""

    membership_id: str
    role: str
    categories: frozenset[str]
    resting: bool = False  # the place is paused


def rights_of(member_id: str, owner_ids: Collection[str] | None = None) -> dict[str, Right]:
    """{owner: right} of a member, for the owners named or for all. One query."""
    now = clock.now()
    if owner_ids is not None and len(owner_ids) == 1:
        rows = _PLACE_OF_MEMBER.rows(member=member_id, now=now, owner=next(iter(owner_ids)))
    else:
        rows = _PLACES_OF_MEMBER.rows(member=member_id, now=now)
    found: dict[str, tuple[str, str, set[str], bool]] = {}
    for row in rows:
        if owner_ids is not None and row.owner_id not in owner_ids:
            continue
        entry = found.setdefault(row.owner_id, (row.pk, row.role, set(), row.paused_at is not None))
        category: str = row.shares  # type: ignore[attr-defined]  # of the annotation
        if category and not rests(category, entry[3], row.pause_keeps_help):
            entry[2].add(category)
    return {owner: Right(place, role, frozenset(seen), rest) for owner, (place, role, seen, rest) in found.items()}


def with_live_grants(places: "QuerySet[Membership]", **more: Any) -> "QuerySet[Membership]":
    """Each place once for every live grant of it (`shares`: the category; `more`: other columns), or once without any.

    For prepared questions: the moment comes as the `Given` named `now`.
    """
    live = FilteredRelation("grants", condition=is_live("grants__", Given("now", DateTimeField())))
    return places.annotate(live_grant=live, shares=F("live_grant__category"), **more)


_PLACES_OF_MEMBER = Prepared(
    lambda: with_live_grants(Membership.objects.filter(member_id=Given("member"), ended_at=None))
)
_PLACE_OF_MEMBER = Prepared(
    lambda: with_live_grants(
        Membership.objects.filter(member_id=Given("member"), ended_at=None, owner_id=Given("owner"))
    )
)


def still_open(*, membership: str = "membership_id", category: str = "category") -> Q:
    """A condition for rows that point at a membership and a category: may this still go to that member, now?

    For `delivery/`, which asks it in the claim itself. The names are columns of the row that is claimed.
    """
    return Q(
        Exists(
            Grant.objects.filter(
                is_live(""),
                _not_resting(),
                membership_id=OuterRef(membership),
                category=OuterRef(category),
                membership__ended_at=None,
            )
        )
    )


def members_who_may(owner_id: str, category: Category) -> list[tuple[str, str, int]]:
    """(membership, member, rung) of everybody who may see `category` of this owner now, lowest rung first."""
    rows = Membership.objects.filter(
        Exists(Grant.objects.filter(is_live(""), _not_resting(), membership_id=OuterRef("pk"), category=category)),
        owner_id=owner_id,
        ended_at=None,
    )
    return list(rows.order_by("rung", "since").values_list("id", "member_id", "rung"))


def is_live(prefix: str, now: datetime | Given | None = None) -> Q:
    """The condition on a grant that counts at this moment. `prefix` leads to it from the row that is asked for."""
    now = now or clock.now()
    return (
        Q(**{f"{prefix}stopped_at": None})
        & Q(**{f"{prefix}since__lte": now})
        & (Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": now}))
    )


def rests(category: str, paused: bool, keeps_help: bool) -> bool:
    """Does a share rest while its place is paused? A call for help goes through where the person said so."""
    return paused and not (category == Category.HELP and keeps_help)


def _not_resting() -> Q:
    """The same, as a condition on grants."""
    return Q(membership__paused_at=None) | Q(category=Category.HELP, membership__pause_keeps_help=True)
