"""The whole house from outside: it starts, heals and stops; and the real thing refuses to start half prepared."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.live import ROOT, Live, MakeLive
from tests.fixtures.outside import wait_for
from tests.fixtures.surroundings import bare


@pytest.fixture(scope="module")
def house(make_live: MakeLive) -> Live:
    return make_live()


def children(house: Live) -> dict[str, int]:
    """{web or worker: process id}"""
    assert house.process is not None
    told = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(house.process.pid)], capture_output=True, text=True, check=False
    ).stdout
    rows = [line.split() for line in told.splitlines()]
    return {
        row[row.index("handrail.startup.child") + 1]: int(row[0]) for row in rows if "handrail.startup.child" in row
    }


def health(house: Live) -> tuple[int, dict[str, object]]:
    status, body = house.get("/healthz")
    return status, json.loads(body)


def test_it_says_that_it_is_well(house: Live) -> None:
    wait_for(lambda: health(house)[0] == 200, what="a worker that is alive")
    assert {"web", "database", "worker"} <= set(health(house)[1])


def test_what_it_keeps_is_for_its_own_user_alone(house: Live) -> None:
    open_to_others = [path.name for path in house.home.iterdir() if path.is_file() and path.stat().st_mode & 0o077]
    assert open_to_others == []
    assert house.home.stat().st_mode & 0o777 == 0o700


def test_a_web_process_that_dies_comes_back_and_refuses_nobody(house: Live) -> None:
    before = children(house)["web"]
    os.kill(before, signal.SIGKILL)
    assert house.get("/help/now")[0] == 200  # the parent holds the port: this waited in its queue
    assert children(house)["web"] != before


def test_a_worker_that_dies_comes_back(house: Live) -> None:
    before = children(house)["worker"]
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: children(house).get("worker", before) != before, what="another worker")
    wait_for(lambda: health(house)[0] == 200, what="its heartbeat")


def test_a_second_start_on_the_same_port_is_refused_in_one_line(house: Live) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "handrail"], cwd=ROOT, env=house.environ, capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert str(house.port) in second.stderr


def test_it_stops_both_processes_when_it_is_asked_to(make_live: MakeLive) -> None:
    house = make_live()
    running = children(house)
    assert set(running) == {"web", "worker"}
    start = time.monotonic()
    assert house.stop() == 0
    assert time.monotonic() - start < 12
    assert not any(Path(f"/proc/{pid}").exists() for pid in running.values())


@pytest.mark.parametrize(
    ("when", "begun"),
    [
        ("while it prepares", lambda house: (house.home / "handrail.sqlite3").exists()),
        ("when it stands", lambda house: b"Handrail is at" in house.log.read_bytes()),
    ],
)
def test_ctrl_c_ends_all_of_it_without_a_complaint(tmp_path: Path, when: str, begun: Callable[[Live], bool]) -> None:
    house = Live(tmp_path / "home")
    with house.log.open("wb") as log:
        command = [sys.executable, "-m", "handrail"]
        process = subprocess.Popen(command, cwd=ROOT, env=house.environ, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(lambda: begun(house), seconds=90, what=when)
        os.killpg(process.pid, signal.SIGINT)  # a terminal tells every process of the group
        assert process.wait(20) in (0, 130)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert b"Traceback" not in house.log.read_bytes()


def serve(home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "handrail", "serve"]
    environ = bare(HANDRAIL_HOME=str(home), **settings)
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)


def test_the_real_thing_names_all_that_is_missing(tmp_path: Path) -> None:
    refused = serve(tmp_path, HANDRAIL_DEMO="1")
    assert refused.returncode == 1
    for name in ("HANDRAIL_DEMO", "HANDRAIL_SECRET_KEY", "HANDRAIL_ALLOWED_HOSTS", "HANDRAIL_ORIGIN", "key file"):
        assert name in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_setting_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    refused = serve(tmp_path, HANDRAIL_PROT="80")
    assert refused.returncode == 1
    assert "HANDRAIL_PROT" in refused.stderr


def test_the_real_thing_refuses_the_demos_database(demo: Live, tmp_path: Path) -> None:
    """Somebody copies the demo's file to where the real one belongs."""
    (demo.home / "key.json").chmod(0o600)
    for name in ("key.json", "demo.sqlite3", "demo.sqlite3-wal"):
        if (demo.home / name).exists():
            copy = tmp_path / name.replace("demo", "handrail")
            copy.write_bytes((demo.home / name).read_bytes())
            copy.chmod(0o600)
    refused = serve(
        tmp_path,
        HANDRAIL_SECRET_KEY="s" * 50,
        HANDRAIL_ALLOWED_HOSTS="help.example.org",
        HANDRAIL_ORIGIN="https://help.example.org",
        HANDRAIL_PORT="0",
    )
    assert refused.returncode == 1
    assert "invented people" in refused.stderr
