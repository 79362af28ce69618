"""What fits on a card, how a number is dialled, and the card as a text. No clock, no database."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_ON_CARD = 8  # lines of a wallet card that can still be read without glasses

A_ROW = 30  # letters


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on the card. `phone` is as the person typed it."""

    name: str
    role_word: str
    phone: str

    @property
    def call_link(self) -> str:
        return f"tel:{dialled(self.phone)}"

    @property
    def text_link(self) -> str:
        """Only for what can take a text: three digits and an extension cannot."""
        digits = dialled(self.phone)
        return f"sms:{digits}" if len(digits) > 6 and "," not in digits else ""


def dialled(phone: str) -> str:
    """For a `tel:` link: digits and a leading plus; what follows "x" or "ext" is dialled after a pause."""
    number, *extension = re.split(r"[xX;,]|[eE][xX][tT]", phone, maxsplit=1)
    digits = re.sub(r"[^\d+*#]", "", number)
    more = re.sub(r"\D", "", extension[0]) if extension else ""
    return f"{digits},{more}" if more else digits


def rows_of(text: str) -> int:
    """How many rows show all of it on a narrow phone, where a long line takes two."""
    return sum(1 + len(line) // A_ROW for line in text.split("\n")) + 1


def as_text(entries: Sequence[Entry], lines: Sequence[tuple[str, str]]) -> str:
    """The card in plain letters, one number a line: it can be sent to a phone that knows nothing but texts."""
    own = [(each.name, each.phone) for each in entries]
    return "\n".join(f"{name}: {phone}" for name, phone in [*own, *lines])
