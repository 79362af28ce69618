"""An operator keeps `.env` beside `run`, and may type `./run test` there: nothing of theirs reaches a test."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.surroundings import bare

ROOT = Path(__file__).resolve().parents[2]
THEIRS = """
HANDRAIL_DATABASE_URL=postgres://real:secret@127.0.0.1:1/real
HANDRAIL_MAIL_URL=smtp://127.0.0.1:1
HANDRAIL_SMS_BY=twilio
HANDRAIL_POSTURE=circle
HANDRAIL_NAME=Theirs
HANDRAIL_HOME=theirs
"""
SAY = "import json; from handrail.settings import HANDRAIL as h; print(json.dumps([h.name, h.database_url]))"
OF_A_TEST = """
import json
from tests import settings
h = settings.HANDRAIL
database = settings.DATABASES["default"]["ENGINE"]
print(json.dumps([h.name, h.mail_url, h.sms_by, h.posture, database.rpartition(".")[2], "theirs" in str(h.home)]))
"""
OF_A_PROCESS = """
import json, pathlib
from tests.fixtures.live import Live
live = Live(pathlib.Path("home"))
live.start()
told = live.manage("shell", "-v", "0", "-c", {say!r})
print(json.dumps([live.get("/help/now")[0], live.stop(), json.loads(told)]))
"""


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with an operator's `.env` in it."""
    copy = tmp_path_factory.mktemp("theirs")
    for name in ("handrail", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    (copy / ".env").write_text(THEIRS)
    return copy


def told(folder: Path, script: str, environ: dict[str, str]) -> Any:
    """What a script says that is run in a folder, as JSON in its last line."""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def as_an_operator_has_it() -> dict[str, str]:
    return {name: value for name, value in bare().items() if name != "HANDRAIL_ENV_FILE"}


def test_without_a_word_the_file_is_read(theirs: Path) -> None:
    assert told(theirs, SAY, as_an_operator_has_it()) == ["Theirs", "postgres://real:secret@127.0.0.1:1/real"]


def test_the_settings_of_a_test_are_not_theirs(theirs: Path) -> None:
    assert told(theirs, OF_A_TEST, as_an_operator_has_it()) == ["Handrail", "", "", "part2", "sqlite3", False]


def test_nor_are_those_of_an_install_that_a_test_starts(theirs: Path) -> None:
    said = told(theirs, OF_A_PROCESS.format(say=SAY), as_an_operator_has_it())
    assert said == [200, 0, ["Handrail", ""]]
    assert not (theirs / "theirs").exists()
