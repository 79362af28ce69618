"""The tables that the gate's answer needs. Nobody outside `gate/` imports them; `circle/` asks `gate.circle`."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from handrail.gate.categories import (
    NAME,
    Category,
    Closeness,
    Lean,
    PostKind,
    ProgramKind,
    Purpose,
    Role,
    StaffRole,
)
from handrail.kernel.ids import IdField
from handrail.kernel.sealed import SealedField


class Program(models.Model):
    """An organisation of this install that people can add to their circle. Public: everybody here may read its row."""

    id = IdField()
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=ProgramKind.choices)
    about = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class Staff(models.Model):
    """Somebody's place at a program. What people share with the program reaches them while it is live, no longer."""

    id = IdField()
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="staff")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)  # as the people whom they serve see it
    role = models.CharField(max_length=20, choices=StaffRole.choices)
    keeper = models.BooleanField(default=False)  # may name staff and end their places
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "person", condition=Q(ended_at=None), name="one_live_place_of_staff"),
        ]
        indexes = [models.Index("person", condition=Q(ended_at=None), name="live_staff_by_person")]


class Post(models.Model):
    """A post of the install. It opens nobody's records: no right is ever made from it."""

    id = IdField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=PostKind.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("person", "kind", condition=Q(ended_at=None), name="one_live_post"),
        ]


class Membership(models.Model):
    """The place of one member, a person or a program, in one person's circle.

    It is never deleted while the person is here, only ended.
    """

    id = IdField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", null=True)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", null=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_member = models.BooleanField(default=False)
    may_return_until = models.DateTimeField(null=True)  # who has left by themself can undo it, if the owner lets them
    off_until = models.DateTimeField(null=True)  # the member rests: no call is put to them, no message leaves for them
    rung = models.PositiveSmallIntegerField(default=1)  # of the ladder: 1 is asked first
    calls_member = SealedField(shared_as=NAME)  # what the owner calls the member: "Mum"
    called = SealedField(shared_as=NAME)  # what the member calls the owner: "Jo"
    paused_at = models.DateTimeField(null=True)  # every share rests; to the member it looks like nothing shared
    pause_keeps_help = models.BooleanField(default=True)  # ... but a call for help still reaches them
    paused_with_all = models.BooleanField(default=False)  # it rests since everybody's did, and goes on with theirs
    closeness = models.PositiveSmallIntegerField(choices=Closeness.choices, default=Closeness.AROUND)
    lean = models.PositiveSmallIntegerField(choices=Lean.choices, default=Lean.UNSAID)
    staff_seen_at = models.DateTimeField(null=True)  # of a program: when the owner last said that they know who is new

    class Meta:
        constraints = [
            models.UniqueConstraint("owner", "member", condition=Q(ended_at=None), name="one_live_membership"),
            models.UniqueConstraint("owner", "program", condition=Q(ended_at=None), name="one_live_program"),
            models.CheckConstraint(
                condition=Q(member__isnull=False, program=None) | Q(member=None, program__isnull=False),
                name="a_person_or_a_program",
            ),
            models.CheckConstraint(condition=~Q(owner=models.F("member")), name="nobody_is_their_own_member"),
            models.CheckConstraint(condition=Q(rung__gte=1), name="rungs_start_at_one"),
        ]
        indexes = [
            models.Index("member", condition=Q(ended_at=None), name="live_by_member"),
            models.Index("owner", condition=Q(ended_at=None), name="live_by_owner"),
            models.Index("program", "since", "id", condition=Q(ended_at=None), name="live_by_program"),
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
    consent = models.CharField(max_length=22, blank=True)  # the written consent that it rests on, where there is one
    # With a program, from its membership: so that "who shares this with us?" costs what is shown, not who does not.
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", null=True)
    placed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("membership", "category", condition=Q(stopped_at=None), name="one_live_grant"),
        ]
        indexes = [
            models.Index(
                "program", "category", "placed_at", "membership",
                condition=Q(stopped_at=None, program__isnull=False), name="shared_with_program",
            ),
        ]  # fmt: skip


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
    staff = models.CharField(max_length=400, blank=True)  # who came for a program: "Dana Ruiz, River House"
    consent = models.CharField(max_length=22, blank=True)  # the written consent that opened it
    items = models.PositiveIntegerField(null=True)  # how many things were opened or given out under that consent
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint("owner", "number", name="log_numbers_have_no_twins")]


class OfficeHead(models.Model):
    """The one row that says where the office log ends, locked while an entry is chained on. `seal` is keyed."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.BinaryField(max_length=32)
    seal = models.BinaryField(max_length=32)
    broken_at = models.PositiveBigIntegerField(null=True)  # the first entry that did not fit, when last looked at


class OfficeEntry(models.Model):
    """Who made or ended a program, a place at one or a post. Append-only; ids alone, nothing of anybody's records."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)  # "person:<id>" or "system:<reason>"
    action = models.CharField(max_length=60)
    program = models.CharField(max_length=22, blank=True)
    post = models.CharField(max_length=20, blank=True)
    about = models.CharField(max_length=22, blank=True)  # whose place or post it is
    digest = models.BinaryField(max_length=32)
