from typing import ClassVar

from django.db import models

from handrail.circle.kinds import Kind
from handrail.gate import Record
from handrail.gate.categories import NAME, ROLES_OF_PEOPLE, Closeness, Lean
from handrail.kernel.sealed import SealedField


class Outsider(Record):
    """Somebody on the map who is not in Handrail: a doctor's number, a group. For the person alone."""

    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = SealedField()
    phone = SealedField(null=True)
    about = SealedField(null=True)
    closeness = models.PositiveSmallIntegerField(choices=Closeness.choices, default=Closeness.AROUND)
    lean = models.PositiveSmallIntegerField(choices=Lean.choices, default=Lean.UNSAID)
    since = models.DateTimeField()


class Invitation(Record):
    """One link for one future member. It opens nothing until the owner has matched three words with them."""

    class State(models.TextChoices):
        MADE = "made"
        OPENED = "opened"
        ASKED = "asked"  # somebody used the link; the two now compare words
        CONFIRMED = "confirmed"
        TAKEN_BACK = "taken_back"

    shared_as: ClassVar[frozenset[str] | None] = None

    state = models.CharField(max_length=12, choices=State.choices, default=State.MADE)
    role = models.CharField(max_length=20, choices=ROLES_OF_PEOPLE)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    secret_digest = models.BinaryField(max_length=32)
    secret = SealedField()  # so that the owner can show the link again
    calls_member = SealedField()
    called = SealedField(shared_as=NAME)
    shares = SealedField()  # categories ticked by the owner; none by default
    joiner_id = models.CharField(max_length=22, blank=True)
    phrases = SealedField(null=True)  # what the owner chooses from: the joiner's three words and two decoys
    phrase = SealedField(null=True)
    membership_id = models.CharField(max_length=22, blank=True)

    class Meta(Record.Meta):
        indexes = [models.Index("owner", "state", name="invitations_by_owner")]
