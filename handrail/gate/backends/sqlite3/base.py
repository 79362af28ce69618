"""Django's own sqlite3 backend behind the gate's wall."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.operations import DatabaseOperations as Operations
from django.db.backends.sqlite3.schema import DatabaseSchemaEditor as SchemaEditor

from handrail.gate.backends.wall import refuse_while_shut
from handrail.gate.opening import Upkeep


class DatabaseSchemaEditor(SchemaEditor):
    """Migrations rebuild tables; they may touch them, and see no row of them."""

    def __enter__(self) -> Any:
        self._upkeep = Upkeep()
        self._upkeep.__enter__()
        return super().__enter__()

    def __exit__(self, *why: Any) -> None:
        try:
            super().__exit__(*why)
        finally:
            self._upkeep.__exit__(*why)


class DatabaseOperations(Operations):
    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        with Upkeep():
            super().execute_sql_flush(sql_list)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(refuse_while_shut)

    def reading(self) -> AbstractContextManager[None]:
        """Nothing: a transaction would take a lock, and there is no wall five here that needs one."""
        return nullcontext()
