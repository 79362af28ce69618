import re
from pathlib import Path

import pytest

from handrail.kernel.environment import Environment

HOUSE = Path(__file__).resolve().parents[2]
READS = re.compile(r"os\.getenv|os\.environ(?!\.setdefault\(|\[[^]]+\] = )")  # to set is not to read


@pytest.mark.parametrize(("named", "name"), [({}, "Ours"), ({"HANDRAIL_ENV_FILE": "other"}, "Other")])
def test_a_file_beside_run_is_read_or_the_one_that_is_named(tmp_path: Path, named: dict[str, str], name: str) -> None:
    (tmp_path / ".env").write_text("HANDRAIL_NAME=Ours")
    (tmp_path / "other").write_text("HANDRAIL_NAME=Other")
    assert Environment.read(tmp_path, named).name == name
    assert Environment.read(tmp_path, {**named, "HANDRAIL_NAME": "Nearer"}).name == "Nearer"


def test_where_none_is_named_none_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HANDRAIL_NAME=Ours")
    assert Environment.read(tmp_path, {"HANDRAIL_ENV_FILE": ""}).name == "Handrail"


def test_nothing_else_reads_the_process_environment() -> None:
    sources = [file for file in HOUSE.rglob("*.py") if "tests" not in file.parts]
    readers = [str(file.relative_to(HOUSE)) for file in sources if READS.search(file.read_text())]
    assert readers == ["kernel/environment.py"]
