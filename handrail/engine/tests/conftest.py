from collections.abc import Callable

import pytest

from handrail.engine import due


@pytest.fixture
def handle(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, due.Handler], None]:
    """Registers a handler for this test alone."""

    def register(kind: str, handler: due.Handler) -> None:
        monkeypatch.setitem(due._handlers, kind, handler)

    return register
