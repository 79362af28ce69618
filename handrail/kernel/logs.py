"""Logs: one JSON object a line, and nothing about anybody in it.

What somebody typed, who they are, how they are, a path with ids in it: none of that may reach a log, also not through
a library that puts it into its message. So a line holds the message **before** its arguments are filled in, the fields
listed here and no others, and of an error its type and where it happened, never its text.
"""

import json
import logging
import re
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

FIELDS = (
    "method", "route", "status", "ms", "cpu_ms",  # a request
    "kind", "lane", "way", "outcome", "count", "attempts", "age_s", "seconds",  # the engine and delivery
    "worker", "pid", "port", "database", "version", "setting", "reason", "view",  # a process
)  # fmt: skip
WORD = re.compile(r"[\w.:/<>,+\- ]{0,120}")
DEEPEST = 12


class JsonLine(logging.Formatter):
    """A record as one line of JSON: `at` (UTC), `level`, `logger`, `event`, then the fields it was given."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg).splitlines()[0][:200] if record.msg else "",
        }
        line.update({name: _harmless(record.__dict__[name]) for name in FIELDS if name in record.__dict__})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _harmless(value: object) -> object:
    """Numbers and short technical words as they are; anything else only as its type."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str) and WORD.fullmatch(value):
        return value
    return f"({type(value).__name__})"


def _places(traceback: TracebackType | None) -> list[str]:
    """The deepest frames as `module:line function`, innermost last; no source, no values."""
    places = []
    while traceback is not None:
        frame = traceback.tb_frame
        places.append(f"{frame.f_globals.get('__name__', '?')}:{traceback.tb_lineno} {frame.f_code.co_name}")
        traceback = traceback.tb_next
    return places[-DEEPEST:]
