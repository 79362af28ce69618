"""The benchmarks run, and what they can prove on a busy machine holds: how many questions are asked.

Times are for `./run bench pages` and `./run bench gate` on a quiet machine (docs/performance.md).
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from benchmarks.gate import AT_A_DESK
from benchmarks.pages import MOST_QUERIES

SIZES = (100, 600)  # people behind a desk
ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.data
ENGINE = "postgresql" if settings.HANDRAIL.database_url else "sqlite"


def bench(name: str, *options: str, into: Path) -> Any:
    """The figures of a benchmark of this run's database."""
    command = [sys.executable, "-m", f"benchmarks.{name}", "--db", ENGINE, "--json", str(into), *options]
    environ = {name: value for name, value in os.environ.items() if name != "HANDRAIL_DATABASE_URL"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert into.is_file(), done.stdout + done.stderr
    return json.loads(into.read_text())[ENGINE]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    file = tmp_path_factory.mktemp("bench") / "pages.json"
    return list(bench("pages", "--small", "10", "--large", "150", "--requests", "4", "--no-http", into=file))


def test_a_large_install_is_asked_no_more_than_a_small_one(pages) -> None:
    assert {page["page"]: page["queries"] for page in pages if page["queries"][0] != page["queries"][1]} == {}


def test_no_everyday_page_asks_more_than_twelve_questions(pages) -> None:
    assert len(pages) == 6
    assert {page["page"]: page["queries"] for page in pages if max(page["queries"]) > MOST_QUERIES} == {}


def test_the_yardstick_has_one_session_and_one_query(pages) -> None:
    assert next(page["queries"] for page in pages if page["page"] == "bare") == [2, 2]


def test_whoever_works_at_a_desk_asks_one_question_however_many_stand_behind_it(tmp_path) -> None:
    few = ("--people", "20", "--calls", "50", "--entries", "5", "--desks", *map(str, SIZES))
    found = bench("gate", *few, into=tmp_path / "gate.json")
    asked = {name: number for name, number in found.items() if name.endswith("_queries")}
    assert len(asked) == len(AT_A_DESK) * len(SIZES)
    assert {name: number for name, number in asked.items() if number != 1} == {}
