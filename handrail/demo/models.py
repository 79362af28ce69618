from django.db import models


class Figure(models.Model):
    """One invented person of the demo. `./run serve` refuses a database that holds any."""

    who = models.CharField(max_length=20, primary_key=True)
    person_id = models.CharField(max_length=22)
    opens = models.CharField(max_length=40)  # the page where their story begins
