"""Lines to the database: our own ones (LISTEN, the lock that says a worker lives), and mending the one of Django."""

from typing import Any

import psycopg
from django.db import connection

OURS = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert")
CONNECT_SECONDS = 5


def open_line() -> psycopg.Connection[Any]:
    """Raises psycopg.Error when the server does not answer."""
    known = connection.get_connection_params()
    parameters = {name: known[name] for name in OURS if name in known}
    return psycopg.connect(**parameters, autocommit=True, connect_timeout=CONNECT_SECONDS)


def mend() -> None:
    """After an error: drop Django's connection if it is broken, so that the next try makes a new one."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
