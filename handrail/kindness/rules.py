"""What a kind note may be, and how many. No clock, no database."""

from datetime import timedelta

LONGEST = 400  # letters: a card, not a letter
MOST_A_DAY = 5  # from one member to one person
A_DAY = timedelta(hours=24)


def tidy(words: str) -> str:
    return " ".join(words.split())


def fits(words: str) -> bool:
    return 0 < len(words) <= LONGEST
