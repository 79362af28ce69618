import json

import pytest
from django.test import Client

from handrail.interop.document import document
from handrail.people.actions import SCOPES


@pytest.fixture(scope="module")
def operations():
    text = json.loads(json.dumps(document()))
    return {(path, method): one for path, ways in text["paths"].items() for method, one in ways.items()}


def test_every_route_names_its_scope_and_its_errors(operations):
    for (path, method), one in operations.items():
        if path.endswith("/doorbell"):
            continue
        assert one["x-scope"] in SCOPES, path
        assert {"401", "403", "429"} <= one["responses"].keys()
        assert method == "get" or "409" in one["responses"]
        for status, answer in one["responses"].items():
            assert int(status) < 400 or list(answer["content"]) == ["application/problem+json"]


def test_the_doorbell_is_in_the_document(operations):
    assert "text/event-stream" in operations["/api/v1/doorbell", "get"]["responses"]["200"]["content"]


def test_the_document_is_for_anybody(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
    assert "public" in answer["Cache-Control"]


def test_the_page_shows_every_route_without_a_script_of_others(client: Client, operations):
    page = client.get("/api/v1/docs").content.decode()
    for path, method in operations:
        assert f"{method.upper()} {path}" in page
    assert "https://" not in page.replace("https://www.w3.org", "")
    assert "swagger" not in page
