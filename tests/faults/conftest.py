"""An install whose worker is a real process, with a mail server beside it that can be slow or away."""

import asyncio
import base64
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from tests.faults.trial.due import STEPS
from tests.fixtures.outside import Mailbox, wait_for
from tests.fixtures.surroundings import bare

ROOT = Path(__file__).resolve().parents[2]


class SlowMailbox(Mailbox):
    takes = 0.0  # seconds a letter
    runs = False

    def start(self) -> None:
        before = self._server
        self._server = Controller(self, hostname=before.hostname, port=before.port)  # one controller starts only once
        super().start()
        self.runs = True

    def stop(self) -> None:
        if self.runs:
            super().stop()
        self.runs = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.takes)
        return await super().handle_DATA(server, session, envelope)


CHAINS = 40
MESSAGES = CHAINS * STEPS
LEASE_SECONDS = 600  # longer than any test: what is taken back earlier is not taken back by its lease
PATIENCE = 90.0  # seconds; the machine may be busy


class Install:
    """Its tables are looked at with plain SQL, past everything that is tested."""

    def __init__(self, home: Path, url: str, mail_url: str) -> None:
        self.home = home
        self.url = url
        self._offset = home / "clock"
        self._offset.write_text("0")
        self.environ = bare() | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "HANDRAIL_HOME": str(home),
            "HANDRAIL_DATABASE_URL": url,
            "HANDRAIL_SECRET_KEY": "s" * 50,
            "HANDRAIL_TEST_CLOCK": str(self._offset),
            "HANDRAIL_MAIL_URL": mail_url,
            "HANDRAIL_MAIL_FROM": "house@example.org",
        }

    @contextmanager
    def worker(self, *, failpoint: str = "") -> Iterator[subprocess.Popen[bytes]]:
        environ = self.environ | ({"HANDRAIL_FAILPOINT": failpoint} if failpoint else {})
        with (self.home / "worker.log").open("ab") as log:
            command = [sys.executable, "manage.py", "worker", f"--lease={LEASE_SECONDS}"]
            process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=log)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()

    def forward(self, seconds: float) -> None:
        self._offset.with_suffix(".new").write_text(str(float(self._offset.read_text()) + seconds))
        self._offset.with_suffix(".new").replace(self._offset)

    def ask(self, sql: str) -> list[Any]:
        if self.url:
            with psycopg.connect(self.url, autocommit=True) as line:
                return line.execute(sql).fetchall()
        line = sqlite3.connect(self.home / "handrail.sqlite3", timeout=30)
        try:
            return line.execute(sql).fetchall()
        finally:
            line.close()

    def can_be_written(self) -> bool:
        if self.url:
            return True
        line = sqlite3.connect(self.home / "handrail.sqlite3", timeout=0, isolation_level=None)
        try:
            line.execute("BEGIN IMMEDIATE")
            line.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
        finally:
            line.close()
        return True

    def states(self) -> Counter[str]:
        """How the messages of the chains stand, e-mail only."""
        sql = "SELECT state, count(*) FROM delivery_outbox WHERE kind = 'trial' AND channel = 'email' GROUP BY state"
        return Counter(dict(self.ask(sql)))

    def is_done(self) -> bool:
        return self.states()["handed"] == MESSAGES and self.ask(
            "SELECT count(*) FROM engine_due WHERE kind = 'trial.step'"
        ) == [(0,)]

    def wait_until_done(self, seconds: float = PATIENCE) -> None:
        try:
            wait_for(self.is_done, seconds=seconds, what=f"all {MESSAGES} messages")
        except AssertionError as why:
            raise AssertionError(f"{why}: {self.states()}\n{self.log_tail()}") from None

    def require_nothing_lost(self, mail: SlowMailbox, *, duplicates: int) -> None:
        """Each step of each chain was put once, reached the mail server, and came twice only under its own key."""
        assert self.states() == {"handed": MESSAGES}
        rows = "SELECT count(*), count(DISTINCT idem) FROM delivery_outbox WHERE kind = 'trial' AND channel = 'email'"
        assert self.ask(rows) == [(MESSAGES, MESSAGES)]
        seen = Counter(str(letter["Message-ID"]) for letter in mail.letters)
        assert len(seen) == MESSAGES
        assert seen.total() - MESSAGES <= duplicates

    def log_tail(self) -> str:
        """What went wrong, and the end."""
        log = self.home / "worker.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return "\n".join([*(line for line in lines if '"level": "info"' not in line), "...", *lines[-10:]])


@pytest.fixture
def mail() -> Iterator[SlowMailbox]:
    box = SlowMailbox()
    box.start()
    yield box
    box.stop()


Ground = tuple[Path, str]  # home, database


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """An install with one person and CHAINS chains of moments, all due: copied for each test."""
    with _ground(tmp_path_factory.mktemp("ground"), "trial_fill", str(CHAINS)) as made:
        yield made


@pytest.fixture(scope="session")
def ground_of_a_call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """One where Jo has just called for help: Sam is on the first rung, Mum on the second."""
    with _ground(tmp_path_factory.mktemp("call"), "trial_call") as made:
        yield made


@contextmanager
def _ground(home: Path, *filled_by: str) -> Iterator[Ground]:
    (home / "key.json").write_text(json.dumps({"current": "1", "keys": {"1": _key()}, "pepper": _key()}))
    with _database("") as url:
        install = Install(home, url, "smtp://127.0.0.1:9")
        for arguments in (["migrate", "--verbosity=0", "--skip-checks"], [*filled_by]):
            command = [sys.executable, "manage.py", *arguments]
            done = subprocess.run(command, cwd=ROOT, env=install.environ, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        yield home, url


@pytest.fixture
def install(ground: Ground, tmp_path: Path, mail: SlowMailbox) -> Iterator[Install]:
    with _copy_of(ground, tmp_path, mail) as copy:
        yield copy


@pytest.fixture
def called(ground_of_a_call: Ground, tmp_path: Path, mail: SlowMailbox) -> Iterator[Install]:
    with _copy_of(ground_of_a_call, tmp_path, mail) as copy:
        yield copy


@contextmanager
def _copy_of(ground: Ground, tmp_path: Path, mail: SlowMailbox) -> Iterator[Install]:
    home, url = ground
    for file in home.glob("*.*"):
        shutil.copy(file, tmp_path)
    with _database(url) as copy:
        yield Install(tmp_path, copy, mail.url)


@contextmanager
def _database(template: str) -> Iterator[str]:
    """A database of its own on PostgreSQL; on SQLite nothing, it is a file in the home."""
    ours = settings.HANDRAIL.database_url
    if not ours:
        yield ""
        return
    server, name = ours.rpartition("/")[0], f"handrail_faults_{os.getpid()}_{secrets.token_hex(3)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name} TEMPLATE {template.rpartition('/')[2] or 'template1'}")
        try:
            yield f"{server}/{name}"
        finally:
            line.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def killed(process: subprocess.Popen[bytes]) -> bool:
    return process.wait(PATIENCE) == -signal.SIGKILL


def end_of(process: subprocess.Popen[bytes], *, after: float) -> None:
    time.sleep(after)
    process.kill()
    process.wait()
