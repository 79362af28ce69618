"""Kind words, and whose the person would rather not have."""

from typing import ClassVar

from django.db import models

from handrail.gate import Record, RecordBetweenTwo
from handrail.gate.records import sealed_between_two
from handrail.kernel.ids import LENGTH


class KindNote(RecordBetweenTwo):
    """What one member wrote to the person. Whether and when it was read is the person's alone."""

    words = sealed_between_two()
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta(RecordBetweenTwo.Meta):
        indexes = [models.Index(fields=["owner", "-sent_at"], name="kind_notes_by_day")]


class NoNotes(Record):
    """The person wants no notes from this member for now. The member is not told, and sees no difference."""

    shared_as: ClassVar[frozenset[str] | None] = None

    membership_id = models.CharField(max_length=LENGTH, editable=False)
    since = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("owner", "membership_id", name="no_notes_once_a_member")]
