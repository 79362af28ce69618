"""What makes a passphrase or a name good enough, as arithmetic."""

from collections.abc import Set as AbstractSet
from enum import Enum

LONG_ENOUGH = 12  # characters
WORDS_ENOUGH = 3
SHORTEST_WORDS = 8  # characters that three words must have together
DIFFERENT_ENOUGH = 5  # different characters: "aaaaaaaaaaaa" is long, but nobody needs to guess it


class Weakness(Enum):
    SHORT = "short"
    SAME = "same"
    COMMON = "common"
    NAME = "name"


def weakness(passphrase: str, *, name: str, common: AbstractSet[str]) -> Weakness | None:
    """Why this passphrase is too easy to guess; None when it is not. `common`: known ones, in small letters."""
    plain = passphrase.strip().casefold()
    words = plain.split()
    if len(plain) < LONG_ENOUGH and not (len(words) >= WORDS_ENOUGH and len(plain) >= SHORTEST_WORDS):
        return Weakness.SHORT
    if len(set(plain) - {" "}) < DIFFERENT_ENOUGH or (len(words) > 1 and len(set(words)) == 1):
        return Weakness.SAME
    if plain in common or "".join(words) in common:
        return Weakness.COMMON
    if name.strip() and "".join(words) == "".join(name.casefold().split()):
        return Weakness.NAME
    return None
