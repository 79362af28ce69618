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
    DAYS = "days", _("My days in recovery")


EVERYTHING: frozenset[str] = frozenset(Category)

#: What only people are given. Nobody at a program is known to be on duty, and a call must not end at a closed desk.
FOR_PEOPLE: frozenset[str] = frozenset({Category.HELP, Category.PLACE})

#: What members and owner call each other. Open to every live member; not a thing to share or to log.
NAME = "name"

#: What one member and the owner keep together, as the access log names it.
TOGETHER = "together"
#: Single things that the owner shows to one member, as the access log names them.
ONE_BY_ONE = "note"
_WITH, _SHOWN = "with:", "shown:"


def kept_with(membership_id: str) -> str:
    """The key to what the owner shares with this one place, and with no other member of the circle."""
    return _WITH + membership_id


def place_in(key: str) -> str | None:
    """The membership behind such a key; None for a category."""
    return key[len(_WITH) :] if key.startswith(_WITH) else None


def shown_to(membership_id: str) -> str:
    """The key to single things that the owner shows to this one place. It rests while sharing with the place does."""
    return _SHOWN + membership_id


def in_log(key: str) -> str:
    """How the access log names what such a key opened: with whom, its entry says already."""
    if key.startswith(_SHOWN):
        return ONE_BY_ONE
    return TOGETHER if key.startswith(_WITH) else key


class Purpose(models.TextChoices):
    """What somebody may see it for, in the person's words. The FHIR codes beside it are facts.md 2's."""

    SUPPORT = "support", _("To stand by me")  # SUPNWK
    TREATMENT = "treatment", _("For my treatment")  # TREAT
    EMERGENCY = "emergency", _("Only for when it is hard")  # BTG


class Closeness(models.IntegerChoices):
    CLOSE = 1, _("Close")
    AROUND = 2, _("Around me")


class Lean(models.IntegerChoices):
    """How often the two lean on each other, as the person says. Nothing is counted behind anybody's back."""

    UNSAID = 0, _("I have not said")
    RARELY = 1, _("Rarely")
    SOMETIMES = 2, _("Sometimes")
    OFTEN = 3, _("Often")


class Role(models.TextChoices):
    FAMILY = "family", _("Family")
    FRIEND = "friend", _("Friend")
    SPONSOR = "sponsor", _("Sponsor")
    MENTOR = "mentor", _("Mentor")
    PEER = "peer", _("Peer")
    COUNSELLOR = "counsellor", _("Counsellor")
    PHYSICIAN = "physician", _("Doctor or nurse")
    CASE_WORKER = "case_worker", _("Case worker")
    PROGRAM = "program", _("Program")


#: Who sees nothing before the person has signed, where the install says so (`gate.covers`).
SIGNED_FOR = frozenset({Role.COUNSELLOR, Role.PHYSICIAN, Role.CASE_WORKER, Role.PROGRAM})

#: What a person can be to another. A program joins by another way than a link to one person.
ROLES_OF_PEOPLE = [choice for choice in Role.choices if choice[0] != Role.PROGRAM]


class ProgramKind(models.TextChoices):
    CLINIC = "clinic", _("Clinic or practice")
    COMMUNITY = "community", _("Recovery community")
    HOUSING = "housing", _("Recovery housing")
    GROUP = "group", _("Group")
    OTHER = "other", _("Something else")


class StaffRole(models.TextChoices):
    COUNSELLOR = "counsellor", _("Counsellor")
    PHYSICIAN = "physician", _("Doctor or nurse")
    CASE_WORKER = "case_worker", _("Case worker")
    PEER = "peer", _("Peer worker")
    LEAD = "lead", _("Runs the program")
    DESK = "desk", _("Front desk")


class PostKind(models.TextChoices):
    OPERATOR = "operator", _("Operator")
    MODERATOR = "moderator", _("Moderator")
