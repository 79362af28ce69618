"""Places and shares as plain values, for the owner who takes everything along."""

from datetime import datetime
from typing import Any

from handrail.gate.history import history_of
from handrail.gate.models import Membership
from handrail.gate.opening import opening
from handrail.kernel.errors import NotHere


def places(owner_id: str) -> list[dict[str, Any]]:
    """Every place there ever was in this circle as plain values, for the owner who takes it with them."""
    if not opening().allows(owner_id, None):
        raise NotHere
    plain: list[str] = ["id", "role", "ended_by_member", "rung", "calls_member", "called", "closeness", "lean"]
    plain += ["pause_keeps_help", "paused_with_all"]
    times = ("since", "ended_at", "paused_at", "off_until")
    return [
        {name: getattr(row, name) for name in plain} | {name: _iso(getattr(row, name)) for name in times}
        for row in Membership.objects.filter(owner_id=owner_id).order_by("since", "id")
    ]


def grants(owner_id: str) -> list[dict[str, Any]]:
    return [
        {
            "membership": each.membership_id,
            "category": each.category,
            "purpose": each.purpose,
            "since": _iso(each.since),
            "until": _iso(each.until),
            "stopped_at": _iso(each.stopped_at),
            "consent": each.consent,
        }
        for each in history_of(owner_id)
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
