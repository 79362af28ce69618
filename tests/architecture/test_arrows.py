"""Which room may import which: the contracts of pyproject.toml, and what import-linter cannot say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import HOUSE, ROOT, imports, modules, package_of

OUT_OF_REACH_OF_A_RULE = ("django.db", "django.http", "datetime.datetime.now", "time", "random", "os", "socket")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_arrows_run_one_way() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("kernel/clock.py", "import handrail.gate.models"),
        ("shell/context.py", "import handrail.people.models"),
        ("checkins/rules.py", "import handrail.safety.actions"),
        ("home/pages.py", "from handrail.people.models import Person"),
        ("interop/document.py", "from handrail.people.models import Person"),
    ],
)
def test_an_arrow_that_runs_back_is_caught(tmp_path: Path, module: str, line: str) -> None:
    """The contracts see what they are there for: a copy of the house with one wrong import in it does not pass."""
    house = tmp_path / "handrail"
    for path in HOUSE.rglob("*.py"):
        copy = house / path.relative_to(HOUSE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    broken = house / module
    broken.write_text((broken.read_text() if broken.exists() else "") + f"\n{line}\n")
    os.utime(broken)
    assert "BROKEN" in lint_imports(tmp_path).stdout


def rule_breaches(text: str, package: str) -> list[str]:
    """What a rules.py imports although it should decide from its arguments alone."""
    return [
        name
        for name in sorted(imports(text, package))
        if (name.startswith("handrail.") and not name.startswith("handrail.kernel."))
        or name.startswith("handrail.kernel.clock")
        or any(name == far or name.startswith(f"{far}.") for far in OUT_OF_REACH_OF_A_RULE)
    ]


@pytest.mark.parametrize("path", [*modules("*/rules.py")], ids=package_of)
def test_a_rule_knows_neither_clock_nor_database(path: Path) -> None:
    own_kinds = {"handrail.gate.categories"}  # plain names of categories and roles
    breaches = [
        name for name in rule_breaches(path.read_text(), package_of(path)) if name.rsplit(".", 1)[0] not in own_kinds
    ]
    assert breaches == []


def test_a_rule_that_reads_the_clock_is_caught() -> None:
    text = "from handrail.kernel import clock\nfrom .models import CheckIn\nfrom django.db import models\n"
    assert rule_breaches(text, "handrail.checkins") == [
        "django.db.models", "handrail.checkins.models.CheckIn", "handrail.kernel.clock",
    ]  # fmt: skip
