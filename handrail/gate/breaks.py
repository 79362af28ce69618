"""A member's own breaks from a circle: to rest for a while, and to come back within a day of having left.

Like `gate.circle`, every function works on one owner whose gate is open for writing.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from handrail.gate.models import Grant, Membership
from handrail.gate.opening import opening
from handrail.gate.prepared import Given, Prepared
from handrail.kernel import clock
from handrail.kernel.errors import NotHere, TooLate


def rest(*, owner_id: str, membership_id: str, until: datetime | None) -> None:
    """No call is put to this member and no message leaves for them until then; None: from now on again."""
    opening().require_writing(owner_id)
    if not Membership.objects.filter(pk=membership_id, owner_id=owner_id, ended_at=None).update(off_until=until):
        raise NotHere


def off_until(owner_ids: Collection[str], member_id: str) -> dict[str, datetime]:
    """{owner: moment} for the circles, open to this member, in which they rest now. One query."""
    here, now = opening(), clock.now()
    places = _PLACES_OF_MEMBER.rows(member=member_id)
    return {
        place.owner_id: place.off_until
        for place in places
        if place.owner_id in owner_ids and place.owner_id in here.allowed and place.off_until and place.off_until > now
    }


_PLACES_OF_MEMBER = Prepared(lambda: Membership.objects.filter(member_id=Given("member"), ended_at=None))


def shut_door(*, owner_id: str, membership_id: str) -> None:
    """The owner wants it to stay as it is: who left does not come back by themself."""
    opening().require_writing(owner_id)
    Membership.objects.filter(pk=membership_id, owner_id=owner_id).update(may_return_until=None)


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
