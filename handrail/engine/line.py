"""A PostgreSQL connection of our own beside Django's: for LISTEN, and for the lock that says a worker lives."""

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
