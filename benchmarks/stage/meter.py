"""Sends requests through the whole of Django in this process: what each took, and what it asked the database."""

import contextlib
import io
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

AROUND = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE)


@dataclass
class Statements:
    """`asked`: what reads or writes rows. `around`: transactions, and what wall five shows."""

    asked: list[str] = field(default_factory=list)
    around: list[str] = field(default_factory=list)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        (self.around if AROUND.match(sql) else self.asked).append(sql)
        return execute(sql, params, many, context)


@contextlib.contextmanager
def statements() -> Iterator[Statements]:
    """Everything that goes to the database meanwhile.

    Django's wrappers do not see what is sent past its cursors: the ends of transactions, and on PostgreSQL their
    beginnings and the rows that wall five opens. Those are counted where the connection is asked for them.
    """
    found = Statements()
    hidden = {"_commit": _commits, **({"show": _openings, "end_reading": _ends} if _is_postgres() else {})}
    for name, sends in hidden.items():
        setattr(connection, name, _counted(getattr(connection, name), sends, found.around))
    try:
        with connection.execute_wrapper(found):
            yield found
    finally:
        for name in hidden:
            delattr(connection, name)


def _counted(method: Callable[..., Any], sends: Callable[..., list[str]], around: list[str]) -> Callable[..., Any]:
    def counted(*given: Any) -> Any:
        around.extend(sends(*given))
        return method(*given)

    return counted


def _commits() -> list[str]:
    if connection.connection is None:
        return []
    return ["BEGIN", "COMMIT"] if _is_postgres() else ["COMMIT"]  # SQLite's BEGIN comes through a cursor


def _openings(wanted: Any) -> list[str]:
    """The first of what a page reads begins its transaction in the same message."""
    return [] if wanted == connection._shown else ["SELECT set_config"]


def _ends() -> list[str]:
    return ["COMMIT"] if connection.reads else []


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


@dataclass(frozen=True)
class Request:
    path: str
    cookies: str
    form: str | None = None  # url-encoded; a POST when given
    headers: tuple[tuple[str, str], ...] = ()

    def environ(self) -> dict[str, Any]:
        body = (self.form or "").encode()
        found: dict[str, Any] = {
            "REQUEST_METHOD": "GET" if self.form is None else "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_COOKIE": self.cookies,
            "HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.5",
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if self.form is not None else "",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
        }
        found.update({"HTTP_" + name.upper().replace("-", "_"): value for name, value in self.headers})
        return found


@dataclass(frozen=True)
class Answer:
    """`cpu` and `ms` in milliseconds: of this thread, and by the clock."""

    status: int
    body: bytes
    cpu: float
    ms: float


def send(application: Any, request: Request) -> Answer:
    environ, heard = request.environ(), []

    def start_response(status: str, headers: Any, error: Any = None) -> None:
        heard.append(status)

    start, cpu = time.perf_counter(), time.thread_time()
    response = application(environ, start_response)
    body = b"".join(response)
    response.close()
    cpu, ms = time.thread_time() - cpu, time.perf_counter() - start
    return Answer(int(heard[0].split()[0]), body, cpu * 1000, ms * 1000)
