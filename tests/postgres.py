"""Finds a PostgreSQL server for the second run of the data tests.

`HANDRAIL_TEST_DATABASE_URL` names one; else a server of this machine that `psql` reaches as its administrator (root
becomes `postgres`). The tests run as an ordinary role, never as a superuser: row-level security must bind them.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Server:
    url: str
    version: str


@contextlib.contextmanager
def database() -> Iterator[Server | None]:
    """A database that tests may fill, or None where there is no server; ours is dropped at the end."""
    if url := os.environ.get("HANDRAIL_TEST_DATABASE_URL"):
        yield Server(url, "by HANDRAIL_TEST_DATABASE_URL")
        return
    version = _ask("show server_version")
    if version is None:
        yield None
        return
    role, password = _role()
    name = f"handrail_{os.getpid()}"
    try:
        port = _ask("show port")
        yield Server(f"postgres://{role}:{password}@127.0.0.1:{port}/{name}", version.split()[0])
    finally:
        _ask(f'drop database if exists "test_{name}" with (force)')


def _role() -> tuple[str, str]:
    """(name, password) of this checkout's own role; the password is made once and kept beside the environment."""
    kept = ROOT / ".venv" / "test-postgres"
    if not kept.is_file():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(24))
    password = kept.read_text()
    name = "handrail_test_" + hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    exists = _ask(f"select 1 from pg_roles where rolname = '{name}'")
    _ask(f"{'alter' if exists else 'create'} role {name} login createdb nosuperuser password '{password}'")
    _ask(f"alter role {name} set synchronous_commit = off")  # nobody needs what tests wrote after a power cut
    return name, password


def _ask(sql: str) -> str | None:
    """The first answer to `sql`, asked as administrator; None where no server answers."""
    if not shutil.which("psql"):
        return None
    user = "postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    command = ["psql", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-Atc", sql]
    try:
        done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, timeout=30, check=False)
    except (KeyError, PermissionError, subprocess.TimeoutExpired):  # no such unix user, or nothing answers
        return None
    return done.stdout.strip() if done.returncode == 0 else None
