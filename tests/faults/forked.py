"""Workers as real processes, each forked from one that has imported everything and opened nothing: a start costs a
moment instead of seconds. What a worker then does, and how it dies, is the same.

`multiprocessing`'s fork server imports this file in its own process; the tests only call `start`.
"""

import multiprocessing
import os
import signal
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from unittest import mock


class Worker:
    """As much of `subprocess.Popen` as the tests use."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        process.start()

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, seconds: float | None = None) -> int | None:
        self._process.join(seconds)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        self._process.kill()


def start(environ: Mapping[str, str], *command: str, log: Path, failpoint: str = "") -> Worker:
    """`./run manage COMMAND` of the install that `environ` names: the same one in every test of this run."""
    server = _server(tuple(sorted((name, value) for name, value in environ.items() if name != "PYTEST_CURRENT_TEST")))
    return Worker(server.Process(target=become, args=(command, log, failpoint), daemon=True))


@cache
def _server(environ: tuple[tuple[str, str], ...]) -> ForkServerContext:
    from multiprocessing.forkserver import ensure_running

    assert not _server.cache_info().currsize, "one run, one install: the fork server knows its settings from its start"
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([f"{__name__}_stage"])
    with mock.patch.dict(os.environ, dict(environ), clear=True):
        ensure_running()
    return context


def become(command: Sequence[str], log: Path, failpoint: str) -> None:
    """In the new process."""
    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), 2)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from django.core.management import call_command

    from handrail.engine import failpoints

    if failpoint:
        failpoints.arm(failpoint)
    call_command(*command)
