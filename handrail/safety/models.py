from typing import ClassVar

from django.db import models
from django.db.models import Q

from handrail.gate import Category, Record
from handrail.kernel.sealed import SealedField


class Call(Record):
    """A person's own call for help. It climbs their ladder until somebody says yes or they say it is over.

    Every move is a conditional update on (id, state, generation): two moves at once cannot both happen.
    """

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"
        ENDED = "ended"

    class Ending(models.TextChoices):
        OKAY = "okay"
        MISTAKE = "mistake"
        CLOSED = "closed"  # by us, after twelve hours

    shared_as: ClassVar[frozenset[str] | None] = frozenset({Category.HELP})

    key = models.CharField(max_length=22)  # from the form: the same call sent twice is one call
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    generation = models.PositiveIntegerField(default=0)
    rung = models.PositiveSmallIntegerField(default=0)  # 0: nobody asked yet
    round = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField()
    climbs_at = models.DateTimeField(null=True)  # when the next ones are asked; the due row is what counts
    exhausted_at = models.DateTimeField(null=True)  # the ladder's end was reached once with no yes
    answered_by = models.CharField(max_length=22, blank=True)  # membership
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    words = SealedField(shared_as=Category.HELP)
    place = SealedField(null=True, shared_as=Category.PLACE)
    asking_of = SealedField()  # the memberships that the person left ticked

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("owner", "key", name="one_call_for_one_key"),
            models.UniqueConstraint("owner", condition=~Q(state="ended"), name="one_call_at_a_time"),
        ]


class Asked(Record):
    """One member who was asked in one call, and what is known of them."""

    class Answer(models.TextChoices):
        YES = "yes"
        CANNOT = "cannot"
        UNREACHED = "unreached"  # tried, and could not reach the person

    shared_as: ClassVar[frozenset[str] | None] = frozenset({Category.HELP})

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="asked")
    membership = models.CharField(max_length=22)
    person = models.CharField(max_length=22)
    rung = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    earlier = models.CharField(max_length=10, choices=Answer.choices, blank=True)  # what they said before asked again

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("call", "membership", name="asked_once_a_call")]
