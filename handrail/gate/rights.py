"""The one rule about members: who may see what of whom. It answers "may I?" and "whose may I?" alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from handrail.gate.categories import Category
from handrail.gate.models import Grant, Membership
from handrail.kernel import clock


@dataclass(frozen=True, slots=True)
class Right:
    """A live membership seen from the member's side."""

    membership_id: str
    role: str
    categories: frozenset[str]


def rights_of(member_id: str, owner_ids: Sequence[str] | None = None) -> dict[str, Right]:
    """{owner: right} of a member, for the owners named or for all. One query."""
    live = Membership.objects.filter(member_id=member_id, ended_at=None)
    if owner_ids is not None:
        live = live.filter(owner_id__in=owner_ids)
    rows = live.annotate(
        live_grant=FilteredRelation("grants", condition=is_live("grants__")),
    ).values_list("owner_id", "id", "role", "paused_at", "pause_keeps_help", "live_grant__category", named=False)
    found: dict[str, tuple[str, str, set[str]]] = {}
    for owner, membership, role, paused_at, keeps_help, category in rows:
        entry = found.setdefault(owner, (membership, role, set()))
        if category and not rests(category, paused_at is not None, keeps_help):
            entry[2].add(category)
    return {owner: Right(membership, role, frozenset(seen)) for owner, (membership, role, seen) in found.items()}


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


def is_live(prefix: str) -> Q:
    """The condition on a grant that counts at this moment. `prefix` leads to it from the row that is asked for."""
    now = clock.now()
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
