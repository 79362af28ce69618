"""The parent's promises, kept by real processes: small ones that stand in for web and worker."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from handrail.kernel.environment import Environment
from handrail.startup import parent
from tests.fixtures.outside import wait_for

SLEEPER = "import sys, time; from handrail.startup.child import end_with_parent; end_with_parent(); time.sleep(60)"


@pytest.fixture
def sleeper() -> Iterator[parent.Child]:
    child = parent.Child("sleeper", [sys.executable, "-c", SLEEPER])
    child.look_after()
    yield child
    child.ask_to_stop()
    child.wait_or_kill(time.monotonic() + 5)


def test_a_taken_port_is_named_in_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(parent.PortTaken) as why:
            parent.listen(Environment(port=port))
    assert str(port) in str(why.value)
    assert "\n" not in str(why.value)


def test_a_process_that_ends_is_started_again_at_once(sleeper: parent.Child) -> None:
    first = sleeper.process
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    sleeper.look_after()
    sleeper.look_after()
    assert sleeper.process is not None
    assert sleeper.process.pid != first.pid


def test_a_process_that_keeps_ending_is_started_more_and_more_slowly() -> None:
    child = parent.Child("broken", [sys.executable, "-c", "raise SystemExit(3)"])
    for _ in range(3):
        child.look_after()
        if child.process is not None:
            child.process.wait()
        child.look_after()
        child.start_again_at, pause = 0.0, child.start_again_at - time.monotonic()
    assert child.quick_ends == 3
    assert 1.5 < pause <= 2.0


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    """kill -9 of the parent leaves no orphan: the child's standard input closes with it."""
    told = tmp_path / "child"
    script = f"""
        import pathlib, sys, time
        from handrail.startup.parent import Child
        child = Child("sleeper", [sys.executable, "-c", {SLEEPER!r}])
        child.start()
        pathlib.Path({str(told)!r}).write_text(str(child.process.pid))
        time.sleep(60)
    """
    doomed = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)])
    orphan = int(wait_for(lambda: told.exists() and told.read_text(), what="the child's number"))
    doomed.kill()
    doomed.wait()
    wait_for(lambda: not is_running(orphan), seconds=10, what="the child's end")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z")
