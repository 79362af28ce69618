"""The answers that a check-in offers, in its words. What is stored is the number or the word on the left."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Mood(IntegerChoices):
    ROUGH = 1, _("Rough")
    LOW = 2, _("Low")
    OKAY = 3, _("Okay")
    GOOD = 4, _("Good")
    GREAT = 5, _("Great")


class Craving(IntegerChoices):
    NONE = 0, _("None")
    A_LITTLE = 1, _("A little")
    SOME = 2, _("Some")
    STRONG = 3, _("Strong")


class Sleep(IntegerChoices):
    BADLY = 1, _("Badly")
    SO_SO = 2, _("So-so")
    WELL = 3, _("Well")


class Medicine(TextChoices):
    TAKEN = "taken", _("Yes")
    NOT_TAKEN = "not_taken", _("Not today")
    NONE = "none", _("I take none")


class UseKind(TextChoices):
    USED = "used", _("I used")
    CAME_CLOSE = "came_close", _("I came close")
    OTHER = "other", _("Something else")


class Need(TextChoices):
    TALK = "talk", _("Someone to talk to")
    PLAN = "plan", _("My plan")
    REST = "rest", _("Quiet and rest")
    UNSURE = "unsure", _("I'm not sure")
