"""What the weekly question offers whoever stands beside somebody. What is stored is the number on the left."""

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class Strength(IntegerChoices):
    USED_UP = 1, _("Used up")
    LOW = 2, _("Low")
    OKAY = 3, _("Okay")
    GOOD = 4, _("Good")


class Worry(IntegerChoices):
    HARDLY = 1, _("Hardly")
    SOME = 2, _("Some")
    A_LOT = 3, _("A lot")
    ALL_DAY = 4, _("All the time")
