"""Django's own sqlite3 backend behind the gate's wall."""

from collections.abc import Callable, Iterable
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


def let_go_when_refused(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Close a cursor whose statement failed, here and now.

    The exception, its traceback and the cursor hold one another, so the garbage collector ends them: in any thread.
    Ending an open cursor takes its connection's lock, which may wait for the very lock that this thread holds; then
    the whole process stands still until a timeout. A closed cursor takes no lock.
    """
    try:
        return execute(sql, params, many, context)
    except Exception:
        context["cursor"].close()
        raise


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers += [refuse_while_shut, let_go_when_refused]

    def reading(self) -> AbstractContextManager[None]:
        """Nothing: a transaction would take a lock, and there is no wall five here that needs one."""
        return nullcontext()
