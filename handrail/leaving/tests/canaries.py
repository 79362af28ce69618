"""Jo's account with a text of its own in every sealed field that the house has, found from the models themselves."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.db import connection, models

from handrail.gate import Actor, Record, gated
from handrail.gate.opening import Upkeep
from handrail.kernel import clock
from handrail.kernel.ids import new_id
from handrail.kernel.sealed import SealedField

#: What a column cannot take from its type alone, so that constraints hold.
SPECIAL: dict[str, dict[str, Any]] = {
    "safety.Call": {"state": "ended"},
    "agreements.Agreement": {"state": "offered"},
}


def records() -> list[type[Record]]:
    """Every kind of record, those that others point at first."""
    found = [model for model in apps.get_models() if issubclass(model, Record)]
    return sorted(found, key=lambda model: len(_parents(model)))


def canary(model: type[models.Model], field: str) -> str:
    return f"canary-{model._meta.label}-{field}".lower()


def sealed_fields(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, SealedField)]


@gated("demo.seed", writes=True)
def fill(actor: Actor, *, owner: str, membership: str) -> None:
    """One row of every kind of record."""
    made: dict[type[Record], str] = {}
    for model in records():
        row = model(**_values(model, owner, membership, made))
        row.save()
        made[model] = row.pk


def ids_of_everything(owner: str) -> dict[str, list[str]]:
    """{kind of record: ids of this owner's rows}, past every gate."""
    found = {}
    with Upkeep(), connection.cursor() as cursor:
        for model in records():
            cursor.execute(f'SELECT id FROM "{model._meta.db_table}" WHERE owner_id = %s', [owner])
            found[model._meta.label] = [row_id for (row_id,) in cursor.fetchall()]
    return found


def _parents(model: type[Record]) -> list[Any]:
    return [
        field
        for field in model._meta.concrete_fields
        if field.is_relation and issubclass(field.related_model, Record)  # type: ignore[arg-type]
    ]


def _values(model: type[Record], owner: str, membership: str, made: dict[type[Record], str]) -> dict[str, Any]:
    values: dict[str, Any] = {"id": new_id(), "owner_id": owner}
    for field in model._meta.concrete_fields:
        if field.attname in values:
            continue
        if isinstance(field, SealedField):
            values[field.name] = canary(model, field.name)
        elif field.is_relation:
            values[field.attname] = made.get(field.related_model)  # type: ignore[arg-type]
        elif field.name in ("membership", "membership_id"):
            values[field.attname] = membership
        elif not field.null and not field.has_default():
            values[field.attname] = _any(field)
    return values | SPECIAL.get(model._meta.label, {})


def _any(field: Any) -> Any:
    if field.choices:
        return field.choices[0][0]
    kinds: list[tuple[Any, Any]] = [
        (models.DateTimeField, clock.now()),
        (models.DateField, dt.date(2026, 11, 20)),
        (models.BooleanField, False),
        (models.IntegerField, 1),
        (models.BinaryField, new_id().encode()),
        (models.CharField, new_id()[: field.max_length] if getattr(field, "max_length", None) else ""),
        (models.JSONField, []),
    ]
    return next(value for kind, value in kinds if isinstance(field, kind))
