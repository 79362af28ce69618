from django.db import models


class DataKey(models.Model):
    """One owner's data key, wrapped by the install's key named `wrapped_by`. No row: that owner was erased."""

    owner_id = models.CharField(max_length=22, primary_key=True)
    wrapped_by = models.CharField(max_length=12)
    wrapped = models.BinaryField()
