import json
import logging
import sys

import pytest
from django.test import Client

from handrail.kernel.logs import JsonLine


def line(**extra: object) -> dict[str, object]:
    record = logging.getLogger("handrail.test").makeRecord(
        "handrail.test", logging.INFO, "x.py", 1, "done", (), None, "f", extra or None
    )
    return json.loads(JsonLine().format(record))


def test_a_line_holds_only_the_fields_it_may() -> None:
    assert "note" not in line(status=200, note="A hard day")
    assert line(status=200)["status"] == 200


def test_a_field_that_holds_more_than_a_technical_word_is_named_by_its_type() -> None:
    assert line(kind="call.rung")["kind"] == "call.rung"
    assert line(kind="Jo’s day")["kind"] == "(str)"
    assert line(reason={"who": "Jo"})["reason"] == "(dict)"


def test_what_a_library_fills_into_its_message_stays_out() -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "x.py", 1, "Not Found: %s", ("/s/secret-id",), None)
    assert "secret-id" not in JsonLine().format(record)


def test_an_error_is_its_type_and_place_and_never_its_text() -> None:
    try:
        raise ValueError("Jo lives at 5 Main Street")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "broke", (), sys.exc_info())
    text = JsonLine().format(record)
    assert "Main Street" not in text
    assert json.loads(text)["error"] == "ValueError"
    assert "test_log_lines" in json.loads(text)["where"][-1]


@pytest.mark.django_db
@pytest.mark.urls("handrail.shell.tests.urls")
def test_a_request_is_logged_by_its_pattern_and_not_by_its_path(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.raise_request_exception = False
    with caplog.at_level(logging.INFO, logger="handrail.requests"):
        client.get("/t/broken/Jo?q=secret")
    lines = [json.loads(JsonLine().format(record)) for record in caplog.records if record.name == "handrail.requests"]
    assert [(found["route"], found["status"], found["method"]) for found in lines] == [("t/broken/<word>", 500, "GET")]
    assert {"ms", "cpu_ms"} <= set(lines[0])
