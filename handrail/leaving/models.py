from django.db import models

from handrail.gate import Record
from handrail.kernel.sealed import SealedField


class Archive(Record):
    """Everything about one person in one ZIP, packed for them and kept for a day."""

    made_at = models.DateTimeField()
    until = models.DateTimeField()
    name = models.CharField(max_length=40)  # of the file: a date, nothing else
    content = SealedField()  # the ZIP's bytes in base64

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("owner", name="one_archive_each")]
