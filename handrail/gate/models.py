"""The tables that the gate's answer needs. Nobody outside `gate/` imports them; `circle/` asks `gate.circle`."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from handrail.gate.categories import NAME, Category, Closeness, Lean, Purpose, Role
from handrail.kernel.ids import IdField
from handrail.kernel.sealed import SealedField


class Membership(models.Model):
    """One member's place in one person's circle. It is never deleted while the person is here, only ended."""

    id = IdField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_member = models.BooleanField(default=False)
    rung = models.PositiveSmallIntegerField(default=1)  # of the ladder: 1 is asked first
    calls_member = SealedField(shared_as=NAME)  # what the owner calls the member: "Mum"
    called = SealedField(shared_as=NAME)  # what the member calls the owner: "Jo"
    paused_at = models.DateTimeField(null=True)  # every share rests; to the member it looks like nothing shared
    pause_keeps_help = models.BooleanField(default=True)  # ... but a call for help still reaches them
    closeness = models.PositiveSmallIntegerField(choices=Closeness.choices, default=Closeness.AROUND)
    lean = models.PositiveSmallIntegerField(choices=Lean.choices, default=Lean.UNSAID)

    class Meta:
        constraints = [
            models.UniqueConstraint("owner", "member", condition=Q(ended_at=None), name="one_live_membership"),
            models.CheckConstraint(condition=~Q(owner=models.F("member")), name="nobody_is_their_own_member"),
            models.CheckConstraint(condition=Q(rung__gte=1), name="rungs_start_at_one"),
        ]
        indexes = [
            models.Index("member", condition=Q(ended_at=None), name="live_by_member"),
            models.Index("owner", condition=Q(ended_at=None), name="live_by_owner"),
        ]


class Grant(models.Model):
    """The owner lets one member see one category. Stopped grants stay: they are the history of sharing."""

    id = IdField()
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="grants")
    category = models.CharField(max_length=20, choices=Category.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.SUPPORT)

    class Meta:
        constraints = [
            models.UniqueConstraint("membership", "category", condition=Q(stopped_at=None), name="one_live_grant"),
        ]


class LogHead(models.Model):
    """The newest link of one owner's access log, locked while a new entry is chained on."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    number = models.PositiveBigIntegerField(default=0)
    digest = models.BinaryField(max_length=32)


class LogEntry(models.Model):
    """Who came to whose records, when and for what. Append-only; each entry carries the digest of the one before."""

    id = IdField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)  # "person:<id>" or "system:<reason>"
    membership = models.CharField(max_length=22, blank=True)
    action = models.CharField(max_length=60)
    categories = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=20)
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint("owner", "number", name="log_numbers_have_no_twins")]
