"""What `./run test` says at its end, and with what it ends."""

import subprocess
from pathlib import Path

import pytest

from tests.__main__ import NO_POSTGRES, NOTHING_CHOSEN, Run, _closing_line, _code

ROOT = Path(__file__).resolve().parents[2]


def ran(where: str, code: int = 0, **counts: int) -> Run:
    return where, code, counts


def test_it_adds_up_and_says_where() -> None:
    runs = [ran("on SQLite", passed=400, skipped=2), ran("in the browser", passed=100), ran("on PostgreSQL", passed=9)]
    assert _closing_line(runs, with_postgres=True) == (
        "509 passed, 0 failed, 2 skipped (400 passed on SQLite, 100 passed in the browser, 9 passed on PostgreSQL)"
    )


def test_a_failure_and_an_error_are_in_it() -> None:
    line = _closing_line([ran("on SQLite", 1, passed=3, failed=1, error=2)], with_postgres=True)
    assert line == "3 passed, 1 failed, 2 error (3 passed on SQLite)"


def test_a_missing_server_is_in_it() -> None:
    assert _closing_line([ran("on SQLite", passed=1)], with_postgres=False).endswith(
        f"(1 passed on SQLite){NO_POSTGRES}"
    )


def test_a_run_that_said_nothing_counts_as_nothing() -> None:
    assert _closing_line([ran("on SQLite", 3)], with_postgres=True) == "0 passed, 0 failed (0 passed on SQLite)"


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([0, 0, 0], 0),
        ([0, NOTHING_CHOSEN, NOTHING_CHOSEN], 0),  # a test that is all in one run
        ([NOTHING_CHOSEN, NOTHING_CHOSEN], NOTHING_CHOSEN),  # none at all
        ([NOTHING_CHOSEN, 1, 0], 1),
        ([0, 2, 1], 2),
        ([0, 0, -9], -9),  # killed
    ],
)
def test_it_ends_well_only_where_all_did(codes: list[int], code: int) -> None:
    assert _code([ran("here", each) for each in codes]) == code


CI = r"""
set -uo pipefail
part() { :; }
eval "$(sed -n '/^must_have_seen_postgres()/,/^}/p' .ci/run)"
must_have_seen_postgres "$1"
"""


@pytest.mark.parametrize(("with_postgres", "code"), [(True, 0), (False, 1)])
def test_the_whole_check_is_not_content_without_a_server(with_postgres: bool, code: int) -> None:
    """`.ci/run` looks for one and starts it: that the data tests ran on SQLite alone must not pass in silence."""
    line = _closing_line([ran("on SQLite", passed=1)], with_postgres=with_postgres)
    done = subprocess.run(["bash", "-c", CI, "ci", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, bool(done.stderr)) == (code, bool(code))
