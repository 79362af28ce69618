"""What the house remembers of watching over itself, for its operator."""

from django.conf import settings
from django.db import models

from handrail.kernel.ids import IdField


class Mark(models.Model):
    """How far one person's access log was found whole. What stood there then has to stand there for ever.

    `seal` is keyed with the key file: whoever has the database alone can neither make a mark nor move one.
    """

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    number = models.PositiveBigIntegerField()
    digest = models.BinaryField(max_length=32)
    checked_at = models.DateTimeField()
    seal = models.BinaryField(max_length=32)
    broken_at = models.PositiveBigIntegerField(null=True)  # the first entry that did not fit, when last looked at


class Round(models.Model):
    """One check of all logs, in as many turns of the worker as it takes. `owner` is whose log is in hand."""

    id = IdField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    owner = models.CharField(max_length=22, blank=True)  # "" before the first
    number = models.PositiveBigIntegerField(default=0)
    digest = models.BinaryField(max_length=32, null=True)
    logs = models.PositiveBigIntegerField(default=0)
    entries = models.PositiveBigIntegerField(default=0)
    broken = models.PositiveBigIntegerField(default=0)
    newly_broken = models.PositiveBigIntegerField(default=0)
