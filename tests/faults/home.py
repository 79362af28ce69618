"""The one install of a run of fault tests. Each worker is forked knowing its settings, so it stays where it is, and
what it holds is put there anew for each test.
"""

import base64
import json
import os
import secrets
import shutil
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg


class Home(AbstractContextManager["Home"]):
    """`url` is empty where the database is a file in the home."""

    def __init__(self, path: Path, ours: str) -> None:
        self.path = path
        self._kept = path.parent / f"{path.name}-kept"
        self._server = ours.rpartition("/")[0]
        self._name = f"handrail_faults_{os.getpid()}"
        self.url = f"{self._server}/{self._name}" if ours else ""
        self._databases: set[str] = set()
        (path / "key.json").write_text(json.dumps({"current": "1", "keys": {"1": _key()}, "pepper": _key()}))
        if self.url:
            self._copy("template1", self._name)

    def keep(self, name: str) -> str:
        """What it holds now, to be put back under this name."""
        shutil.copytree(self.path, self._kept / name)
        if self.url:
            self._copy(self._name, f"{self._name}_{name}")
        return name

    def put(self, name: str) -> None:
        for file in self.path.iterdir():
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        shutil.copytree(self._kept / name, self.path, dirs_exist_ok=True)
        if self.url:
            self._copy(f"{self._name}_{name}", self._name)

    def __exit__(self, *raised: object) -> None:
        for name in self._databases:
            self._drop(name)

    def _copy(self, old: str, new: str) -> None:
        self._databases.add(new)
        self._drop(new)
        self._ask(f"CREATE DATABASE {new} TEMPLATE {old}")

    def _drop(self, name: str) -> None:
        """A killed worker may still be on the line. The server's own cleaner leaves when asked, not by force."""
        try:
            self._ask(f"DROP DATABASE IF EXISTS {name}")
        except psycopg.errors.ObjectInUse:
            self._ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _ask(self, sql: str) -> None:
        with psycopg.connect(f"{self._server}/postgres", autocommit=True) as line:
            line.execute(sql)


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
