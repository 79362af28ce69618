"""What two people keep together, and what each of them keeps for themself until they choose to offer it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from handrail.agreements.kinds import Kind
from handrail.agreements.rules import Side, Standing, State
from handrail.gate import Record, RecordBetweenTwo
from handrail.gate.records import sealed_between_two
from handrail.kernel.sealed import SealedField


class Draft(Record):
    """Words that one side has not offered. `owner` is whoever writes them, the member too: nobody else opens them."""

    shared_as: ClassVar[frozenset[str] | None] = None

    membership_id = models.CharField(max_length=22)  # with whom it has to do
    subject = models.CharField(max_length=40)  # a Kind, "repair", or "topic:<id>"
    words = SealedField()
    changed_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["owner", "membership_id", "subject"], name="one_draft_a_subject")
        ]


class Agreement(RecordBetweenTwo):
    """What owner and member have said to each other about one kind of thing. See rules.py for how it moves."""

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    owner_yes = models.BooleanField()
    member_yes = models.BooleanField()
    owner_lines = sealed_between_two(default=list)
    member_lines = sealed_between_two(default=list)
    changed_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    review_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(RecordBetweenTwo.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "membership_id", "kind"], condition=Q(ended_at=None), name="one_live_agreement_a_kind"
            ),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="agreement_states"),
            models.CheckConstraint(
                condition=~Q(state=State.AGREED) | Q(owner_yes=True, member_yes=True), name="agreed_is_two_times_yes"
            ),
            models.CheckConstraint(
                condition=Q(state=State.ENDED, ended_at__isnull=False)
                | (~Q(state=State.ENDED) & Q(ended_at__isnull=True)),
                name="ended_agreements_say_when",
            ),
        ]

    @property
    def standing(self) -> Standing:
        yes = {side for side, said in ((Side.OWNER, self.owner_yes), (Side.MEMBER, self.member_yes)) if said}
        return Standing(State(self.state), self.version, frozenset(yes))


class Topic(RecordBetweenTwo):
    """Something to talk about when the two sit down together. Notes come here only when their writer shares them."""

    by_owner = models.BooleanField()
    text = sealed_between_two()
    added_at = models.DateTimeField()
    talked_at = models.DateTimeField(null=True)
    owner_note = sealed_between_two(null=True)
    member_note = sealed_between_two(null=True)


class Note(RecordBetweenTwo):
    """After a disagreement: what one side chose to say to the other. One each at a time."""

    by_owner = models.BooleanField()
    text = sealed_between_two()
    shared_at = models.DateTimeField()

    class Meta(RecordBetweenTwo.Meta):
        constraints = [models.UniqueConstraint(fields=["owner", "membership_id", "by_owner"], name="one_note_a_side")]
