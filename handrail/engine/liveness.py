"""Does that worker still live? A lock that the operating system or the database drops when its process ends.

So the rows of a dead worker are taken back at once and not when their lease ends. SQLite: `flock` on a file in
HOME/run. PostgreSQL, where workers may sit on several machines: a session advisory lock on a connection of its own
(a pooler that shares sessions breaks that; leases still hold then).
"""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import psycopg
from django.db import connection

from handrail.engine.line import open_line
from handrail.engine.wake import run_folder


class Lock(Protocol):
    def hold(self) -> None:
        """Take the lock, or make sure that we still have it. Raises OSError or psycopg.Error."""

    def drop(self) -> None: ...


def lock_of(worker_id: str) -> Lock:
    return AdvisoryLock(worker_id) if connection.vendor == "postgresql" else FileLock(worker_id)


def dead_among(worker_ids: Iterable[str]) -> list[str]:
    """Those of these workers whose lock nobody holds."""
    is_dead = _is_free if connection.vendor == "postgresql" else _is_unlocked
    return [worker_id for worker_id in worker_ids if is_dead(worker_id)]


class FileLock:
    def __init__(self, worker_id: str) -> None:
        self._path = _lock_file(worker_id)
        self._handle: int | None = None

    def hold(self) -> None:
        if self._handle is None:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._handle = handle

    def drop(self) -> None:
        if self._handle is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None


class AdvisoryLock:
    def __init__(self, worker_id: str) -> None:
        self._key = _lock_key(worker_id)
        self._line: psycopg.Connection[Any] | None = None

    def hold(self) -> None:
        if self._line is not None:
            try:
                self._line.execute("SELECT 1")
                return
            except psycopg.Error:
                self.drop()  # the server went away and with it the lock
        line = open_line()
        line.execute("SELECT pg_advisory_lock(%s)", [self._key])
        self._line = line

    def drop(self) -> None:
        if self._line is not None:
            with contextlib.suppress(psycopg.Error):
                # In words: a server learns of a closed connection a moment later.
                self._line.execute("SELECT pg_advisory_unlock(%s)", [self._key])
            with contextlib.suppress(psycopg.Error):
                self._line.close()
            self._line = None


def _lock_file(worker_id: str) -> Path:
    return run_folder() / f"{worker_id}.lock"


def _is_unlocked(worker_id: str) -> bool:
    path = _lock_file(worker_id)
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        path.unlink(missing_ok=True)
        return True
    finally:
        os.close(handle)


def _lock_key(worker_id: str) -> int:
    return int.from_bytes(hashlib.sha256(worker_id.encode()).digest()[:8], signed=True)


def _is_free(worker_id: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_lock_key(worker_id)])
        free = bool(cursor.fetchone()[0])
        if free:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_lock_key(worker_id)])
    return free
