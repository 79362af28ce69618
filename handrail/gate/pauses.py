"""Shares that rest, with one member or with everybody. To the members it looks as if nothing were shared.

The two do not mix: whom the person paused on their own stays so when everybody's sharing goes on again.
"""

from collections.abc import Collection

from django.db.models import Q

from handrail.gate.models import Membership
from handrail.gate.opening import opening
from handrail.kernel import clock


def pause(*, owner_id: str, membership_id: str, keeps_help: bool) -> None:
    """Let every share with this member rest until `resume`. `keeps_help`: a call for help still reaches them."""
    opening().require_writing(owner_id)
    here = Membership.objects.filter(pk=membership_id, owner_id=owner_id)
    here.update(paused_at=clock.now(), pause_keeps_help=keeps_help, paused_with_all=False)


def resume(*, owner_id: str, membership_id: str) -> None:
    """Shares count again as they were ticked; what ended by itself in between stays ended."""
    opening().require_writing(owner_id)
    Membership.objects.filter(pk=membership_id, owner_id=owner_id).update(paused_at=None, paused_with_all=False)


def pause_all(*, owner_id: str, membership_ids: Collection[str], keeps_help: bool) -> None:
    """Pause everybody who is not paused on their own; of those, what was chosen about calls for help stays too."""
    opening().require_writing(owner_id)
    everybody = Membership.objects.filter(pk__in=membership_ids, owner_id=owner_id)
    everybody.filter(Q(paused_at=None) | Q(paused_with_all=True)).update(
        paused_at=clock.now(), pause_keeps_help=keeps_help, paused_with_all=True
    )


def resume_all(*, owner_id: str, membership_ids: Collection[str]) -> None:
    """Undo `pause_all`, and nothing else."""
    opening().require_writing(owner_id)
    together = Membership.objects.filter(pk__in=membership_ids, owner_id=owner_id, paused_with_all=True)
    together.update(paused_at=None, paused_with_all=False)
