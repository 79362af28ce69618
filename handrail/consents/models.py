"""Written consents of a person. For them alone: what a member may know of one, the gate tells from its shares."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from handrail.consents.rules import Status
from handrail.gate import Record
from handrail.kernel.ids import LENGTH
from handrail.kernel.sealed import SealedField


class Consent(Record):
    """One page that somebody signs: a draft until then, never changed after. A newer version is a row of its own."""

    shared_as: ClassVar[frozenset[str] | None] = None

    status = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Status], default="draft")
    version = models.PositiveIntegerField(default=1)
    supersedes = models.CharField(max_length=LENGTH, blank=True)
    membership_id = models.CharField(max_length=LENGTH, blank=True)  # the place that it opens pages to
    kind = SealedField()  # rules.Kind
    person = SealedField()  # whose records these are, by the name they had when it was written
    discloser = SealedField()
    recipient = SealedField()
    things = SealedField()  # of rules.THINGS
    purpose = SealedField()  # rules.Purpose
    purpose_words = SealedField(default=str)
    first_data = SealedField(null=True)  # ISO days: data about earlier or later ones stay out
    last_data = SealedField(null=True)
    last_day = SealedField()  # the last day on which it holds
    event = SealedField(default=str)  # ... or earlier, when this happens
    statements = SealedField(default=list)  # ids of what the law asks to say, as shown
    text = SealedField()  # exactly what is shown, signed and copied
    text_number = SealedField()  # SHA-256: names exactly that text
    language = models.CharField(max_length=10)
    form_version = models.CharField(max_length=20)
    zone = SealedField()
    made_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)  # it holds from this moment
    expires_at = models.DateTimeField()
    signed_name = SealedField(null=True)  # as typed
    signed_by = models.CharField(max_length=LENGTH, blank=True)  # the account that was signed in
    signed_how = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=LENGTH, blank=True)
    ended_how = models.CharField(max_length=20, blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "membership_id"],
                condition=Q(status="active") & ~Q(membership_id=""),
                name="one_consent_in_force_a_place",
            ),
            models.CheckConstraint(condition=Q(status__in=[each.value for each in Status]), name="consent_statuses"),
            models.CheckConstraint(
                condition=Q(status="draft", signed_at=None) | (~Q(status="draft") & Q(signed_at__isnull=False)),
                name="only_a_signature_makes_a_consent",
            ),
        ]
        indexes = [models.Index(fields=["owner", "status"], name="consents_by_status")]
