"""The review of what somebody sees who makes a person show them Handrail names the tests that hold it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REVIEW = ROOT / "docs" / "under-pressure.md"


def lines() -> list[list[str]]:
    """The cells of the table, without its head."""
    rows = [line for line in REVIEW.read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[1:]]


def tests_there_are() -> set[str]:
    files = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "handrail").rglob("tests/test_*.py")]
    return {name for file in files for name in re.findall(r"^def (test_\w+)\(", file.read_text(), re.MULTILINE)}


def test_every_test_that_the_review_names_is_there() -> None:
    named = {name for row in lines() for name in re.findall(r"`(test_\w+)`", row[-1])}
    assert len(named) > 20
    assert named - tests_there_are() == set()


def test_every_line_says_what_they_see_and_what_helps() -> None:
    assert len(lines()) > 25
    assert [row[0] for row in lines() if len(row) != 5 or not (row[1] and row[2])] == []


def test_what_the_issue_asked_to_look_at_is_there() -> None:
    said = " ".join(row[0].casefold() for row in lines())
    for demand in (
        "open the phone", "pin", "passphrase", "messages", "notifications", "history", "circle", "share everything",
        "who looked", "nothing is hidden", "copy of everything", "e-mail", "devices", "erase", "lock off",
    ):  # fmt: skip
        assert demand in said, demand
