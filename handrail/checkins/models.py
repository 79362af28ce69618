"""How somebody says how they are, day by day. Each answer is sealed on its own, under the category that may open it."""

from django.db import models
from django.db.models import Q

from handrail.gate import Category, Record
from handrail.gate.categories import NAME
from handrail.kernel.sealed import SealedField


class CheckIn(Record):
    """One answer to "How are you right now?". Several a day are welcome.

    A check-in that was taken back stays as an empty row: a phone that sends it again must not bring it back to life.
    """

    shared_as = frozenset({Category.FEELING, Category.CRAVINGS, Category.MEDICINE})

    key = models.CharField(max_length=64)  # made by the form; the same key twice is the same check-in
    day = models.DateField()  # the calendar day it is about, where the person was
    at = models.DateTimeField()  # when they answered
    received_at = models.DateTimeField()  # when it reached us: later than `at` for a phone without a signal
    late = models.BooleanField(default=False)  # added on a later day, from memory
    undone_at = models.DateTimeField(null=True)
    hidden = models.BooleanField(default=False)  # as its day is: to members it is not there
    zone = SealedField()  # the IANA zone it was answered in: a row of them would tell where somebody travelled
    mood = SealedField(shared_as=Category.FEELING, null=True)  # answers.Mood
    craving = SealedField(shared_as=Category.CRAVINGS, null=True)  # answers.Craving
    sleep = SealedField(shared_as=Category.FEELING, null=True)  # answers.Sleep
    medicine = SealedField(shared_as=Category.MEDICINE, null=True)  # answers.Medicine
    note = SealedField(null=True)  # never shared as a category

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("owner", "key", name="a_checkin_is_taken_once")]
        indexes = [models.Index(fields=["owner", "-day"], condition=Q(undone_at=None), name="checkins_by_day")]


class UseDay(Record):
    """A hard day: the person used, came close, or something else happened. Even which day it was is sealed."""

    shared_as = frozenset({Category.USE})

    key = models.CharField(max_length=64)
    hidden = models.BooleanField(default=False)  # as its day is; plain, so that nothing of it is opened for a member
    day = SealedField(shared_as=Category.USE)  # ISO date
    kind = SealedField(shared_as=Category.USE)  # answers.UseKind
    told = SealedField(shared_as=Category.USE)  # ids of the memberships that may see it: chosen at the confirm line
    details = SealedField(null=True)
    need = SealedField(null=True)  # answers.Need

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("owner", "key", name="a_use_day_is_taken_once")]


class HiddenDay(Record):
    """A day that no member sees anything of. It can be read for every live member, so that it is left out for each."""

    shared_as = frozenset({NAME})

    day = SealedField(shared_as=NAME)  # ISO date


class Start(Record):
    """Where this person's days in recovery are counted from: a day they chose themself."""

    shared_as = frozenset({Category.DAYS})

    began = SealedField(shared_as=Category.DAYS, null=True)  # ISO date; None: they would rather not count
    since_use_hidden = models.BooleanField(default=False)

    # What the question about it brings along: the owner's time zone, and whether they hide any day.
    owner_zone: str
    hides: bool

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("owner", name="one_start_each")]
