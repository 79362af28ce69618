from dataclasses import replace
from pathlib import Path

import pytest

from handrail.kernel.environment import Environment
from handrail.startup.refusals import cautions, refusals


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
        ({"sms_by": "pigeon"}, "pigeon"),
        ({"sms_by": "twilio", "sms_user": "AC1", "sms_password": "x"}, "HANDRAIL_SMS_FROM"),
        ({"sms_by": "phone", "sms_url": "http://10.0.0.9:8080/message"}, "HANDRAIL_SMS_USER"),
        ({"sms_by": "http"}, "HANDRAIL_SMS_URL"),
        ({"sms_by": "http", "sms_url": "https://sms.example.org", "sms_body": "to={to}"}, "{text}"),
        ({"sms_by": "http", "sms_url": "https://sms.example.org", "sms_body": '{"a": "{to}{text}"'}, "JSON"),
        ({"sms_by": "http", "sms_url": "https://sms.example.org", "sms_method": "SEND"}, "HANDRAIL_SMS_METHOD"),
        ({"sms_by": "http", "sms_url": "https://sms.example.org", "sms_header": "Bearer x"}, "HANDRAIL_SMS_HEADER"),
    ],
)
def test_it_says_what_is_missing(ready: Environment, lacking: dict[str, object], named: str) -> None:
    (reason,) = refusals(replace(ready, **lacking))
    assert named in reason


@pytest.mark.parametrize(
    "texts",
    [
        {"sms_by": "twilio", "sms_user": "AC1", "sms_password": "x", "sms_from": "+15550001111"},
        {"sms_by": "phone", "sms_url": "http://10.0.0.9:8080/message", "sms_user": "sms", "sms_password": "x"},
        {"sms_by": "http", "sms_url": "https://sms.example.org", "sms_header": "Authorization: Bearer x"},
        {
            "sms_by": "http",
            "sms_url": "https://sms.example.org",
            "sms_body": "to={to}&text={text}",
            "sms_method": "get",
        },
    ],
)
def test_whole_settings_for_texts_are_taken(ready: Environment, texts: dict[str, str]) -> None:
    assert list(refusals(replace(ready, **texts))) == []


def test_an_install_that_can_reach_nobody_is_told_so(ready: Environment) -> None:
    (caution,) = cautions(ready)
    assert "HANDRAIL_SMS_BY" in caution and "\n" not in caution
    assert len(list(cautions(replace(ready, mail_url="smtp://127.0.0.1")))) == 1  # no sender, so no mail either
    for way in (
        {"mail_url": "smtp://x", "mail_from": "h@x.org"},
        {"push_contact": "mailto:o@x.org"},
        {"sms_by": "http"},
    ):
        assert list(cautions(replace(ready, **way))) == []


def test_a_key_file_that_others_can_read_is_refused(ready: Environment) -> None:
    ready.key_file.chmod(0o640)
    (reason,) = refusals(ready)
    assert "chmod 600" in reason


def test_everything_that_is_missing_is_named_in_one_go(tmp_path: Path) -> None:
    assert len(list(refusals(Environment(home=tmp_path)))) == 4
