"""Django's own postgresql backend behind the gate's wall."""

import select
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from typing import Any

from django.db import DatabaseError
from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations as Operations
from django.db.backends.postgresql.schema import DatabaseSchemaEditor as SchemaEditor

from handrail.gate.backends.postgresql import rows
from handrail.gate.backends.wall import names_records, refuse_while_shut
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


class Reading:
    """While somebody reads, what they read of records shares one transaction (wall five needs one).

    It begins with the first statement about records and ends when the outermost `Reading` does. It only reads:
    whatever writes ends it first, and is committed on its own as it would be without it.
    """

    __slots__ = ("_connection",)

    def __init__(self, connection: "DatabaseWrapper") -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.readers += 1

    def __exit__(self, *why: object) -> None:
        self._connection.readers -= 1
        if not self._connection.readers:
            self._connection.end_reading()


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readers = 0
        self.reads = False  # a transaction of theirs is open; Django knows nothing of it
        self._shown: Window | None = None  # what this transaction has been told to show
        self.execute_wrappers += [refuse_while_shut, show_rows]

    def reading(self) -> AbstractContextManager[None]:
        return Reading(self)

    def end_reading(self) -> None:
        if self.reads:
            self.reads, self._shown = False, None
            with self.wrap_database_errors:
                self.connection.commit()

    def show(self, wanted: Window) -> None:
        """Tell the transaction which rows may be seen; nothing when it knows already."""
        if wanted == self._shown:
            return
        begins = bool(self.readers) and not self.in_atomic_block and not self.reads and not wanted.everything
        self.reads = self.reads or begins
        in_transaction = self.in_atomic_block or self.reads
        rows.show(self.connection, wanted, in_transaction=in_transaction, begins=begins)
        self._shown = wanted

    def is_usable(self) -> bool:
        """Asked once a request: a connection that was ended has that to say, so a silent one is not asked aloud."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0) or bool(super().is_usable())

    def set_autocommit(self, *args: Any, **kwargs: Any) -> None:
        self.end_reading()
        super().set_autocommit(*args, **kwargs)

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
        self.reads, self._shown = False, None
        super().close()


def show_rows(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Before a statement: the rows that the gate has open become visible, and no others."""
    connection = context["connection"]
    if connection.reads and not sql.lstrip("(").startswith("SELECT"):
        connection.end_reading()
    if connection.reads or names_records(sql):
        connection.show(window())
    try:
        return execute(sql, params, many, context)
    except DatabaseError:
        with suppress(DatabaseError):
            connection.end_reading()  # after a fault its transaction takes no further statement
        raise
