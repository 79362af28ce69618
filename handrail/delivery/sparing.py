"""How many texts leave for one phone because of one person: a phone that never falls silent is switched off.

A call for help itself is never held back, and neither is what goes by the app, a push or a mail.
"""

from collections.abc import Iterable
from datetime import timedelta

from handrail.delivery.models import Channel, Outbox, Way
from handrail.engine.lanes import Lane
from handrail.kernel import clock

WITHIN = timedelta(hours=1)
#: The rest of the six are kept for calls for help alone.
MOST = {Lane.CALL: 6, Lane.ROUTINE: 3}


def has_room(*, owner: str, number: bytes, lane: Lane) -> bool:
    """May one text more leave for this phone? What was taken back before it left is not counted."""
    live = Way.objects.filter(number=number, ended_at=None)
    lately = Outbox.objects.filter(way__in=live, owner=owner, channel=Channel.SMS, due_at__gt=clock.now() - WITHIN)
    return lately.exclude(state=Outbox.WITHDRAWN).count() < MOST[lane]


def is_spent(*, owner: str, people: Iterable[str]) -> bool:
    """Does a phone of one of these get no more texts for a call of this person, for now?"""
    phones = Way.objects.filter(
        person_id__in=list(people), ended_at=None, verified_at__isnull=False, number__isnull=False
    )
    numbers = {bytes(number) for number in phones.values_list("number", flat=True) if number is not None}
    return any(not has_room(owner=owner, number=number, lane=Lane.CALL) for number in numbers)
