"""Sends requests through the whole of Django in this process: what each took, and what it asked the database."""

import contextlib
import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

AROUND = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE)


@dataclass
class Statements:
    """`asked`: what reads or writes rows. `around`: transactions, savepoints, and the check of a kept connection."""

    asked: list[str] = field(default_factory=list)
    around: list[str] = field(default_factory=list)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        (self.around if AROUND.match(sql) else self.asked).append(sql)
        return execute(sql, params, many, context)


@contextlib.contextmanager
def statements() -> Iterator[Statements]:
    """Everything that goes to the database meanwhile.

    Django's wrappers do not see what the driver sends of itself, so the ends of transactions are counted where Django
    asks for them: PostgreSQL's BEGIN by its COMMIT, and the `SELECT 1` that proves a kept connection.
    """
    found = Statements()
    commit, is_usable = connection._commit, connection.is_usable

    def counted_commit() -> Any:
        if connection.connection is not None:
            found.around += ["COMMIT"] if connection.vendor == "sqlite" else ["BEGIN", "COMMIT"]
        return commit()

    def counted_check() -> bool:
        if connection.vendor == "postgresql":
            found.around.append("SELECT 1")
        return bool(is_usable())

    connection._commit, connection.is_usable = counted_commit, counted_check
    try:
        with connection.execute_wrapper(found):
            yield found
    finally:
        del connection._commit, connection.is_usable


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
