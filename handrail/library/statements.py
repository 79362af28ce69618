"""What the law asks a written consent to say, as one dated file that names its sources, like the country packs.

The law is 42 CFR part 2, so there is one file. The operator's own, `HANDRAIL_HOME/content/US/consent.en.toml`, wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from handrail.library.packs import LANGUAGE, SHIPPED, Review, Source, named_sources, read_review
from handrail.library.reading import Table

PLACE = Path("US") / f"consent.{LANGUAGE}.toml"


@dataclass(frozen=True)
class Statement:
    """One thing that is said to whoever signs. `kinds` of consent it belongs to; empty: all of them."""

    id: str
    title: str
    text: str
    kinds: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Statements:
    """`review.checked_by` is empty until a lawyer has read the file and agreed to be named."""

    version: str
    language: str
    notice: str
    review: Review
    all: tuple[Statement, ...]

    def of_kind(self, kind: str) -> tuple[Statement, ...]:
        return tuple(each for each in self.all if not each.kinds or kind in each.kinds)


@lru_cache(maxsize=1)
def statements() -> Statements:
    """Read once. A file that cannot be used stops the start (`BadPack`)."""
    own = settings.HANDRAIL.home / "content" / PLACE
    return load(own if own.is_file() else SHIPPED / PLACE)


def load(file: Path) -> Statements:
    table = Table.read(file)
    for field, expected in (("country", "US"), ("language", LANGUAGE)):
        if (said := table.words(field)) != expected:
            raise table.wrong(field, f"says {said!r}, should be {expected!r}")
    review, sources = read_review(table)
    found = Statements(
        version=table.words("version"),
        language=LANGUAGE,
        notice=table.words("notice"),
        review=review,
        all=tuple(_statement(row, sources) for row in table.tables("statements")),
    )
    table.done()
    return found


def _statement(table: Table, sources: Mapping[str, Source]) -> Statement:
    kinds = table.many_words("kinds") if table.has("kinds") else ()
    made = Statement(table.words("id"), table.words("title"), table.words("text"), kinds, named_sources(table, sources))
    table.done()
    return made


def notice() -> str:
    """What goes along with everything that leaves under a written consent (42 CFR 2.32)."""
    return statements().notice
