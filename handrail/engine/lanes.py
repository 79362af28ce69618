"""Two lanes: what somebody's safety waits for, and everything else. The first always overtakes the second."""

from django.db import models


class Lane(models.IntegerChoices):
    CALL = 0, "call"
    ROUTINE = 1, "routine"
