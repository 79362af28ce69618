"""Sealing what belongs to no single person's data key: session data, and the secrets of code apps.

The key is drawn from the pepper of the install's key file, not from its wrapping keys: those are rotated, the pepper is
not (every door depends on it), so nothing here has to be sealed again when keys change.
"""

import base64
import hmac
import secrets
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handrail.kernel.keys import NONCE_BYTES, install_keys


class Damaged(Exception):
    """What was sealed does not open: another key file, another purpose, or changed bytes."""


class Strongbox:
    def __init__(self, pepper: bytes, purpose: str) -> None:
        self._purpose = purpose.encode()
        self._key = AESGCM(hmac.new(pepper, b"strongbox|" + self._purpose, sha256).digest())

    @classmethod
    def named(cls, purpose: str) -> "Strongbox":
        return _box(install_keys().pepper, purpose)

    def seal(self, plain: bytes) -> str:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return base64.b64encode(nonce + self._key.encrypt(nonce, plain, self._purpose)).decode()

    def open(self, sealed: str) -> bytes:
        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._purpose)
        except (InvalidTag, ValueError) as why:
            raise Damaged from why


@lru_cache(maxsize=8)
def _box(pepper: bytes, purpose: str) -> Strongbox:
    return Strongbox(pepper, purpose)
