"""Wake-ups: a nudge to everybody who waits for the database to change. A nudge carries nothing and may get lost.

PostgreSQL: NOTIFY, which leaves with the commit. SQLite: one datagram after the commit to each socket in HOME/run.
Whoever listens polls as well, so a lost nudge costs at most one poll's interval.
"""

import contextlib
import logging
import os
import secrets
import select
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection, transaction

from handrail.engine.line import open_line

log = logging.getLogger(__name__)

CHANNEL = "handrail_wake"
LONGEST_ADDRESS = 100  # bytes: a local socket's path is cut at 108 on Linux, 104 elsewhere
RETRY_SECONDS = 1.0


def up() -> None:
    """Wake all who listen once the caller's transaction commits (at once when there is none)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")  # PostgreSQL sends equal ones of a transaction once
        return
    waiting = connection.run_on_commit
    if not (connection.in_atomic_block and waiting and waiting[-1][1] is _knock):
        transaction.on_commit(_knock, robust=True)


def run_folder() -> Path:
    """Sockets and locks of the processes that run now (mode 0700)."""
    folder: Path = settings.HANDRAIL.home / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _knock() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.setblocking(False)
        for address in run_folder().glob("*.wake"):
            try:
                out.sendto(b"!", str(address))
            except ConnectionRefusedError:  # its process is gone
                with contextlib.suppress(OSError):
                    address.unlink()
            except OSError:  # full: it has nudges enough; anything else: it will poll
                continue


class Ear(threading.Thread):
    """Calls `woken` from its own thread at every nudge. Everything that goes wrong here is left to the poll."""

    def __init__(self, woken: Callable[[], None]) -> None:
        super().__init__(name="handrail-ear", daemon=True)
        self._woken = woken
        self._over = threading.Event()
        self._hush_read, self._hush_write = os.pipe()

    def close(self) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            os.write(self._hush_write, b"!")
        self.join(timeout=5)

    def run(self) -> None:
        listen = self._listen_postgresql if connection.vendor == "postgresql" else self._listen_socket
        try:
            while not self._over.is_set():
                try:
                    listen()
                except (psycopg.Error, OSError) as why:
                    log.warning("ear.deaf", extra={"reason": type(why).__name__})
                self._over.wait(RETRY_SECONDS)
        finally:
            os.close(self._hush_read)
            os.close(self._hush_write)

    def _heard(self, handle: int) -> bool:
        """Wait for something on `handle`; False when it is time to stop."""
        ready, _, _ = select.select([handle, self._hush_read], [], [])
        return self._hush_read not in ready and not self._over.is_set()

    def _listen_socket(self) -> None:
        address = run_folder() / f"{os.getpid()}-{secrets.token_hex(4)}.wake"
        if len(os.fsencode(address)) > LONGEST_ADDRESS:
            self._over.wait()
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
            ear.setblocking(False)
            ear.bind(str(address))
            try:
                self._woken()  # what was put in before we could hear
                while self._heard(ear.fileno()):
                    with contextlib.suppress(BlockingIOError):
                        while True:
                            ear.recv(16)
                    self._woken()
            finally:
                address.unlink(missing_ok=True)

    def _listen_postgresql(self) -> None:
        with open_line() as line:
            line.execute(f"LISTEN {CHANNEL}")
            self._woken()
            while self._heard(line.fileno()):
                for _ in line.notifies(timeout=0):
                    pass
                self._woken()
