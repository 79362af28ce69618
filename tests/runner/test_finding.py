"""What the runner finds on a machine that has nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import chromium, postgres

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing on the path, and no browser of Playwright's own; tools can be put into the folder that is handed back."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    monkeypatch.delenv("HANDRAIL_TEST_DATABASE_URL", raising=False)
    return tmp_path


def put(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_a_machine_that_cannot_get_a_browser_is_told_how_in_one_line(bare_machine: Path) -> None:
    """The whole runner: apt and Playwright have a lot to say, and none of it is shown."""
    chatter = "echo Reading; echo E: no such package; echo W: noise >&2; exit 100"
    put(bare_machine, "apt-get", chatter)
    put(bare_machine, "python", chatter)  # what would be asked to fetch Playwright's own
    script = (
        f"import sys; sys.executable = '{bare_machine}/python'; from tests.__main__ import main; sys.exit(main([]))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    announced, told = done.stderr.splitlines()
    assert announced.startswith("No Chromium found; installing")
    assert "apt install chromium" in told and "--no-browser" in told
    assert told.endswith("W: noise")


def test_what_is_there_is_taken_and_nothing_is_installed(bare_machine: Path) -> None:
    put(bare_machine, "chromium", "")
    chromium.find.cache_clear()
    try:
        assert chromium.find_or_install() == str(bare_machine / "chromium")
        assert chromium.find_light() == str(bare_machine / "chromium")
        put(bare_machine, chromium.LIGHT, "")
        assert chromium.find_light() == str(bare_machine / chromium.LIGHT)
    finally:
        chromium.find.cache_clear()


def test_without_a_server_there_is_no_database(bare_machine: Path) -> None:
    with postgres.database() as server:
        assert server is None


def test_a_server_that_does_not_answer_is_none(bare_machine: Path) -> None:
    put(bare_machine, "psql", "exit 2")
    with postgres.database() as server:
        assert server is None


def test_a_named_server_is_not_asked_for_anything(bare_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "HANDRAIL_TEST_DATABASE_URL", "postgres://here/there")
    with postgres.database() as server:
        assert server == postgres.Server("postgres://here/there", "by HANDRAIL_TEST_DATABASE_URL")
