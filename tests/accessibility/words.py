"""Two checkers for our own prose: words that put people down, and sentences that are hard to read.

They read what people see: text of templates and pages, the country packs, and every string handed to gettext. They do
not read code, comments, class names or addresses.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import textstat

HOUSE = Path(__file__).resolve().parents[2] / "handrail"

# NIDA, Words Matter. A person may choose any of these for themselves; we choose them for nobody.
BANNED = re.compile(
    r"\b(clean|dirty|addicts?|abusers?|relaps(?:e|es|ed|ing)|failed|missed|streaks?|junk(?:ie|ies|y)|habits?)\b", re.I
)
LONG = 80  # words; a shorter paragraph is too short for a grade to mean anything
HARDEST = 6.0  # Flesch-Kincaid school grade


@dataclass(frozen=True)
class Prose:
    """A run of words that somebody may read, and where it stands."""

    where: str
    text: str


def banned_in(text: str) -> list[str]:
    return [found.group() for found in BANNED.finditer(text)]


def grade(text: str) -> float:
    """Flesch-Kincaid grade. A list item or heading without a full stop counts as a sentence of its own."""
    return float(textstat.flesch_kincaid_grade(text))


def too_hard(text: str) -> bool:
    return len(text.split()) >= LONG and grade(text) > HARDEST


def all_prose(house: Path = HOUSE) -> Iterator[Prose]:
    yield from prose_of_templates(house)
    yield from prose_of_packs(house)
    yield from prose_of_code(house)


def prose_of_templates(house: Path) -> Iterator[Prose]:
    for file in sorted(house.rglob("templates/**/*")):
        if file.suffix in {".html", ".txt"}:
            for text in paragraphs(_without_tags_of_django(file.read_text())):
                yield Prose(str(file.relative_to(house)), text)


def prose_of_packs(house: Path) -> Iterator[Prose]:
    for file in sorted(house.rglob("content/**/*.toml")):
        for text in _texts(tomllib.loads(file.read_text())):
            yield Prose(str(file.relative_to(house)), text)


def prose_of_code(house: Path) -> Iterator[Prose]:
    for file in sorted(house.rglob("*.py")):
        if "tests" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) in GETTEXT:
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield Prose(f"{file.relative_to(house)}:{node.lineno}", argument.value)


GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and "://" not in value:
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def paragraphs(html: str) -> list[str]:
    """What a page says, block by block, with the words that only a screen reader or a small screen shows."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.blocks


def whole_text(html: str) -> str:
    """All blocks of a page's main part as one text, each ended as a sentence."""
    main = re.search(r"<main\b.*?</main>", html, re.S)
    blocks = paragraphs(main.group() if main else html)
    return " ".join(block if block[-1] in ".!?:”" else f"{block}." for block in blocks)


class _Reader(HTMLParser):
    INLINE = frozenset(
        ("a", "abbr", "b", "bdi", "code", "em", "i", "mark", "small", "span", "strong", "sub", "time", "u")
    )
    SILENT = frozenset(("script", "style"))
    SPOKEN = frozenset(("alt", "title", "aria-label", "placeholder", "content", "label", "value"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self._silent += 1
        if tag not in self.INLINE:
            self.end_block()
        for name, value in attrs:
            if value and (name in self.SPOKEN or name.startswith("data-")) and " " in value.strip():
                self.blocks.append(" ".join(value.split()))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self._silent -= 1
        if tag not in self.INLINE:
            self.end_block()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._words.append(data)

    def end_block(self) -> None:
        text = " ".join("".join(self._words).split())
        if text:
            self.blocks.append(text)
        self._words = []


_COMMENTS = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", re.S)
_TAG = re.compile(r"{%(.*?)%}", re.S)
_QUOTED = re.compile(r'"([^"]*)"|\'([^\']*)\'')
_SAYING = re.compile(r"\s*(translate|trans|translatetag)\b|.*_\(")


def _without_tags_of_django(source: str) -> str:
    """A template as the HTML it roughly becomes: its texts stay, its tags and variables go."""
    source = _COMMENTS.sub("", source)
    return re.sub(r"{{.*?}}", "…", _TAG.sub(_words_of_tag, source))


def _words_of_tag(tag: re.Match[str]) -> str:
    inside = tag.group(1)
    if not _SAYING.match(inside):
        return ""
    # Inside an attribute the quotation marks would end it: the words go in without them.
    return " ".join(one or other for one, other in _QUOTED.findall(inside)[:1])
