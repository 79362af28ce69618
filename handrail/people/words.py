"""Phrases of plain words that can be read aloud and written down. The list and its licence: `words_en.txt`."""

import secrets
from functools import cache
from pathlib import Path

RECOVERY_WORDS = 6
LIST = Path(__file__).with_name("words_en.txt")


def pick(count: int) -> str:
    """`count` different words, chosen by the system's random source: "maple river cloud"."""
    return " ".join(secrets.SystemRandom().sample(all_words(), count))


@cache
def all_words() -> tuple[str, ...]:
    lines = LIST.read_text().splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))
