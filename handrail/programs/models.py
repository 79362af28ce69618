"""One-time links to a place at a program or to a post of the install."""

from django.conf import settings
from django.db import models

from handrail.gate.categories import PostKind, StaffRole
from handrail.kernel.ids import LENGTH, IdField


class Offer(models.Model):
    """A link for one person. One to a place at a program opens nothing until whoever made it has matched three words:
    a link can fall into other hands. A post opens nobody's records, so its link is enough.
    """

    class State(models.TextChoices):
        MADE = "made"
        ASKED = "asked"  # somebody used the link; the two now compare words
        CONFIRMED = "confirmed"
        TAKEN_BACK = "taken_back"

    id = IdField()
    program_id = models.CharField(max_length=LENGTH, blank=True)
    post = models.CharField(max_length=20, choices=PostKind.choices, blank=True)
    name = models.CharField(max_length=60, blank=True)  # of who is to work there, as the people whom they serve see it
    role = models.CharField(max_length=20, choices=StaffRole.choices, blank=True)
    keeper = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.MADE)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    secret_digest = models.BinaryField(max_length=32)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", null=True)
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", null=True)
    phrase = models.CharField(max_length=100, blank=True)
    phrases = models.JSONField(default=list)  # what the maker chooses from: the taker's three words among decoys

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(post="") ^ models.Q(program_id=""), name="a_post_or_a_place_at_a_program"
            ),
        ]
        indexes = [models.Index("program_id", "state", name="offers_by_program")]
