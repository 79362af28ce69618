"""The one clock. Nothing else in the house asks the machine what time it is.

Tests and simulations move it: in one process with `moved_to` and `moved_by`, across processes (a browser test with a
real web server and a real worker) through a small file named by HANDRAIL_TEST_CLOCK, which holds an offset in seconds.
`./run serve` refuses to start while that variable is set.
"""

import contextlib
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

_fixed: datetime | None = None
_offset_file: Path | None = None


def follow(name: str) -> None:
    """Keep time by the offset in the file `name` (HANDRAIL_TEST_CLOCK); real time where it is empty."""
    global _offset_file
    _offset_file = Path(name) if name else None


def now() -> datetime:
    """This moment, aware, in UTC."""
    if _fixed is not None:
        return _fixed
    if _offset_file is not None:
        return datetime.now(UTC) + _offset(_offset_file)
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar day it is now in `zone` (an IANA name)."""
    return local_day(now(), zone)


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day that `moment` falls on for somebody who lives in `zone`."""
    return moment.astimezone(ZoneInfo(zone)).date()


def monotonic() -> float:
    """Seconds that never run backwards, for leases and time-outs inside one process."""
    return time.monotonic()


@contextlib.contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Stand still at `moment` until the block ends (tests and simulations only)."""
    global _fixed
    before = _fixed
    _fixed = moment.astimezone(UTC)
    try:
        yield
    finally:
        _fixed = before


@contextlib.contextmanager
def moved_by(**delta: float) -> Iterator[None]:
    """Stand still at now plus a timedelta given by keyword: `moved_by(hours=3)`."""
    with moved_to(now() + timedelta(**delta)):
        yield


def _offset(file: Path) -> timedelta:
    try:
        return timedelta(seconds=float(file.read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta()
