"""What the person knows and Handrail need not: under which number somebody in their circle picks up the phone."""

from typing import ClassVar

from django.db import models

from handrail.gate import Record
from handrail.kernel.ids import LENGTH
from handrail.kernel.sealed import SealedField


class Number(Record):
    """A member's phone as the person wrote it down. Never the member's to see, and never used to send anything."""

    shared_as: ClassVar[frozenset[str] | None] = None

    membership_id = models.CharField(max_length=LENGTH, editable=False)
    phone = SealedField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("owner", "membership_id", name="one_number_a_member")]
