"""Reads one pack file (TOML) field by field. What is missing, extra or of the wrong kind is an error naming both."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

Value = TypeVar("Value")


class BadPack(Exception):
    """A pack file cannot be used; the text names the file, the field and what is wrong with it."""

    def __init__(self, file: Path, field: str, why: str) -> None:
        super().__init__(f"{file}: {field}: {why}")


class Table:
    """One table of a pack file. Every field is taken once; `done` refuses what nobody asked for (a typing error)."""

    def __init__(self, file: Path, values: dict[str, Any], at: str = "") -> None:
        self.file = file
        self._values = dict(values)
        self._at = at

    @classmethod
    def read(cls, file: Path) -> "Table":
        try:
            return cls(file, tomllib.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError as why:
            raise BadPack(file, "the file", "is not there") from why
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as why:
            raise BadPack(file, "the file", f"cannot be read: {why}") from why

    def wrong(self, field: str, why: str) -> BadPack:
        return BadPack(self.file, self._at + field, why)

    def words(self, field: str, *, optional: bool = False, may_be_empty: bool = False) -> str:
        text = self._take(field, str, "" if optional else None).strip()
        if not text and not (optional or may_be_empty):
            raise self.wrong(field, "is empty")
        return text

    def day(self, field: str) -> date:
        return self._take(field, date, None)

    def yes(self, field: str, *, optional: bool = False) -> bool:
        return self._take(field, bool, False if optional else None)

    def many_words(self, field: str) -> tuple[str, ...]:
        found = self._take(field, list, None)
        if not found or not all(isinstance(item, str) and item.strip() for item in found):
            raise self.wrong(field, "should be a list of texts, at least one")
        return tuple(found)

    def has(self, field: str) -> bool:
        return field in self._values

    def tables(self, field: str) -> Iterator["Table"]:
        found = self._take(field, list, None)
        if not found or not all(isinstance(item, dict) for item in found):
            raise self.wrong(field, f"should be written as [[{field}]], at least once")
        for number, item in enumerate(found, start=1):
            yield Table(self.file, item, f"{self._at}{field} {number}, ")

    def named_tables(self, field: str) -> Iterator[tuple[str, "Table"]]:
        for name, item in self._take(field, dict, None).items():
            if not isinstance(item, dict):
                raise self.wrong(f"{field}.{name}", f"should be a table, [{field}.{name}]")
            yield name, Table(self.file, item, f"{self._at}{field}.{name}.")

    def table(self, field: str) -> "Table | None":
        found = self._take(field, dict, {})
        return Table(self.file, found, f"{self._at}{field}.") if found else None

    def done(self) -> None:
        if self._values:
            raise self.wrong(", ".join(sorted(self._values)), "no such field")

    def _take(self, field: str, kind: type[Value], default: Value | None) -> Value:
        value = self._values.pop(field, default)
        if value is None:
            raise self.wrong(field, "is missing")
        if type(value) is not kind:  # TOML has no subclasses; a date with a time is not a day
            raise self.wrong(field, f"should be a {_NAMES[kind]}, not {value!r}")
        return value


_NAMES = {str: "text", date: "day such as 2026-11-20", bool: "true or false", list: "list", dict: "table"}
