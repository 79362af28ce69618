from dataclasses import replace
from pathlib import Path

import pytest

from handrail.kernel.environment import Environment
from handrail.startup.refusals import refusals


@pytest.fixture
def ready(tmp_path: Path) -> Environment:
    """Settings of an install that may serve."""
    (tmp_path / "key.json").touch(mode=0o600)
    return Environment(
        home=tmp_path, secret_key="s" * 50, allowed_hosts=("help.example.org",), origin="https://help.example.org"
    )


def test_an_install_that_has_everything_may_start(ready: Environment) -> None:
    assert list(refusals(ready)) == []


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"demo": True}, "HANDRAIL_DEMO"),
        ({"test_clock": "/tmp/clock"}, "HANDRAIL_TEST_CLOCK"),
        ({"secret_key": ""}, "HANDRAIL_SECRET_KEY"),
        ({"secret_key": "short"}, "HANDRAIL_SECRET_KEY"),
        ({"allowed_hosts": ()}, "HANDRAIL_ALLOWED_HOSTS"),
        ({"allowed_hosts": ("*",)}, "HANDRAIL_ALLOWED_HOSTS"),
        ({"origin": ""}, "HANDRAIL_ORIGIN"),
        ({"origin": "http://help.example.org"}, "HANDRAIL_ORIGIN"),
        ({"origin": "http://localhost.example.org"}, "HANDRAIL_ORIGIN"),
        ({"origin": "https://help.example.org/app"}, "HANDRAIL_ORIGIN"),
        ({"key_path": "/nowhere/key.json"}, "/nowhere/key.json"),
    ],
)
def test_it_says_what_is_missing(ready: Environment, lacking: dict[str, object], named: str) -> None:
    (reason,) = refusals(replace(ready, **lacking))
    assert named in reason


def test_a_key_file_that_others_can_read_is_refused(ready: Environment) -> None:
    ready.key_file.chmod(0o640)
    (reason,) = refusals(ready)
    assert "chmod 600" in reason


def test_everything_that_is_missing_is_named_in_one_go(tmp_path: Path) -> None:
    assert len(list(refusals(Environment(home=tmp_path)))) == 4
