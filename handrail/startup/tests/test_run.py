"""`./run` itself, in a shell with as little as possible on its path."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures import surroundings

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout that was never started, and a `bin` with nothing but the plainest tools."""
    shutil.copy(ROOT / "run", tmp_path / "run")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "dirname", "cmp", "cp"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    return tmp_path


def start(bare: Path) -> subprocess.CompletedProcess[str]:
    path = {"PATH": str(bare / "bin")}
    return subprocess.run([str(bare / "run")], env=path, capture_output=True, text=True, timeout=60, check=False)


def put_python(bare: Path, answer: str) -> None:
    fake = bare / "bin" / "python3"
    fake.write_text(f"#!/bin/sh\n{answer}\n")
    fake.chmod(0o755)


def test_without_python_it_says_in_one_line_what_to_install(bare: Path) -> None:
    done = start(bare)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Python 3.11" in done.stderr
    assert "python3-venv" in done.stderr


def test_an_old_python_is_no_python(bare: Path) -> None:
    put_python(bare, "exit 1")
    done = start(bare)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "needs Python 3.11" in done.stderr


def test_a_python_without_venv_is_told_so(bare: Path) -> None:
    put_python(bare, 'case "$2" in *venv*) exit 1 ;; esac')
    done = start(bare)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "the venv module" in done.stderr


def test_an_unknown_command_is_answered_with_the_known_ones() -> None:
    done = subprocess.run([str(ROOT / "run"), "dance"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "serve" in done.stderr


def test_the_first_keys_bring_nobody_invented_into_a_real_folder(tmp_path: Path) -> None:
    environment = surroundings.bare(HANDRAIL_HOME=str(tmp_path), HANDRAIL_SECRET_KEY="")
    made = [sys.executable, "-m", "handrail", "keys"]
    subprocess.run(made, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=True)
    assert (tmp_path / "key.json").is_file()
    assert not (tmp_path / "demo.sqlite3").exists()


def test_an_install_that_can_reach_nobody_is_told_so_when_it_starts(tmp_path: Path) -> None:
    environment = surroundings.bare()
    (tmp_path / "key.json").touch(mode=0o600)
    with socket.socket() as taken:  # so that it goes no further than this
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment |= {
            "HANDRAIL_HOME": str(tmp_path), "HANDRAIL_SECRET_KEY": "s" * 50, "HANDRAIL_PORT": port,
            "HANDRAIL_ALLOWED_HOSTS": "localhost", "HANDRAIL_ORIGIN": f"http://localhost:{port}",
        }  # fmt: skip

        def said(**more: str) -> list[str]:
            serve = [sys.executable, "-m", "handrail", "serve"]
            environ = {**environment, **more}
            done = subprocess.run(serve, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
            return done.stderr.splitlines()

        assert ["Nobody can be reached" in line for line in said()] == [True, False]
        assert len(said(HANDRAIL_PUSH_CONTACT="mailto:o@example.org")) == 1
