"""Ways to reach somebody, what waits to be sent, and what became of each try. No words of anybody's stand here."""

from django.db import models
from django.db.models import Q

from handrail.engine.leases import Leased
from handrail.kernel.ids import IdField
from handrail.kernel.sealed import SealedField


class Channel(models.TextChoices):
    IN_APP = "in_app", "in the app"
    PUSH = "push", "web push"
    EMAIL = "email", "e-mail"
    SMS = "sms", "text message"


class Way(models.Model):
    """One way to reach one person. The address opens only through a gate that is open for that person."""

    id = IdField()
    person_id = models.CharField(max_length=22)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    # an e-mail address, a number as +15551234567, or a push subscription {endpoint, p256dh, auth}
    address = SealedField(owner_attr="person_id")
    label = SealedField(owner_attr="person_id", null=True)
    mark = models.BinaryField(max_length=32)  # keyed hash of the address: finds the same one again, tells nothing
    # Keyed hash of a phone's number, whoever's way it is: what comes back from a phone is found by it.
    number = models.BinaryField(max_length=32, null=True)
    made_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)  # ended by a STOP from the phone, until its person has seen that
    failing_since = models.DateTimeField(null=True)
    code = SealedField(owner_attr="person_id", null=True)  # while it waits to be confirmed
    code_until = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("person_id", "mark", condition=Q(ended_at=None), name="way_once"),
            models.CheckConstraint(condition=~Q(channel="in_app"), name="way_leads_outside"),
        ]
        indexes = [
            models.Index("person_id", condition=Q(ended_at=None, verified_at__isnull=False), name="way_live"),
            models.Index("number", condition=Q(ended_at=None, number__isnull=False), name="way_by_number"),
            models.Index("person_id", condition=Q(stopped_at__isnull=False), name="way_stopped"),
        ]


class Outbox(Leased):
    """One message to one person by one way. `idem` is what makes a second `put` of the same message no message."""

    HANDED = "handed"  # the channel took it: mail server, push service, or the bell of the app
    DELIVERED = "delivered"  # the phone company reports that the phone has it
    ON_PHONE = "on_phone"  # the phone itself called back
    GAVE_UP = "gave_up"
    WITHDRAWN = "withdrawn"  # its reason ended, or it may not go to them any more

    id = IdField()
    idem = models.CharField(max_length=240, unique=True)
    to = models.CharField(max_length=22)
    owner = models.CharField(max_length=22)  # whom the matter is about
    membership_id = models.CharField(max_length=22, blank=True)  # empty: to the owner themself
    category = models.CharField(max_length=20, blank=True)
    way = models.ForeignKey(Way, null=True, on_delete=models.CASCADE, related_name="+")  # none: in the app
    channel = models.CharField(max_length=10, choices=Channel.choices)
    kind = models.CharField(max_length=40)
    matter = models.CharField(max_length=60)
    link = models.CharField(max_length=200)
    # Push: what the phone calls back with. Text message: what the provider's report names.
    seen_token = models.CharField(max_length=22, unique=True, null=True)
    handed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    on_phone_at = models.DateTimeField(null=True)

    class Meta(Leased.Meta):
        constraints = [
            *Leased.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(membership_id="") | Q(to=models.F("owner")), name="outbox_without_member_is_own"
            ),
        ]
        indexes = [
            *Leased.Meta.indexes[1:],  # `outbox_by_channel` answers for the first
            models.Index("matter", name="outbox_matter"),
            models.Index("channel", "lane", "ready_at", condition=Q(state="waiting"), name="outbox_by_channel"),
        ]


class Attempt(models.Model):
    """One try to send, append-only: what came of it as a short code, never what was said."""

    outbox = models.ForeignKey(Outbox, on_delete=models.CASCADE, related_name="attempts_made")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=40)


class Silenced(models.Model):
    """A phone that said STOP: nothing is sent to it, whoever adds its number, until it says START."""

    number = models.BinaryField(max_length=32, unique=True)
    at = models.DateTimeField()


class Heard(models.Model):
    """A reply that was taken in, known by a hash of what the provider calls it: the same one again does nothing."""

    key = models.BinaryField(max_length=32, unique=True)
    at = models.DateTimeField(db_index=True)
