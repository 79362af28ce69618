"""The install's key ring (a file, mode 0600) and the data key of each owner that it wraps.

Every person has a random data key. It is stored wrapped by a key of their own, a leaf of the install's key tree (see
`keytree`). A backup of the database without the key file is unreadable. Destroying a person's key deletes the wrapped
one and makes the key file forget their leaf, so a backup from before opens everybody but them with today's key file.
"""

import base64
import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Length

from handrail.kernel import clock, keytree

KEY_BYTES = 32
NONCE_BYTES = 12
LEAF_BYTES = 4
WITHOUT_LEAF_BYTES = NONCE_BYTES + KEY_BYTES + 16  # as wrapped before there were leaves: by the root itself
BATCH = 500


class KeyFault(Exception):
    """A key is missing or wrong, or bytes were changed. Never turned into text, never swallowed."""


class Forgotten(KeyFault):
    """The key file has forgotten this person's leaf: they were erased. Seen where an older database was put back."""


@dataclass(frozen=True)
class InstallKeys:
    """Current wrapping key first; older ones stay until `rotate_keys` has rewrapped everything."""

    current: str
    keys: dict[str, keytree.Tree]
    pepper: bytes
    _seen: dict[str, keytree.Tree] = field(default_factory=dict, init=False, compare=False, repr=False)

    def leaf_key(self, name: str, leaf: int) -> bytes | None:
        """The key that wraps what this leaf's owner has, under the install's key `name`; None: it was forgotten."""
        return keytree.leaf_key(self.keys[name], leaf, seen=self._seen.setdefault(name, {}))

    @classmethod
    def read(cls, path: Path) -> "InstallKeys":
        try:
            raw = json.loads(path.read_text())
            keys = {name: _tree_of(value) for name, value in raw["keys"].items()}
            found = cls(current=raw["current"], keys=keys, pepper=base64.b64decode(raw["pepper"]))
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as why:
            raise KeyFault(f"the key file {path} cannot be read: {why}") from why
        if found.current not in keys or any(len(key) != KEY_BYTES for tree in keys.values() for key in tree.values()):
            raise KeyFault(f"the key file {path} is damaged")
        return found

    def write(self, path: Path) -> None:
        """Replace the file in one step, readable by its owner alone."""
        text = json.dumps(
            {
                "current": self.current,
                "keys": {name: _written(tree) for name, tree in self.keys.items()},
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
        return cls(current="1", keys={"1": {"": secrets.token_bytes(KEY_BYTES)}}, pepper=secrets.token_bytes(KEY_BYTES))

    def with_new_key(self) -> "InstallKeys":
        name = str(max(int(known) for known in self.keys) + 1)
        return replace(self, current=name, keys={**self.keys, name: {"": secrets.token_bytes(KEY_BYTES)}})

    def only_current(self) -> "InstallKeys":
        return replace(self, keys={self.current: self.keys[self.current]})

    def without(self, leaves: Iterable[int]) -> "InstallKeys":
        """The ring that has forgotten these leaves, under every key it holds."""
        keys = dict(self.keys)
        for leaf in leaves:
            keys = {name: keytree.without(tree, leaf) for name, tree in keys.items()}
        return replace(self, keys=keys)


def _tree_of(value: Any) -> keytree.Tree:
    """A key that has forgotten nothing is written as one text, as it always was."""
    nodes = {"": value} if isinstance(value, str) else value
    return {way: base64.b64decode(node) for way, node in nodes.items()}


def _written(tree: keytree.Tree) -> Any:
    nodes = {way: base64.b64encode(node).decode() for way, node in sorted(tree.items())}
    return nodes[""] if nodes.keys() == {""} else nodes


def install_keys() -> InstallKeys:
    """The ring as the file holds it now: what it has forgotten is forgotten in every process at its next use."""
    path = settings.HANDRAIL.key_file
    try:
        found = path.stat()
    except OSError as why:
        raise KeyFault(f"the key file {path} cannot be read: {why}") from why
    return _read(path, found.st_ino, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=1)
def _read(path: Path, *_as_it_is: int) -> InstallKeys:
    return InstallKeys.read(path)


@contextlib.contextmanager
def turning(path: Path) -> Iterator[InstallKeys]:
    """The ring of this file, for one who writes it anew: one at a time on this machine."""
    with path.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield InstallKeys.read(path)


def wrap(owner_id: str, data_key: bytes, *, leaf: int | None = None) -> tuple[str, bytes]:
    """(name of the wrapping key, wrapped bytes). Without a leaf, the next free one is taken. Raises Forgotten."""
    ring = install_keys()
    leaf = _next_leaf(ring) if leaf is None else leaf
    key = ring.leaf_key(ring.current, leaf)
    if key is None:
        raise Forgotten(f"leaf {leaf} of the install's key was forgotten")
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, data_key, _bound_to(owner_id))
    return ring.current, leaf.to_bytes(LEAF_BYTES, "big") + nonce + sealed


def unwrap(owner_id: str, wrapped_by: str, wrapped: bytes) -> bytes:
    ring = install_keys()
    if wrapped_by not in ring.keys:
        raise KeyFault(f"the install's key {wrapped_by!r} is not in the key file")
    key, start = _wrapping_key(ring, wrapped_by, leaf_of(wrapped))
    try:
        return AESGCM(key).decrypt(
            wrapped[start : start + NONCE_BYTES], wrapped[start + NONCE_BYTES :], _bound_to(owner_id)
        )
    except InvalidTag as why:
        raise KeyFault("a data key does not open: wrong install key, or changed bytes") from why


def _wrapping_key(ring: InstallKeys, name: str, leaf: int | None) -> tuple[bytes, int]:
    """(key, where its work begins in the wrapped bytes)"""
    if leaf is None:
        if "" not in ring.keys[name]:
            raise KeyFault("this database is from before there were leaves, and the key file has forgotten its root")
        return ring.keys[name][""], 0
    key = ring.leaf_key(name, leaf)
    if key is None:
        raise Forgotten(f"the key file has forgotten leaf {leaf}: its owner was erased")
    return key, LEAF_BYTES


def leaf_of(wrapped: bytes) -> int | None:
    """Which leaf wrapped these bytes; None where it was the root itself, before there were leaves."""
    return None if len(wrapped) == WITHOUT_LEAF_BYTES else int.from_bytes(wrapped[:LEAF_BYTES], "big")


def make_data_key(owner_id: str) -> AESGCM:
    """Create and store a new owner's data key; called once, when an account is made."""
    plain = secrets.token_bytes(KEY_BYTES)
    wrapped_by, wrapped = wrap(owner_id, plain)
    _data_keys().create(owner_id=owner_id, wrapped_by=wrapped_by, wrapped=wrapped)
    return AESGCM(plain)


def load_data_keys(owner_ids: Iterable[str]) -> dict[str, AESGCM]:
    """One query for any number of owners; an owner whose key was destroyed is missing from the answer."""
    found = {}
    for owner, by, wrapped in _data_keys().filter(owner_id__in=list(owner_ids)).values_list(*_WRAPPED):
        with contextlib.suppress(Forgotten):
            found[owner] = AESGCM(unwrap(owner, by, bytes(wrapped)))
    return found


def destroy_data_key(owner_id: str) -> None:
    """Delete the wrapped key and, once that is committed, make the key file forget what could open a copy of it.

    Whoever calls this also makes sure that `forget_leaves` is run again should that be cut off.
    """
    with transaction.atomic():
        for wrapped in _data_keys().filter(owner_id=owner_id).values_list("wrapped", flat=True):
            leaf = leaf_of(bytes(wrapped))
            if leaf is None:  # the root itself can open copies of it, so it has to go: forgetting any leaf does that
                leaf = _leaves().create().pk
            _leaves().filter(pk=leaf).update(forgotten_at=clock.now())
        _data_keys().filter(owner_id=owner_id).delete()
        transaction.on_commit(forget_leaves, robust=True)


def forget_leaves() -> int:
    """Make this machine's key file forget every leaf that was given up; answers how many it still knew.

    Not inside a transaction that could be undone. Run again, it goes on where it was cut off.
    """
    given_up = list(_leaves().filter(forgotten_at__isnull=False).values_list("pk", flat=True))
    known = [leaf for leaf in given_up if _is_known(install_keys(), leaf)]
    if known:
        give_leaves()
        path = settings.HANDRAIL.key_file
        with turning(path) as ring:
            ring.without(known).write(path)
    return len(known)


def forgotten_owners() -> list[str]:
    """Owners whose wrapped key is here although the key file has forgotten them: an older database was put back."""
    rows = _data_keys().values_list(*_WRAPPED).iterator()
    leaves = ((owner, by, leaf_of(bytes(wrapped))) for owner, by, wrapped in rows)
    ring = install_keys()
    return [owner for owner, by, leaf in leaves if by in ring.keys and leaf and ring.leaf_key(by, leaf) is None]


def give_leaves() -> int:
    """Wrap by a leaf of their own the data keys that the root itself wraps; answers how many."""
    done = 0
    while some := _give_some_leaves():
        done += some
    return done


def _give_some_leaves() -> int:
    with transaction.atomic():
        rows = list(
            _data_keys().select_for_update().alias(size=Length("wrapped")).filter(size=WITHOUT_LEAF_BYTES)[:BATCH]
        )
        for row in rows:
            plain = unwrap(row.owner_id, row.wrapped_by, bytes(row.wrapped))
            row.wrapped_by, row.wrapped = wrap(row.owner_id, plain)
        _data_keys().bulk_update(rows, ["wrapped_by", "wrapped"])
    return len(rows)


def _is_known(ring: InstallKeys, leaf: int) -> bool:
    return any(ring.leaf_key(name, leaf) is not None for name in ring.keys)


def _next_leaf(ring: InstallKeys) -> int:
    """Numbers are given once. Where an older database was put back, those that were forgotten since are passed over."""
    while True:
        leaf = int(_leaves().create().pk)
        if all(ring.leaf_key(name, leaf) is not None for name in ring.keys):
            return leaf


_WRAPPED = ("owner_id", "wrapped_by", "wrapped")


def _leaves() -> Any:
    return apps.get_model("kernel", "Leaf")._default_manager


def _data_keys() -> Any:
    """Looked up at use: the database backend imports this module before any model can be loaded."""
    return apps.get_model("kernel", "DataKey")._default_manager


def _bound_to(owner_id: str) -> bytes:
    return f"datakey|{owner_id}".encode()
