"""kill -9, frozen workers, providers and databases that are away: nothing that is due is lost, and what goes out twice
carries the same key. Real processes, on the database of this test run (SQLite, then PostgreSQL)."""

import random
import signal
import sqlite3
import time

import psycopg
import pytest

from tests.faults.conftest import LEASE_SECONDS, MESSAGES, PATIENCE, Install, SlowMailbox, end_of, killed
from tests.faults.forked import Worker
from tests.fixtures.outside import wait_for

pytestmark = [pytest.mark.live, pytest.mark.data]

A_PAUSE = 120  # seconds; longer than a first pause before another try, shorter than a lease
IN_HAND = 2 * 16  # twice the e-mail channel's connections: what one kill can double at most


@pytest.mark.parametrize(
    "place",
    [
        "due.claimed:2", "due.handled:3", "due.finished:3", "due.committed:3",
        "outbox.claimed:2", "outbox.sending:3", "outbox.sent:3", "outbox.recording:2", "outbox.recorded:2",
    ],
)  # fmt: skip
def test_a_worker_killed_at_this_place_loses_nothing(install: Install, mail: SlowMailbox, place: str) -> None:
    with install.worker(failpoint=place) as process:
        assert killed(process), install.log_tail()
    with install.worker():
        install.wait_until_done()  # long before the dead one's lease ends
    install.require_nothing_lost(mail, duplicates=IN_HAND)


def test_a_worker_killed_again_and_again_loses_nothing(install: Install, mail: SlowMailbox) -> None:
    kills, chance = 6, random.Random(4)
    mail.takes = 0.2
    for _ in range(kills):
        with install.worker() as process:
            wait_for(
                lambda: process.poll() or install.ask("SELECT count(*) FROM engine_worker") != [(0,)], seconds=PATIENCE
            )
            end_of(process, after=chance.uniform(0.1, 0.9))
    with install.worker():
        install.wait_until_done()
    install.require_nothing_lost(mail, duplicates=kills * IN_HAND)


def test_a_worker_frozen_past_its_lease_is_overtaken_and_changes_nothing_when_it_wakes(
    install: Install, mail: SlowMailbox
) -> None:
    mail.takes = 0.3
    with install.worker() as frozen:
        wait_for(lambda: len(mail.letters) >= 5, what="the first letters", seconds=PATIENCE)
        _freeze(install, frozen)
        mail.takes = 0
        with install.worker():
            time.sleep(2)
            install.forward(LEASE_SECONDS + 60)
            install.wait_until_done()
            frozen.send_signal(signal.SIGCONT)
            time.sleep(3)
            assert frozen.poll() is None, "it goes on working"
    install.require_nothing_lost(mail, duplicates=IN_HAND)


def test_two_workers_double_nothing(install: Install, mail: SlowMailbox) -> None:
    with install.worker(), install.worker():
        install.wait_until_done()
    install.require_nothing_lost(mail, duplicates=0)


@pytest.mark.parametrize("answer", ["451 busy", "554 not now", "away"])
def test_a_mail_provider_that_is_down_for_a_while_costs_nothing(
    install: Install, mail: SlowMailbox, answer: str
) -> None:
    if answer == "away":
        mail.stop()
    mail.refuse_with = answer
    with install.worker():
        tried = "SELECT count(*) FROM delivery_attempt"
        wait_for(lambda: install.ask(tried)[0][0] >= MESSAGES, what="a try of every message", seconds=PATIENCE)
        mail.refuse_with = None
        if answer == "away":
            mail.start()
        install.forward(A_PAUSE)  # what failed waits for its next try
        install.wait_until_done()
    install.require_nothing_lost(mail, duplicates=0)


def test_a_worker_told_to_stop_leaves_nothing_half_done(install: Install, mail: SlowMailbox) -> None:
    mail.takes = 0.1
    with install.worker() as process:
        wait_for(lambda: len(mail.letters) >= 5, what="the first letters", seconds=PATIENCE)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert install.states()["claimed"] == 0
    assert install.ask("SELECT count(*) FROM engine_due WHERE state = 'claimed'") == [(0,)]
    assert install.ask("SELECT count(*) FROM engine_worker") == [(0,)]
    with install.worker():
        install.wait_until_done()
    install.require_nothing_lost(mail, duplicates=0)


def test_a_worker_outlives_a_database_that_refuses(install: Install, mail: SlowMailbox) -> None:
    with install.worker() as process:
        wait_for(lambda: install.states()["handed"] > 0, what="the first message", seconds=PATIENCE)
        if install.url:
            for _ in range(3):
                _cut_all_lines(install.url)
                time.sleep(0.5)
        else:
            _hold_the_lock(install, seconds=20)  # longer than any wait of ours for the lock
        install.wait_until_done()
        assert process.poll() is None, "it is the same process"
    install.require_nothing_lost(mail, duplicates=3 * IN_HAND)


def _freeze(install: Install, process: Worker) -> None:
    """Between two transactions: on SQLite, a writer that is frozen inside one stops the whole install, web and all."""
    process.send_signal(signal.SIGSTOP)
    while not install.can_be_written():
        process.send_signal(signal.SIGCONT)
        time.sleep(0.01)
        process.send_signal(signal.SIGSTOP)


def _cut_all_lines(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as line:
        line.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _hold_the_lock(install: Install, *, seconds: float) -> None:
    line = sqlite3.connect(install.home / "handrail.sqlite3", timeout=30, isolation_level=None)
    line.execute("BEGIN EXCLUSIVE")
    time.sleep(seconds)
    line.execute("COMMIT")
    line.close()
