"""What stands open while one gated action runs: for whom, whose records, which categories, to read or to write."""

from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handrail.gate.categories import NAME, in_log, kept_with, place_in
from handrail.kernel import sealed

if TYPE_CHECKING:  # the database backend imports this module, before any model can be loaded
    from handrail.gate.actor import Actor


class GateShut(Exception):
    """Somebody reached for a person's records without going through the gate. A fault of ours, never a person's."""


@dataclass(frozen=True, slots=True)
class GivenOut:
    """What an action lets out of the house under a written consent: for the access log, in place of what it touched."""

    consent: str
    categories: frozenset[str]
    items: int
    channel: str  # "pdf", "print"


@dataclass(slots=True)
class Opening:
    actor: "Actor"
    action: str
    writes: bool
    allowed: dict[str, frozenset[str]]  # {owner: categories}
    touched: Counter[tuple[str, str]] = field(default_factory=Counter)  # {(owner, kind): sealed values opened}
    whole: frozenset[str] = frozenset()  # owners of whom everything is open, private words too
    given_out: dict[str, GivenOut] = field(default_factory=dict)  # {owner: ...}

    def allows(self, owner_id: str, category: str | None) -> bool:
        """May a field or record of this kind be opened? None means: the owner's own, never shared."""
        if owner_id in self.whole:
            return True
        return category is not None and category in self.allowed.get(owner_id, ())

    def owners_of(self, shared_as: frozenset[str] | None) -> list[str]:
        """The owners whose records of a model may be read: one category of `shared_as` is enough."""
        if shared_as is None:
            return list(self.whole)
        return [owner for owner, categories in self.allowed.items() if owner in self.whole or categories & shared_as]

    def places(self) -> list[str]:
        """The memberships that the actor came through: what is kept between two opens for these alone."""
        return [place for keys in self.allowed.values() for place in map(place_in, keys) if place is not None]

    def require_place(self, owner_id: str, membership_id: str) -> None:
        if not self.allows(owner_id, kept_with(membership_id)):
            raise GateShut(f"{self.action} did not come through this place")

    def require_writing(self, owner_id: str | None) -> None:
        if not self.writes:
            raise GateShut(f"{self.action} opened the gate for reading only")
        if owner_id not in self.allowed:
            raise GateShut(f"{self.action} did not open the gate for this owner")

    # what sealed fields ask for
    def key_to_read(self, owner_id: str, shared_as: str | None) -> AESGCM:
        if not self.allows(owner_id, shared_as):
            raise sealed.SealedShut(f"{self.action} may not open {shared_as or 'private'} words of this owner")
        if shared_as not in (None, NAME):
            self.touched[owner_id, in_log(str(shared_as))] += 1
        return self.actor.keyring.key_of(owner_id, also=self.allowed)

    def key_to_write(self, owner_id: str) -> AESGCM:
        self.require_writing(owner_id)
        return self.actor.keyring.key_of(owner_id, also=self.allowed)


_current: ContextVar[Opening | None] = ContextVar("handrail_opening", default=None)
_upkeep: ContextVar[str] = ContextVar("handrail_upkeep", default="")


def opening() -> Opening:
    """The innermost opening of this moment; raises where the gate is shut."""
    found = _current.get()
    if found is None:
        raise GateShut("a person's records were asked for outside the gate")
    return found


def innermost() -> Opening | None:
    """The opening of this moment, or None where the gate is shut."""
    return _current.get()


def is_open() -> bool:
    return _current.get() is not None or bool(_upkeep.get())


class Entered:
    """`with Entered(opening): ...`. Written by hand because contextlib's generator costs more than the gate itself."""

    __slots__ = ("_here", "_tokens")

    def __init__(self, here: Opening) -> None:
        self._here = here

    def __enter__(self) -> Opening:
        self._tokens = (_current.set(self._here), sealed.holder.set(self._here))
        return self._here

    def __exit__(self, *why: object) -> None:
        opened, held = self._tokens
        _current.reset(opened)
        sealed.holder.reset(held)


@dataclass(frozen=True, slots=True)
class Window:
    """What the database may show right now (wall five): rows of these owners, one row by its id, or all for upkeep."""

    owners: tuple[str, ...] = ()
    row: str = ""
    everything: bool = False


def window() -> Window:
    kept = _upkeep.get()
    if kept:
        return Window(everything=kept == EVERY_ROW, row="" if kept == EVERY_ROW else kept)
    here = _current.get()
    return Window(owners=tuple(sorted(here.allowed))) if here else Window()


EVERY_ROW = "*"


class Upkeep:
    """Lets the database be migrated or flushed (every row), or asked whose one row is. It opens no row to anybody."""

    __slots__ = ("_row", "_token")

    def __init__(self, row: str = EVERY_ROW) -> None:
        self._row = row

    def __enter__(self) -> None:
        self._token = _upkeep.set(self._row)

    def __exit__(self, *why: object) -> None:
        _upkeep.reset(self._token)
