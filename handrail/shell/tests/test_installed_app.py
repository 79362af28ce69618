"""The installed app looks the same, and says nothing, for everybody."""

import json
import re

import pytest
from django.test import Client

from tests.house_rules import TELLING_WORDS

pytestmark = pytest.mark.django_db


def test_its_name_and_words_are_neutral(client: Client) -> None:
    about = client.get("/manifest.webmanifest").json()
    assert about["name"] == "Handrail"
    assert about["start_url"] == about["scope"] == "/"
    text = json.dumps(about).lower()
    assert [word for word in TELLING_WORDS if word in text] == []


def test_its_pictures_are_there(client: Client) -> None:
    sizes = [icon["sizes"] for icon in client.get("/manifest.webmanifest").json()["icons"]]
    assert sizes == ["any", "192x192", "512x512", "512x512"]


def test_the_worker_keeps_only_pages_that_are_about_nobody(client: Client) -> None:
    script = client.get("/sw.js").content.decode()
    kept = json.loads(re.search(r"const KEPT = (\{.*?\});", script, re.DOTALL)[1])
    assert kept["pages"] == ["/offline", "/help/now", "/help/overdose", "/help/naloxone"]
    assert kept["body"] == "1 new update"
    assert 'credentials: "omit"' in script


def test_each_kept_page_is_there_and_needs_no_script(client: Client) -> None:
    for path in ("/offline", "/help/now", "/help/overdose", "/help/naloxone"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<script" not in answer.content.decode(), path


def test_the_worker_is_another_one_when_what_it_keeps_changes(client: Client, settings) -> None:
    before = client.get("/sw.js").content
    settings.HANDRAIL = type(settings.HANDRAIL)(name="Daybook")
    assert client.get("/sw.js").content != before
