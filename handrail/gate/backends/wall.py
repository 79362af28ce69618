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


def refuse_while_shut(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if not is_open() and apps.models_ready and guarded().search(sql):
        raise GateShut("a statement about a person's records was run outside the gate")
    return execute(sql, params, many, context)


@lru_cache(maxsize=1)
def guarded_tables() -> tuple[str, ...]:
    """The tables that hold a person's records."""
    from handrail.gate.records import Record  # models cannot be imported before the backend is

    return tuple(sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, Record)))


@lru_cache(maxsize=1)
def guarded() -> re.Pattern[str]:
    tables = guarded_tables()
    return re.compile(r"\b(?:" + "|".join(map(re.escape, tables)) + r")\b" if tables else r"(?!)", re.IGNORECASE)
