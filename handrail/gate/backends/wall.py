"""Wall two, at its foot: while the gate is shut, no SQL statement that names a record's table is run.

The managers refuse first and say why. This catches what goes past managers: lazy querysets carried outside, joins from
other tables, deletion by collector, raw SQL.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.apps import apps

from handrail.gate.opening import GateShut, is_open

LONG = 8_000  # letters of a statement that is not worth remembering: many rows written at once


def refuse_while_shut(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if not is_open() and names_records(sql):
        raise GateShut("a statement about a person's records was run outside the gate")
    return execute(sql, params, many, context)


def names_records(sql: str) -> bool:
    """Does this statement name a table of records?"""
    if not apps.models_ready:
        return False
    return _names_records(sql) if len(sql) < LONG else bool(guarded().search(sql))


@lru_cache(maxsize=1024)  # the same few statements come again and again
def _names_records(sql: str) -> bool:
    return bool(guarded().search(sql))


@lru_cache(maxsize=1)
def guarded_tables() -> tuple[str, ...]:
    """The tables that hold a person's records."""
    from handrail.gate.records import Record  # models cannot be imported before the backend is

    return tuple(sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, Record)))


@lru_cache(maxsize=1)
def guarded() -> re.Pattern[str]:
    tables = guarded_tables()
    return re.compile(r"\b(?:" + "|".join(map(re.escape, tables)) + r")\b" if tables else r"(?!)", re.IGNORECASE)
