"""Visits, and the medicine of the day as the person says it. Never a dose: that is between them and their clinic."""

from django.db import models

from handrail.care.times import PartOfDay
from handrail.gate import Category, Record
from handrail.kernel.sealed import SealedField


class Visit(Record):
    """An appointment. The note is the person's own and is never shared."""

    shared_as = frozenset({Category.MEDICINE})

    at = models.DateTimeField()
    title = SealedField(shared_as=Category.MEDICINE)
    place = SealedField(shared_as=Category.MEDICINE, default=str)
    note = SealedField(default=str)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["owner", "at"], name="visits_by_day")]


class Medicine(Record):
    """A medicine that is part of the person's day, in their own words. It is ended, not deleted: the days stay."""

    shared_as = frozenset({Category.MEDICINE})

    name = SealedField(shared_as=Category.MEDICINE)
    part_of_day = models.PositiveSmallIntegerField(choices=PartOfDay.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Taken(Record):
    """The person says: taken on this day of theirs, at this moment."""

    shared_as = frozenset({Category.MEDICINE})

    medicine = models.ForeignKey(Medicine, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["medicine", "day"], name="medicine_taken_once_a_day")]
