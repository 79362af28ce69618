"""The data keys that one request or job has asked for. Kept no longer than that: an erased key is gone at once."""

from collections.abc import Iterable
from contextlib import suppress

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handrail.kernel.keys import KeyFault, load_data_keys, unwrap


class Keyring:
    __slots__ = ("_keys", "_wrapped")

    def __init__(self) -> None:
        self._keys: dict[str, AESGCM | None] = {}
        self._wrapped: dict[str, tuple[str, bytes]] = {}

    def key_of(self, owner_id: str, *, also: Iterable[str] = ()) -> AESGCM:
        """One owner's key; keys of the owners in `also` come along in the same query."""
        if owner_id not in self._keys and not self._open_held(owner_id):
            wanted = {owner_id, *also} - self._keys.keys()
            found = load_data_keys(wanted)
            self._keys.update({owner: found.get(owner) for owner in wanted})
        key = self._keys[owner_id]
        if key is None:
            raise KeyFault("this owner's data key does not exist: the account was erased")
        return key

    def hold(self, owner_id: str, key: AESGCM) -> None:
        """Keep a key that was read along with something else, so that no query is spent on it."""
        self._keys[owner_id] = key

    def hold_wrapped(self, owner_id: str, wrapped_by: str, wrapped: bytes) -> None:
        """The same, for a key that may not be needed: it stays wrapped until it is asked for."""
        self._wrapped[owner_id] = (wrapped_by, wrapped)

    def _open_held(self, owner_id: str) -> bool:
        """False where there is none, or where it was turned or destroyed since it was read: then it is read anew."""
        wrapped = self._wrapped.get(owner_id)
        if wrapped is None:
            return False
        with suppress(KeyFault):
            self._keys[owner_id] = AESGCM(unwrap(owner_id, *wrapped))
            return True
        return False
