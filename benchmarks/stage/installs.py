"""Throwaway installs: a home of their own, an empty database that is gone afterwards, and the processes that use it."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg

from tests import postgres
from tests.fixtures.surroundings import bare

ROOT = Path(__file__).resolve().parents[2]
BYTES_A_PERSON = 80_000  # on disk while a crowd moves in: rows, indexes and the database's own journal


class CannotMeasure(Exception):
    """The text says why, in one line."""


@dataclass(frozen=True)
class Place:
    """Where one install lives: its home and, on PostgreSQL, its database."""

    home: Path
    url: str

    @property
    def environ(self) -> dict[str, str]:
        """As a real install has it: no demo, no tests' clock, nothing of a developer's own."""
        return bare(HANDRAIL_HOME=str(self.home), HANDRAIL_DEMO="0", HANDRAIL_DATABASE_URL=self.url)


def stop_cleanly() -> None:
    """Let SIGTERM, like Ctrl-C, take away what was put on the disk."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


@contextlib.contextmanager
def places(engine: str, sizes: list[int]) -> Iterator[list[Place]]:
    """One prepared, empty install for each size on `engine`; all of it is gone at the end."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="handrail-bench-")))
        _require_room(folder, sum(sizes))
        urls = stack.enter_context(_postgres_databases(len(sizes))) if engine == "postgresql" else [""] * len(sizes)
        found = [Place(folder / str(number), url) for number, url in enumerate(urls)]
        for place in found:
            _prepare(place)
        yield found


def _require_room(folder: Path, people: int) -> None:
    needed, free = people * BYTES_A_PERSON, shutil.disk_usage(folder).free
    if free < needed:
        raise CannotMeasure(f"{people} people need {needed >> 20} MB on disk; {free >> 20} MB are free.")


@contextlib.contextmanager
def _postgres_databases(how_many: int) -> Iterator[list[str]]:
    """URLs of fresh databases on the server that the tests use too, dropped at the end."""
    with postgres.database() as server:
        if server is None:
            raise CannotMeasure("No PostgreSQL server answers here.")
        base = server.url.rpartition("/")[0]
        names = [f"handrail_bench_{os.getpid()}_{secrets.token_hex(3)}" for _ in range(how_many)]
        try:
            with psycopg.connect(f"{base}/postgres", autocommit=True) as administrator:
                for name in names:
                    administrator.execute(f"CREATE DATABASE {name}")
            yield [f"{base}/{name}" for name in names]
        finally:
            with psycopg.connect(f"{base}/postgres", autocommit=True) as administrator:
                for name in names:
                    administrator.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _prepare(place: Place) -> None:
    environ = {**place.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.stage.settings"}
    subprocess.run([sys.executable, "-m", "handrail.startup.prepare"], cwd=ROOT, env=environ, check=True)


class House:
    """The measured process of one install: `house.ask("measure", page="today", ...)`."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def __enter__(self) -> "House":
        self._log = (self.place.home / "log").open("wb")  # one line a request, as the real thing writes it
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.stage.house"],
            cwd=ROOT,
            env=self.place.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        return self

    def __exit__(self, *why: object) -> None:
        if why[0] is not None:
            self._process.kill()  # in the middle of whatever it was asked; its database goes away with it
        self._process.communicate()  # its input closes, it ends
        self._log.close()

    def ask(self, name: str, **given: Any) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps([name, given]), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            last = (self.place.home / "log").read_text()[-3000:]
            raise CannotMeasure(f"The measured process ended while it was asked to {name}:\n{last}")
        return json.loads(answer)


class Server:
    """The real web process of an install (uvicorn, as `./run` starts it) and one kept connection to it."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def __enter__(self) -> "Server":
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            number, port = listening.fileno(), listening.getsockname()[1]
            self._log = (self.place.home / "web-log").open("wb")
            self._process = subprocess.Popen(
                [sys.executable, "-m", "handrail.startup.child", "web", str(number)],
                cwd=ROOT,
                env=self.place.environ,
                stdin=subprocess.PIPE,
                stderr=self._log,
                pass_fds=[number],
            )
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        return self

    def __exit__(self, *why: object) -> None:
        self._connection.close()
        self._process.terminate()
        self._process.communicate()
        self._log.close()

    def ms(self, request: dict[str, Any]) -> float:
        """Milliseconds until the whole answer is here."""
        headers = {"Cookie": request["cookies"], **dict(request["headers"])}
        method = "GET" if request["form"] is None else "POST"
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        self._connection.request(method, request["path"], request["form"], headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status not in (200, 302):
            raise CannotMeasure(f"{request['path']} answered {answer.status} over HTTP")
        return (time.perf_counter() - start) * 1000
