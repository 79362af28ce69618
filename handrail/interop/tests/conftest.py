import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client

from handrail.people import actions
from tests.fixtures.people import Somebody

ALL_SCOPES = ["calls", "checkins", "circle", "read"]


class Program:
    """Somebody's program: speaks JSON and carries a token, never a cookie."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._client = Client(headers={"Authorization": f"Bearer {token}"})

    def __call__(self, method: str, path: str, said: Any = None) -> HttpResponse:
        body = {} if said is None else {"data": json.dumps(said), "content_type": "application/json"}
        return getattr(self._client, method)(f"/api/v1{path}", **body)  # type: ignore[no-any-return]


@pytest.fixture
def program_of() -> Callable[..., Program]:
    def made(somebody: Somebody, *scopes: str) -> Program:
        token = actions.make_token(somebody.actor, owner=somebody.id, label="a test", scopes=list(scopes) or ALL_SCOPES)
        return Program(token)

    return made


@contextmanager
def one_transaction() -> Iterator[None]:
    """Requests of a WSGI server leave the test's transaction open, as those of Django's own test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
