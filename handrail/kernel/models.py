from django.db import models


class DataKey(models.Model):
    """One owner's data key, wrapped by their leaf of the install's key named `wrapped_by`. No row: they were erased."""

    owner_id = models.CharField(max_length=22, primary_key=True)
    wrapped_by = models.CharField(max_length=12)
    wrapped = models.BinaryField()


class Leaf(models.Model):
    """A leaf of the install's key tree: given to one owner, whose data key names it, and never given again."""

    id = models.BigAutoField(primary_key=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("forgotten_at", condition=models.Q(forgotten_at__isnull=False), name="leaves_forgotten")
        ]
