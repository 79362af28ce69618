"""The parts of a usual day, in the order of the day."""

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class PartOfDay(IntegerChoices):
    MORNING = 1, _("Morning")
    MIDDAY = 2, _("Midday")
    EVENING = 3, _("Evening")
    BEDTIME = 4, _("Bedtime")
    ANY_TIME = 5, _("No set time")
