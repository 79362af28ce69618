"""The engine's own tables. They hold ids and times, never a word about anybody."""

from django.db import models

from handrail.engine.leases import Leased


class Due(Leased):
    """One moment that matters, from the commit that caused it until the commit of what it leads to.

    A row that was dealt with is deleted in that same commit, so the table holds what is still owed and nothing else.
    """

    kind = models.CharField(max_length=60)
    ref = models.CharField(max_length=80)
    generation = models.BigIntegerField(default=0)

    class Meta(Leased.Meta):
        constraints = [
            *Leased.Meta.constraints,
            models.UniqueConstraint("kind", "ref", "generation", name="due_once"),
        ]


class Worker(models.Model):
    """A worker process and when it was last heard of. Its lock (see `liveness`) says whether it still lives."""

    id = models.CharField(primary_key=True, max_length=22)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)


class Bell(models.Model):
    """One ring: something changed for this person. Rows are only ever added, so that ringing waits for nobody."""

    person_id = models.CharField(max_length=22)
    rung_at = models.DateTimeField()
