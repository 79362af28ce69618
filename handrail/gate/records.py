"""`Record`: the base of everything that is about a person. Wall two: it does not work outside the gate."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from handrail.gate.categories import kept_with
from handrail.gate.opening import GateShut, opening
from handrail.kernel.ids import LENGTH, IdField
from handrail.kernel.sealed import SealedField


class RecordQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows of the owners that the gate has opened. Changing them needs a gate opened for writing."""

    def _insert(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
        objs = list(objs)
        here = opening()
        for row in objs:
            here.require_writing(row.owner_id)
            if isinstance(row, RecordBetweenTwo):
                here.require_place(row.owner_id, row.membership_id)
        return super()._insert(objs, *args, **kwargs)  # type: ignore[misc]

    def _update(self, values: Any, *args: Any, **kwargs: Any) -> Any:
        _require_writing()
        return super()._update(values, *args, **kwargs)  # type: ignore[misc]

    def update(self, **values: Any) -> int:
        _require_writing()
        if {"owner", "owner_id"} & values.keys():
            raise GateShut("a record does not change its owner")
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        _require_writing()
        return super().delete()

    def _raw_delete(self, using: str | None) -> int:
        _require_writing()
        return int(super()._raw_delete(using))  # type: ignore[misc]

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class RecordManager(models.Manager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Refuses outside the gate; inside, knows only the owners that are open for this kind of record."""

    def get_queryset(self) -> RecordQuerySet:
        here = opening()
        rows: RecordQuerySet = super().get_queryset()
        if issubclass(self.model, RecordBetweenTwo):
            return rows.filter(
                Q(owner_id__in=here.owners_of(None))
                | Q(owner_id__in=list(here.allowed), membership_id__in=here.places())
            )
        owners = here.owners_of(self.model.shared_as)
        return rows.filter(owner_id=owners[0]) if len(owners) == 1 else rows.filter(owner_id__in=owners)


class Record(models.Model):
    """A row about one person. `shared_as` names the categories that may open it to a member; None: nobody but them."""

    shared_as: ClassVar[frozenset[str] | None] = None

    id = IdField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects = RecordManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        opening().require_writing(self.owner_id)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        # Django deletes a single row by its id alone, past every manager; going through the manager keeps the owner.
        opening().require_writing(self.owner_id)
        found: tuple[int, dict[str, int]] = type(self).objects.filter(pk=self.pk).delete()
        return found

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **newer: Any) -> Self:
        opening()  # a queryset that was carried out of the gate yields nothing
        return super().from_db(db, field_names, values, **newer)


class RecordBetweenTwo(Record):
    """A row that the owner keeps together with one member: nobody else in the circle finds it, whatever is shared.

    Its words are `sealed_between_two()`. When the place ends, it stays with the owner alone.
    """

    membership_id = models.CharField(max_length=LENGTH, editable=False)

    class Meta(Record.Meta):
        abstract = True


def sealed_between_two(**options: Any) -> SealedField:
    """A sealed field of a RecordBetweenTwo: it opens for the owner and for the member in that place."""
    return SealedField(shared_with=lambda row: kept_with(row.membership_id), **options)


def _require_writing() -> None:
    here = opening()
    if not here.writes:
        raise GateShut(f"{here.action} opened the gate for reading only")
