"""The own space of whoever stands beside somebody. No category opens any of it: nobody else sees that it is there."""

from django.db import models

from handrail.gate import Record
from handrail.kernel.sealed import SealedField


class Note(Record):
    """Something they wrote for themselves. Even about whom it is, is sealed."""

    circle_of = SealedField(null=True)  # id of the person whom it is about; none: about themself
    called = SealedField(null=True)  # what that person was called, so that it can be read after the two have parted
    text = SealedField()
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)


class Week(Record):
    """One answer to the weekly "How are you doing?"."""

    day = models.DateField()  # where they were
    strength = SealedField()  # answers.Strength
    sleep = SealedField(null=True)  # checkins.answers.Sleep
    worry = SealedField(null=True)  # answers.Worry
    good = SealedField(null=True)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["owner", "day"], name="one_week_a_day")]


class Space(Record):
    """How they want to be asked, and what they left lately. One row each, so that Today asks one question for it."""

    off = models.BooleanField(default=False)  # the weekly question does not come
    put_off_until = models.DateField(null=True)
    answered_on = models.DateField(null=True)
    reminds = models.BooleanField(default=False)  # a message once a week, too
    left = SealedField(null=True)  # circles they left and may come back to: actions.Left as JSON

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["owner"], name="one_space_each")]
