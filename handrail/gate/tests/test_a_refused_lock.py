"""SQLite only: a thread that was refused the lock must not stop the one that holds it."""

import contextlib
import gc
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from handrail.gate.backends.sqlite3.base import DatabaseWrapper

PATIENCE = 5.0  # seconds that a statement waits for the lock

pytestmark = pytest.mark.django_db  # opens files of its own; pytest-django asks for the mark all the same

Connect = Callable[[float], DatabaseWrapper]


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[Connect]:
    """Connections of one file, for threads that pass them on."""
    ours: list[DatabaseWrapper] = []

    def make(timeout: float) -> DatabaseWrapper:
        options = {"transaction_mode": "IMMEDIATE", "timeout": timeout}
        settings = {**connection.settings_dict, "NAME": str(tmp_path / "one.sqlite3"), "OPTIONS": options}
        ours.append(DatabaseWrapper(settings, "default"))
        ours[-1].inc_thread_sharing()
        return ours[-1]

    yield make
    for each in ours:
        each.close()


def begin(line: DatabaseWrapper) -> None:
    line.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


class Waiting(threading.Thread):
    def __init__(self, line: DatabaseWrapper) -> None:
        super().__init__()
        self._line = line
        self.got_it = False

    def run(self) -> None:
        with contextlib.suppress(OperationalError):
            begin(self._line)
            self.got_it = True


def test_what_a_refused_thread_left_is_ended_without_waiting_for_it(connect: Connect) -> None:
    holder, waiter = connect(PATIENCE), connect(0)
    begin(holder)
    gc.disable()
    try:
        with contextlib.suppress(OperationalError):
            begin(waiter)  # refused at once; the exception and its cursor are garbage now
        with waiter.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
        waiting = Waiting(waiter)
        waiting.start()
        time.sleep(0.2)  # it is inside SQLite now, and holds its connection's own lock
        gc.collect()
        holder.rollback()
        waiting.join()
    finally:
        gc.enable()
    assert waiting.got_it, "the collector let go of the holder only when the waiter had lost its patience"
