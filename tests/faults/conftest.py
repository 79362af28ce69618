"""An install whose worker is a real process, with a mail server beside it that can be slow or away."""

import asyncio
import signal
import sqlite3
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

from tests.faults import forked
from tests.faults.home import Home
from tests.faults.trial.due import STEPS
from tests.fixtures.outside import Mailbox, wait_for
from tests.fixtures.surroundings import bare

ROOT = Path(__file__).resolve().parents[2]


class SlowMailbox(Mailbox):
    takes = 0.0  # seconds a letter
    runs = False

    @property
    def url(self) -> str:
        """Known before it starts, and the same after it was away."""
        return f"smtp://127.0.0.1:{self._server.port}"

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


CHAINS = 24
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
    def worker(self, *, failpoint: str = "") -> Iterator[forked.Worker]:
        log = self.home / "worker.log"
        command = ("worker", f"--lease={LEASE_SECONDS}")
        process = forked.start(self.environ, *command, log=log, failpoint=failpoint)
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
            # Past row-level security, as upkeep is.
            with psycopg.connect(self.url, autocommit=True, options="-c handrail.upkeep=on") as line:
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


@pytest.fixture(scope="session")
def postbox() -> SlowMailbox:
    return SlowMailbox()


@pytest.fixture
def mail(postbox: SlowMailbox) -> Iterator[SlowMailbox]:
    postbox.letters.clear()
    postbox.takes, postbox.refuse_with = 0.0, None
    postbox.start()
    yield postbox
    postbox.stop()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, postbox: SlowMailbox) -> Iterator[Home]:
    """The one install of this run, with its tables made."""
    with Home(tmp_path_factory.mktemp("house"), settings.HANDRAIL.database_url) as made:
        run(Install(made.path, made.url, postbox.url), "migrate", "--verbosity=0", "--skip-checks")
        made.keep("bare")
        yield made


@pytest.fixture(scope="session")
def ground(home: Home, postbox: SlowMailbox) -> str:
    """One person and CHAINS chains of moments, all due."""
    return _filled(home, postbox, "trial_fill", str(CHAINS))


@pytest.fixture(scope="session")
def ground_of_a_call(home: Home, postbox: SlowMailbox) -> str:
    """Jo has just called for help: Sam is on the first rung, Mum on the second."""
    return _filled(home, postbox, "trial_call")


@pytest.fixture
def install(home: Home, ground: str, mail: SlowMailbox) -> Install:
    home.put(ground)
    return Install(home.path, home.url, mail.url)


@pytest.fixture
def called(home: Home, ground_of_a_call: str, mail: SlowMailbox) -> Install:
    home.put(ground_of_a_call)
    return Install(home.path, home.url, mail.url)


def _filled(home: Home, postbox: SlowMailbox, *command: str) -> str:
    home.put("bare")
    run(Install(home.path, home.url, postbox.url), *command)
    return home.keep(command[0])


def run(install: Install, *command: str) -> None:
    """A management command, in a process of its own."""
    process = forked.start(install.environ, *command, log=install.home / "worker.log")
    try:
        assert process.wait(PATIENCE) == 0, install.log_tail()
    finally:
        process.kill()


def killed(process: forked.Worker) -> bool:
    return process.wait(PATIENCE) == -signal.SIGKILL


def end_of(process: forked.Worker, *, after: float) -> None:
    time.sleep(after)
    process.kill()
    process.wait()
