"""The tree reads the same everywhere: short files, no junk drawers, no hidden hooks, time from one clock."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import HOUSE, modules

LONGEST_FILE = 400  # lines
JUNK_DRAWERS = {
    "utils.py",
    "util.py",
    "helpers.py",
    "common.py",
    "misc.py",
    "base_models.py",
    "signals.py",
    "managers.py",
}
OWN_TIME = re.compile(r"\b(timezone\.now|datetime\.now|datetime\.utcnow|date\.today|time\.time)\(")
MAY_ASK_THE_MACHINE = {"kernel/clock.py", "kernel/logs.py"}


def where(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def test_no_file_is_too_long_to_read() -> None:
    assert [where(path) for path in modules() if len(path.read_text().splitlines()) > LONGEST_FILE] == []


def test_no_folder_has_a_junk_drawer() -> None:
    assert [where(path) for path in modules() if path.name in JUNK_DRAWERS] == []


@pytest.mark.parametrize("path", [*modules()], ids=where)
def test_nothing_but_the_clock_asks_the_machine_for_the_time(path: Path) -> None:
    if where(path) in MAY_ASK_THE_MACHINE:
        return
    assert OWN_TIME.findall(path.read_text()) == []


def test_an_empty_form_is_a_form_everywhere() -> None:
    """`request.POST or None` answers it with 200, as if all were well; `shell.forms.given` does not."""
    assert [where(path) for path in modules() if "POST or None)" in path.read_text().replace(",", ")")] == []


def test_a_second_clock_is_caught() -> None:
    assert OWN_TIME.findall("then = timezone.now()") == ["timezone.now"]


def test_there_are_no_signals_and_no_logic_in_save() -> None:
    hidden = re.compile(r"django\.(db\.models|dispatch|core)\.?signals?|@receiver\(|^    def save\(self", re.MULTILINE)
    hidden_in = {where(path) for path in modules() if hidden.search(path.read_text())}
    assert hidden_in == {"gate/records.py"}  # the wall itself: a row is written only while its owner is open
