"""The install's key ring (a file, mode 0600) and the data key of each owner that it wraps.

Every person has a random data key. It is stored wrapped by the install's current key; a backup of the database without
the key file is unreadable, and destroying one row of `DataKey` makes one person's words unreadable in every copy that
is taken afterwards or restored with today's keys.
"""

import base64
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyFault(Exception):
    """A key is missing or wrong, or bytes were changed. Never turned into text, never swallowed."""


@dataclass(frozen=True)
class InstallKeys:
    """Current wrapping key first; older ones stay until `rotate_keys` has rewrapped everything."""

    current: str
    keys: dict[str, bytes]
    pepper: bytes

    @classmethod
    def read(cls, path: Path) -> "InstallKeys":
        try:
            raw = json.loads(path.read_text())
            keys = {name: base64.b64decode(value) for name, value in raw["keys"].items()}
            found = cls(current=raw["current"], keys=keys, pepper=base64.b64decode(raw["pepper"]))
        except (OSError, ValueError, KeyError) as why:
            raise KeyFault(f"the key file {path} cannot be read: {why}") from why
        if found.current not in keys or any(len(key) != KEY_BYTES for key in keys.values()):
            raise KeyFault(f"the key file {path} is damaged")
        return found

    def write(self, path: Path) -> None:
        """Replace the file in one step, readable by its owner alone."""
        text = json.dumps(
            {
                "current": self.current,
                "keys": {name: base64.b64encode(key).decode() for name, key in self.keys.items()},
                "pepper": base64.b64encode(self.pepper).decode(),
            },
            indent=1,
        )
        fresh = path.with_suffix(".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)

    @classmethod
    def fresh(cls) -> "InstallKeys":
        return cls(current="1", keys={"1": secrets.token_bytes(KEY_BYTES)}, pepper=secrets.token_bytes(KEY_BYTES))

    def with_new_key(self) -> "InstallKeys":
        name = str(max(int(known) for known in self.keys) + 1)
        return InstallKeys(name, {**self.keys, name: secrets.token_bytes(KEY_BYTES)}, self.pepper)

    def only_current(self) -> "InstallKeys":
        return InstallKeys(self.current, {self.current: self.keys[self.current]}, self.pepper)


@lru_cache(maxsize=1)
def install_keys() -> InstallKeys:
    return InstallKeys.read(settings.HANDRAIL.key_file)


def wrap(owner_id: str, data_key: bytes) -> tuple[str, bytes]:
    """(name of the wrapping key, wrapped bytes)."""
    ring = install_keys()
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(ring.keys[ring.current]).encrypt(nonce, data_key, _bound_to(owner_id))
    return ring.current, nonce + sealed


def unwrap(owner_id: str, wrapped_by: str, wrapped: bytes) -> bytes:
    ring = install_keys()
    if wrapped_by not in ring.keys:
        raise KeyFault(f"the install's key {wrapped_by!r} is not in the key file")
    try:
        key = AESGCM(ring.keys[wrapped_by])
        return key.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _bound_to(owner_id))
    except InvalidTag as why:
        raise KeyFault("a data key does not open: wrong install key, or changed bytes") from why


def make_data_key(owner_id: str) -> AESGCM:
    """Create and store a new owner's data key; called once, when an account is made."""
    plain = secrets.token_bytes(KEY_BYTES)
    wrapped_by, wrapped = wrap(owner_id, plain)
    _data_keys().create(owner_id=owner_id, wrapped_by=wrapped_by, wrapped=wrapped)
    return AESGCM(plain)


def load_data_keys(owner_ids: Iterable[str]) -> dict[str, AESGCM]:
    """One query for any number of owners; an owner whose key was destroyed is missing from the answer."""
    rows = _data_keys().filter(owner_id__in=list(owner_ids)).values_list("owner_id", "wrapped_by", "wrapped")
    return {owner: AESGCM(unwrap(owner, by, bytes(wrapped))) for owner, by, wrapped in rows}


def destroy_data_key(owner_id: str) -> None:
    _data_keys().filter(owner_id=owner_id).delete()


def _data_keys() -> Any:
    """Looked up at use: the database backend imports this module before any model can be loaded."""
    return apps.get_model("kernel", "DataKey")._default_manager


def _bound_to(owner_id: str) -> bytes:
    return f"datakey|{owner_id}".encode()
