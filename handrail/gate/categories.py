"""The kinds of record that a person can share, one by one, and the roles that people have around them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """In the person's words. Notes are in none of these: they are never shared as a category."""

    FEELING = "feeling", _("How I feel")
    CRAVINGS = "cravings", _("Cravings")
    USE = "use", _("If I use")
    PLAN = "plan", _("My plan")
    HELP = "help", _("My call for help")
    PLACE = "place", _("My place, if I ask for help")
    MEDICINE = "medicine", _("Medicine and visits")


EVERYTHING: frozenset[str] = frozenset(Category)

#: What members and owner call each other. Open to every live member; not a thing to share or to log.
NAME = "name"


class Role(models.TextChoices):
    FAMILY = "family", _("Family")
    FRIEND = "friend", _("Friend")
    SPONSOR = "sponsor", _("Sponsor")
    MENTOR = "mentor", _("Mentor")
    PEER = "peer", _("Peer")
    COUNSELLOR = "counsellor", _("Counsellor")
    PHYSICIAN = "physician", _("Doctor or nurse")
    CASE_WORKER = "case_worker", _("Case worker")
