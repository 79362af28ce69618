"""Once a day: what was sent long ago is forgotten. Who was written to, and when, is nobody's business for ever."""

from datetime import timedelta

from django.db import transaction

from handrail.delivery.models import Heard, Outbox, Way
from handrail.engine import due
from handrail.engine.leases import Leased
from handrail.engine.models import Due
from handrail.kernel import clock

SWEEP = "delivery.sweep"
MESSAGES_KEPT = timedelta(days=90)
ENDED_WAYS_KEPT = timedelta(days=90)  # as long as a message may still name one
REPLIES_KNOWN = timedelta(days=90)  # so long the same reply, played again, does nothing
EVERY = timedelta(days=1)


@due.handles(SWEEP)
def forget_what_is_long_past(moment: due.Moment) -> None:
    now = clock.now()
    owed = [Leased.WAITING, Leased.CLAIMED]
    Outbox.objects.filter(due_at__lt=now - MESSAGES_KEPT).exclude(state__in=owed).delete()
    Way.objects.filter(ended_at__lt=now - ENDED_WAYS_KEPT).delete()
    Heard.objects.filter(at__lt=now - REPLIES_KNOWN).delete()
    due.schedule(SWEEP, ref="all", at=now + EVERY)


def arm_sweep() -> None:
    """Called when a worker starts; an armed one stays as it is."""
    with transaction.atomic():
        if not Due.objects.filter(kind=SWEEP).exists():
            due.schedule(SWEEP, ref="all", at=clock.now())
