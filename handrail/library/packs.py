"""Country packs: phone lines, overdose steps and naloxone facts as dated files that name their sources.

Shipped ones stand in `content/<country>/`; the operator's own, in `HANDRAIL_HOME/content/<country>/`, win file by file.
All are read and checked once, at start: a file that cannot be used stops the start (`BadPack`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from handrail.library.reading import BadPack, Table

__all__ = [
    "BadPack",
    "Kind",
    "Law",
    "Line",
    "Naloxone",
    "Overdose",
    "Pack",
    "Part",
    "Review",
    "Source",
    "Step",
    "named_sources",
    "packs",
    "read_review",
]

SHIPPED = Path(__file__).parent / "content"
LANGUAGE = "en"
_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{1,20}")
_COUNTRY = re.compile(r"[A-Z]{2}")


class Kind(StrEnum):
    """What a phone line is for, in the order in which a page shows them."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    OVERDOSE_BUDDY = "overdose-buddy"
    DRUG_INFO = "drug-info"
    FAMILY = "family"


@dataclass(frozen=True)
class Source:
    name: str
    url: str


@dataclass(frozen=True)
class Review:
    """Who stands behind a file. `checked_by` is empty until somebody with a licence to judge it has signed it."""

    file: Path
    reviewed_on: date
    checked_by: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Line:
    """One phone line. `verified`: its number was read at the named source on `last_checked` (nobody dialled it)."""

    name: str
    about: str
    call: str
    text: str
    hours: str
    kinds: tuple[Kind, ...]
    verified: bool
    last_checked: date
    sources: tuple[Source, ...]

    @property
    def kind(self) -> Kind:
        """What it is for first of all."""
        return self.kinds[0]

    @property
    def call_link(self) -> str:
        return f"tel:{_dialled(self.call)}" if self.call else ""

    @property
    def text_link(self) -> str:
        return f"sms:{_dialled(self.text)}" if self.text else ""


@dataclass(frozen=True)
class Step:
    """One action. `call`: the page draws the button to the country's emergency number under it."""

    do: str
    how: tuple[str, ...]
    call: bool


@dataclass(frozen=True)
class Law:
    """What protects somebody who calls for help, where a source says so."""

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Overdose:
    review: Review
    signs: tuple[str, ...]
    unsure: str
    steps: tuple[Step, ...]
    minutes: str
    asleep: str
    do_not: tuple[str, ...]
    law: Law | None


@dataclass(frozen=True)
class Part:
    title: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Naloxone:
    review: Review
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Pack:
    country: str
    name: str
    review: Review
    lines: tuple[Line, ...]
    overdose: Overdose
    naloxone: Naloxone

    @property
    def emergency(self) -> Line:
        return self.lines[0]

    @property
    def reviews(self) -> tuple[Review, ...]:
        return (self.review, self.overdose.review, self.naloxone.review)


@lru_cache(maxsize=1)
def packs() -> Mapping[str, Pack]:
    """Every country's pack by its two letters, read once. The install's own country must be among them."""
    home = settings.HANDRAIL.home / "content"
    found = load([home, SHIPPED])
    if settings.HANDRAIL.country not in found:
        known = ", ".join(sorted(found))
        raise BadPack(home / settings.HANDRAIL.country, "HANDRAIL_COUNTRY", f"no such pack; there are {known}")
    return found


def load(folders: Iterable[Path]) -> dict[str, Pack]:
    """Packs of all countries that any of `folders` names; for each file the first folder that holds it wins."""
    folders = [folder for folder in folders if folder.is_dir()]
    names = sorted({entry.name for folder in folders for entry in folder.iterdir() if entry.is_dir()})
    return {country: _pack(country, folders) for country in names}


def _pack(country: str, folders: list[Path]) -> Pack:
    if not _COUNTRY.fullmatch(country):
        raise BadPack(folders[0] / country, "the folder", "should be named by two capital letters, such as IE")
    lines, overdose, naloxone = (_open(country, part, folders) for part in ("lines", "overdose", "naloxone"))
    name = lines.words("name")
    review, sources = read_review(lines)
    found = tuple(sorted((_line(row, sources) for row in lines.tables("lines")), key=_urgency))
    if [line.kind for line in found].count(Kind.EMERGENCY) != 1 or not found[0].call:
        raise lines.wrong("lines", "exactly one line should be of the kind emergency, with a number to call")
    lines.done()
    return Pack(country, name, review, found, _overdose(overdose), _naloxone(naloxone))


