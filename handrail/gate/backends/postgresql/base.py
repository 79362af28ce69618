"""Django's own postgresql backend behind the gate's wall."""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations as Operations
from django.db.backends.postgresql.schema import DatabaseSchemaEditor as SchemaEditor

from handrail.gate.backends.postgresql import rows
from handrail.gate.backends.wall import guarded, refuse_while_shut
from handrail.gate.opening import Upkeep, Window, window


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
        self._shown: Window | None = None  # what this transaction has been told to show
        self.execute_wrappers += [refuse_while_shut, show_rows]

    def show(self, wanted: Window) -> None:
        """Tell the transaction which rows may be seen; nothing when it knows already."""
        if wanted != self._shown:
            rows.show(self.connection, wanted, in_transaction=self.in_atomic_block)
            self._shown = wanted

    # What was set in a transaction ends with it, and with a savepoint that is rolled back.
    def commit(self) -> None:
        self._shown = None
        super().commit()

    def rollback(self) -> None:
        self._shown = None
        super().rollback()

    def savepoint_rollback(self, sid: str) -> None:
        self._shown = None
        super().savepoint_rollback(sid)

    def close(self) -> None:
        self._shown = None
        super().close()


def show_rows(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Before a statement about records: the rows that the gate has open become visible, and no others."""
    if apps.models_ready and guarded().search(sql):
        context["connection"].show(window())
    return execute(sql, params, many, context)
