"""A note that its writer shows to one member: the words once more, for that member's eyes alone."""

from typing import Any

from django.db import models
from django.db.models import Q

from handrail.gate import RecordBetweenTwo
from handrail.gate.categories import shown_to
from handrail.kernel import clock
from handrail.kernel.sealed import SealedField


def _for_whom(row: Any) -> str | None:
    """While it is shown: the member in that place, unless sharing with them is paused. Then and later: the owner."""
    return shown_to(row.membership_id) if row.is_live else None


class ShownNote(RecordBetweenTwo):
    """The words change with the note and go with it. A stopped row stays, without words: it is the history."""

    source = models.CharField(max_length=40)  # whose words these are: "checkin:<id>", "day:<id>"
    day = SealedField(shared_with=_for_whom)  # ISO date of the note
    words = SealedField(shared_with=_for_whom, null=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta(RecordBetweenTwo.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "membership_id", "source"], condition=Q(stopped_at=None), name="a_note_is_shown_once"
            ),
        ]

    @property
    def is_live(self) -> bool:
        return self.stopped_at is None and (self.until is None or clock.now() < self.until)