def _open(country: str, part: str, folders: list[Path]) -> Table:
    places = [folder / country / f"{part}.{LANGUAGE}.toml" for folder in folders]
    table = Table.read(next((place for place in places if place.is_file()), places[-1]))
    for field, expected in (("country", country), ("language", LANGUAGE)):
        if (said := table.words(field)) != expected:
            raise table.wrong(field, f"says {said!r} in a file of {expected!r}")
    return table


def read_review(table: Table) -> tuple[Review, dict[str, Source]]:
    sources = {key: _source(row) for key, row in table.named_tables("sources")}
    if not sources:
        raise table.wrong("sources", "names nobody")
    who = table.words("checked_by", may_be_empty=True)
    return Review(table.file, table.day("reviewed_on"), who, tuple(sources.values())), sources


def _source(table: Table) -> Source:
    found = Source(name=table.words("name"), url=table.words("url"))
    if urlsplit(found.url).scheme not in {"https", "http"} or not urlsplit(found.url).hostname:
        raise table.wrong("url", f"{found.url!r} is no web address")
    table.done()
    return found


def _line(table: Table, sources: Mapping[str, Source]) -> Line:
    line = Line(
        name=table.words("name"),
        about=table.words("about"),
        call=_number(table, "call"),
        text=_number(table, "text"),
        hours=table.words("hours", optional=True),
        kinds=_kinds(table),
        verified=table.yes("verified"),
        last_checked=table.day("last_checked"),
        sources=named_sources(table, sources),
    )
    if not line.call and not line.text:
        raise table.wrong("call", "is missing, and so is text: one of them is needed")
    table.done()
    return line


def _kinds(table: Table) -> tuple[Kind, ...]:
    said = table.many_words("kinds")
    if unknown := [kind for kind in said if kind not in set(Kind)]:
        raise table.wrong("kinds", f"{', '.join(unknown)}: should be among {', '.join(Kind)}")
    return tuple(Kind(kind) for kind in said)


def named_sources(table: Table, sources: Mapping[str, Source]) -> tuple[Source, ...]:
    said = table.many_words("sources")
    if unknown := [key for key in said if key not in sources]:
        raise table.wrong("sources", f"{', '.join(unknown)}: not among the file's [sources]")
    return tuple(sources[key] for key in said)


def _number(table: Table, field: str) -> str:
    said = table.words(field, optional=True)
    if said and not _NUMBER.fullmatch(said):
        raise table.wrong(field, f"{said!r} is no phone number")
    return said


def _overdose(table: Table) -> Overdose:
    review, sources = read_review(table)
    found = Overdose(
        review=review,
        signs=table.many_words("signs"),
        unsure=table.words("unsure"),
        steps=tuple(_step(row) for row in table.tables("steps")),
        minutes=table.words("minutes"),
        asleep=table.words("asleep"),
        do_not=table.many_words("do_not"),
        law=_law(table.table("law"), sources),
    )
    if not any(step.call for step in found.steps):
        raise table.wrong("steps", "none of them has call = true: the emergency number would be nowhere")
    table.done()
    return found


def _step(table: Table) -> Step:
    step = Step(do=table.words("do"), how=table.many_words("how"), call=table.yes("call", optional=True))
    table.done()
    return step


def _law(table: Table | None, sources: Mapping[str, Source]) -> Law | None:
    if table is None:
        return None
    law = Law(text=table.words("text"), sources=named_sources(table, sources))
    table.done()
    return law


def _naloxone(table: Table) -> Naloxone:
    review, _ = read_review(table)
    parts = tuple(_part(row) for row in table.tables("parts"))
    table.done()
    return Naloxone(review, parts)


def _part(table: Table) -> Part:
    part = Part(title=table.words("title"), points=table.many_words("points"))
    table.done()
    return part


def _urgency(line: Line) -> int:
    return list(Kind).index(line.kind)


def _dialled(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")
