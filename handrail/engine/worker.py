"""The worker process: its parts, its heartbeat, its end.

A part is a thread with work of its own: the due rows here, the sending in `delivery`. The main thread keeps the
heartbeat while all parts turn, takes back what dead workers left, sweeps up, and ends everything on SIGTERM.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import FrameType
from typing import Protocol

import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from handrail.engine import leases, wake
from handrail.engine.line import mend
from handrail.engine.liveness import dead_among, lock_of
from handrail.engine.models import Bell, Worker
from handrail.engine.runner import LEASE, Runner
from handrail.kernel import clock

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25  # what a lost wake-up costs at most
BEAT_SECONDS = 2.0
STUCK_SECONDS = 20.0  # a part that has not turned for so long: no heartbeat any more
STOP_SECONDS = 7.0  # less than whoever started us waits before it kills us
SWEEP_SECONDS = 60.0
BELLS_KEPT = timedelta(minutes=10)
PAUSE_SECONDS = 0.5  # after the database refused


class Part(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def turned_at(self) -> float:
        """`clock.monotonic()` of its last turn."""

    def start(self) -> None: ...
    def wake(self) -> None: ...
    def stop(self) -> None: ...
    def join(self, timeout: float | None = None) -> None: ...
    def is_alive(self) -> bool: ...


class DueThread(threading.Thread):
    """Runs what is due, turn by turn, until it is told to stop; the row in hand is finished first."""

    def __init__(self, worker: str, *, lease: timedelta = LEASE) -> None:
        super().__init__(name="due", daemon=True)
        self._woken = threading.Event()
        self._over = threading.Event()
        self._runner = Runner(worker, lease=lease, stopping=self._over.is_set)
        self.turned_at = clock.monotonic()

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        self._over.set()
        self._woken.set()

    def run(self) -> None:
        while not self._over.is_set():
            self._woken.clear()
            try:
                done = self._runner.turn()
                self.turned_at = clock.monotonic()
            except Exception:
                # a locked or lost database, a full disk: everything owed is still on it
                log.exception("due.pause")
                mend()
                self._over.wait(PAUSE_SECONDS)
                continue
            if not done:
                self._woken.wait(POLL_SECONDS)
        connection.close()


class House:
    """One worker process with all its parts."""

    def __init__(self, worker: str, parts: Sequence[Part], *, at_start: Callable[[], None] = lambda: None) -> None:
        self.worker = worker
        self._at_start: Callable[[], None] | None = at_start
        self._parts = parts
        self._over = threading.Event()
        self._lock = lock_of(worker)
        self._swept_at = 0.0

    def run(self) -> int:
        """Until SIGTERM or SIGINT (0), or until a part has died (1: whoever started us starts us again)."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        self._beat(first=True)
        ear = wake.Ear(self._wake)
        ear.start()
        for part in self._parts:
            part.start()
        log.info("worker.started", extra={"worker": self.worker, "pid": os.getpid()})
        try:
            while not self._over.wait(BEAT_SECONDS) and self._all_alive():
                self._beat()
        finally:
            code = self._stop(ear)
        return code

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._over.set()

    def _wake(self) -> None:
        for part in self._parts:
            part.wake()

    def _all_alive(self) -> bool:
        dead = [part.name for part in self._parts if not part.is_alive()]
        for name in dead:
            log.error("worker.part_died", extra={"kind": name})
        return not dead

    def _beat(self, *, first: bool = False) -> None:
        try:
            self._lock.hold()
            self._take_back()
            if first or self._all_turn():
                now = clock.now()
                Worker.objects.update_or_create(
                    id=self.worker, defaults={"seen_at": now}, create_defaults={"seen_at": now, "started_at": now}
                )
            self._sweep()
            if self._at_start is not None:
                self._at_start()
                self._at_start = None
        except (DatabaseError, psycopg.Error, OSError):
            log.exception("worker.pause")
            mend()

    def _all_turn(self) -> bool:
        stuck = [part.name for part in self._parts if clock.monotonic() - part.turned_at > STUCK_SECONDS]
        for name in stuck:
            log.error("worker.stuck", extra={"kind": name})
        return not stuck

    def _take_back(self) -> None:
        others = Worker.objects.exclude(id=self.worker).values_list("id", flat=True)
        if dead := dead_among(others):
            count = leases.take_back_from(dead)
            Worker.objects.filter(id__in=dead).delete()
            log.warning("worker.took_back", extra={"count": count})
        if count := leases.take_back_expired():
            log.warning("worker.lease_ran_out", extra={"count": count})

    def _sweep(self) -> None:
        if clock.monotonic() - self._swept_at > SWEEP_SECONDS:
            self._swept_at = clock.monotonic()
            Bell.objects.filter(rung_at__lt=clock.now() - BELLS_KEPT).delete()

    def _stop(self, ear: wake.Ear) -> int:
        asked = self._over.is_set()
        for part in self._parts:
            part.stop()
        for part in self._parts:
            part.join(timeout=STOP_SECONDS)
        ear.close()
        if not any(part.is_alive() for part in self._parts):
            try:
                Worker.objects.filter(id=self.worker).delete()
            except DatabaseError:
                log.warning("worker.row_left")
            self._lock.drop()
        log.info("worker.stopped", extra={"worker": self.worker, "pid": os.getpid()})
        return 0 if asked else 1
