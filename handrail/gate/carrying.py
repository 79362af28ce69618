"""Records as plain values, for a person who takes everything with them, and back from such values.

Which kinds there are, and what a value may be, is said by each domain (`exported`, `imported`); how a row becomes
values is the same for all of them, so that a column added later is carried along without anybody thinking of it.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from handrail.gate.opening import opening
from handrail.gate.records import Record
from handrail.kernel.errors import Invalid
from handrail.kernel.ids import new_id
from handrail.kernel.sealed import SealedField

MOST_ROWS = 20_000  # of one kind: ten check-ins a day for five years
MOST_LETTERS = 20_000  # of one text
YEARS = range(1900, 2200)  # beyond them, some zone has no such day

Values = dict[str, Any]
Check = Callable[[Any], bool]


class NotOurs(Invalid):
    """What a file says cannot be taken in. Nothing of it is."""

    message = _("Something in this file is not as we wrote it, so nothing was changed.")


def carried_out(model: type[Record], owner: str, *, without: Collection[str] = ()) -> list[Values]:
    """Every row of this owner, whose gate is open as a whole, oldest id first. Digests and the owner stay out."""
    names = [field.attname for field in model._meta.concrete_fields if _is_carried(field, without)]
    rows = model.objects.filter(owner_id=owner).order_by("pk")
    return [{name: _plain(getattr(row, name)) for name in names} for row in rows]


def _is_carried(field: Any, without: Collection[str]) -> bool:
    is_bytes = isinstance(field, models.BinaryField) and not isinstance(field, SealedField)
    return not is_bytes and field.name != "owner" and field.name not in without


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def carried_in(
    model: type[Record],
    owner: str,
    rows: Any,
    *,
    sealed: Mapping[str, Check],
    plain: Collection[str] = (),
    refs: Mapping[str, Mapping[str, str]] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """Make rows from what `carried_out` gave, under fresh ids; answers {id in the file: id here}. Raises NotOurs.

    Only what is named is taken: `sealed` with what its value must be, `plain` by its column's own rules, `refs` by the
    ids of rows made before. `fixed` is the same for every row.
    """
    opening().require_writing(owner)
    if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(isinstance(row, dict) for row in rows):
        raise NotOurs
    made, ids = [], {}
    for row in rows:
        values = {name: _checked(row.get(name), check) for name, check in sealed.items()}
        values |= {name: _cleaned(model, name, row.get(name)) for name in plain}
        for name, known in (refs or {}).items():
            values[name] = _known(known, row.get(name))
        fresh = model(owner_id=owner, id=new_id(), **{**values, **(fixed or {})})
        ids[str(row.get("id"))] = fresh.pk
        made.append(fresh)
    model.objects.bulk_create(made, batch_size=500)
    return ids


def _checked(value: Any, check: Check) -> Any:
    if not check(value):
        raise NotOurs
    return value


def _known(known: Mapping[str, str], value: Any) -> str:
    if not isinstance(value, str) or value not in known:
        raise NotOurs
    return known[value]


def _cleaned(model: type[Record], name: str, value: Any) -> Any:
    if not isinstance(value, str | int | None):
        raise NotOurs
    field: Any = model._meta.get_field(name)
    if value is None and field.null:
        return None
    try:
        found = field.clean(value, None)
    except (ValidationError, TypeError, ValueError, OverflowError) as why:
        raise NotOurs from why
    if isinstance(found, dt.date) and found.year not in YEARS:
        raise NotOurs
    if isinstance(found, dt.datetime) and found.tzinfo is None:
        raise NotOurs
    return found


# what a sealed value may be
def is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MOST_LETTERS and "\x00" not in value


def is_text_or_none(value: Any) -> bool:
    return value is None or is_text(value)


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 1000 and all(is_text(each) for each in value)


def one_of(choices: Collection[Any], *, or_none: bool = True) -> Check:
    def check(value: Any) -> bool:
        if value is None:
            return or_none
        return isinstance(value, str | int) and not isinstance(value, bool) and value in choices

    return check


def is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and dt.date.fromisoformat(value).year in YEARS and len(value) == 10
    except ValueError:
        return False


def is_day_or_none(value: Any) -> bool:
    return value is None or is_day(value)


def is_zone(value: Any) -> bool:
    return isinstance(value, str) and value in available_timezones()
