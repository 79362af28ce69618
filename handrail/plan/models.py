"""The plan for when it gets hard. A step is never overwritten: new words are a new row, and the old row stays."""

from django.db import models
from django.db.models import Q

from handrail.gate import Category, Record
from handrail.kernel.sealed import SealedField


class Step(Record):
    """The words of one of the six steps, from `changed_at` until `replaced_at` (None: they hold now)."""

    shared_as = frozenset({Category.PLAN})

    number = models.PositiveSmallIntegerField()  # 1 to 6, see steps.STEPS
    lines = SealedField(shared_as=Category.PLAN)  # a list of strings
    changed_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=6), name="plan_has_six_steps"),
            models.UniqueConstraint(
                fields=["owner", "number"], condition=Q(replaced_at=None), name="one_live_plan_step"
            ),
        ]
