"""Decisions about programs and their links. No clock, no database."""

import unicodedata
from datetime import UTC, datetime, timedelta

from handrail.kernel.ids import LENGTH

GOOD_FOR = timedelta(hours=72)
MOST_DIGITS = 17  # of microseconds: up to the year 5138

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_open(state: str, expires_at: datetime, now: datetime) -> bool:
    """Can the link still be used by somebody?"""
    return state == "made" and now < expires_at


def same_name(name: str) -> str:
    """What two names have in common that nobody could tell apart on a page."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def mark_to_text(mark: tuple[datetime, str]) -> str:
    """Where a page of a list ended, for the address of the next: microseconds since 1970, a dash, an id."""
    moment, place = mark
    return f"{(moment - _EPOCH) // timedelta(microseconds=1)}-{place}"


def mark_from_text(text: str) -> tuple[datetime, str] | None:
    """The same back; None for anything that we did not write, which then means the first page."""
    moment, _, place = text.partition("-")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= MOST_DIGITS):
        return None
    if not (place.isascii() and place.isalnum() and len(place) <= LENGTH):
        return None
    return _EPOCH + timedelta(microseconds=int(moment)), place
