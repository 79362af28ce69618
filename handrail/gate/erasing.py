"""Deleting everything that the database holds about a person, whatever domain it belongs to.

Every record of theirs, and every row that points at them, is found from the models themselves: a table that is added
later is emptied too without anybody thinking of it. What stays is what other people keep: their places and their logs.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from handrail.gate.models import Membership
from handrail.gate.opening import opening
from handrail.gate.records import Record


def erase_rows(owner_id: str) -> None:
    """Delete all records of this owner and all other rows that are theirs. Their gate is open for writing, as a whole.

    Their places in other people's circles are not touched: whoever erases has left them before (`circle.leave`).
    """
    here = opening()
    here.require_writing(owner_id)
    if not here.allows(owner_id, None):
        raise PermissionError("a person's rows are erased by that person alone")
    for model in apps.get_models():
        if issubclass(model, Record):
            model.objects.filter(owner_id=owner_id).delete()
    for model, name in _pointing_at_people():
        model._base_manager.filter(**{name: owner_id}).delete()


def _pointing_at_people() -> list[tuple[type[models.Model], str]]:
    """(model, name of its column) for every foreign key to a person but those of records and of a member's place."""
    found: list[tuple[type[models.Model], str]] = []
    for relation in get_user_model()._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        model: Any = relation.related_model
        if not issubclass(model, Record) and (model, relation.field.name) != (Membership, "member"):  # type: ignore[union-attr]
            found.append((model, relation.field.name))  # type: ignore[union-attr]
    return found
