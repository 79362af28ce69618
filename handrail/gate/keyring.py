"""The data keys that one request or job has asked for. Kept no longer than that: an erased key is gone at once."""

from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handrail.kernel.keys import KeyFault, load_data_keys


class Keyring:
    __slots__ = ("_keys",)

    def __init__(self) -> None:
        self._keys: dict[str, AESGCM | None] = {}

    def key_of(self, owner_id: str, *, also: Iterable[str] = ()) -> AESGCM:
        """One owner's key; keys of the owners in `also` come along in the same query."""
        if owner_id not in self._keys:
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
