"""Public ids: 22 letters and digits, 131 random bits. They can be neither guessed nor counted, and tell no order."""

import secrets
import string
from typing import Any

from django.db import models

LENGTH = 22
_LETTERS = string.ascii_letters + string.digits
_EVEN = 4 * len(_LETTERS)  # a byte below this picks each letter equally often


def new_id() -> str:
    found = ""
    while len(found) < LENGTH:  # once, as good as always: of 40 bytes hardly two are left out
        found += "".join(_LETTERS[byte % len(_LETTERS)] for byte in secrets.token_bytes(40) if byte < _EVEN)
    return found[:LENGTH]


class IdField(models.CharField):  # type: ignore[type-arg]
    """A primary key of ours, known before the row is written (encryption binds a value to its row)."""

    def __init__(self, **options: Any) -> None:
        defaults = {"primary_key": True, "default": new_id, "editable": False, "max_length": LENGTH}
        super().__init__(**{**defaults, **options})


class IdConverter:
    """`<id:call>` in a URL: anything else is no page of ours, so no query is spent on it."""

    regex = f"[A-Za-z0-9]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
