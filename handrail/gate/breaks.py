"""A member's own breaks from a circle: to rest for a while, and to come back within a day of having left.

Like `gate.circle`, every function works on one owner whose gate is open for writing.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from handrail.gate.categories import Category
from handrail.gate.models import Grant, Membership
from handrail.gate.opening import opening
from handrail.gate.rights import members_who_may
from handrail.kernel import clock
from handrail.kernel.errors import NotHere, TooLate


def rest(*, owner_id: str, membership_id: str, until: datetime | None) -> None:
    """No call is put to this member and no message leaves for them until then; None: from now on again."""
    opening().require_writing(owner_id)
    if not Membership.objects.filter(pk=membership_id, owner_id=owner_id, ended_at=None).update(off_until=until):
        raise NotHere


def others_get_calls(*, owner_id: str, membership_id: str) -> bool:
    """Would a call for help reach anybody but this member? Of two who rest at once, the second waits for the first."""
    opening().require_writing(owner_id)
    list(Membership.objects.select_for_update().filter(owner_id=owner_id, ended_at=None).order_by("pk").only("pk"))
    return reaches_others(owner_id=owner_id, membership_id=membership_id)


def reaches_others(*, owner_id: str, membership_id: str) -> bool:
    """The same, for a page that says so beforehand."""
    return any(place != membership_id for place, _person, _rung in members_who_may(owner_id, Category.HELP))


def shut_door(*, owner_id: str, membership_id: str) -> None:
    """The owner wants it to stay as it is: who left does not come back by themself."""
    opening().require_writing(owner_id)
    Membership.objects.filter(pk=membership_id, owner_id=owner_id).update(may_return_until=None)


def shut_older_doors(owner_id: str, membership_id: str) -> None:
    """A place begins or ends: whoever has it comes back through none from before it, which may show what this did not.

    A new place must be written before, so that a leaving that goes on at the same time is waited for and seen.
    """
    member = Membership.objects.filter(pk=membership_id, member__isnull=False).values("member_id")
    older = Membership.objects.filter(owner_id=owner_id, member_id__in=member, may_return_until__isnull=False)
    older.exclude(pk=membership_id).update(may_return_until=None)


def may_return(*, owner_id: str, membership_id: str) -> bool:
    """Can who left this place still undo it?"""
    return _left(owner_id, membership_id).exists()


def waiting_places(owner_id: str) -> list[str]:
    """Places that were left and may be taken again. What the owner says to everybody is said to these too."""
    left = Membership.objects.filter(owner_id=owner_id, ended_by_member=True, may_return_until__gt=clock.now())
    return list(left.values_list("pk", flat=True))


def bring_back(*, owner_id: str, membership_id: str, member_id: str) -> None:
    """Open the place as it was when this member left it: the same shares, the same rung, paused if it was paused.

    TooLate when the day is over, the owner shut the door, or the member has a place there by another link. What rests
    on a written consent stays closed: whoever signed it may have taken it back meanwhile.
    """
    opening().require_writing(owner_id)
    place = _left(owner_id, membership_id).filter(member_id=member_id)
    left_at = place.values_list("ended_at", flat=True).first()
    try:
        with transaction.atomic():
            if not place.update(ended_at=None, ended_by_member=False, may_return_until=None):
                raise TooLate
    except IntegrityError as why:
        raise TooLate from why
    Grant.objects.filter(membership_id=membership_id, stopped_at=left_at, consent="").update(stopped_at=None)


def _left(owner_id: str, membership_id: str) -> "QuerySet[Membership]":
    return Membership.objects.filter(
        pk=membership_id, owner_id=owner_id, ended_by_member=True, may_return_until__gt=clock.now()
    )
