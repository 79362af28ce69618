import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_no_inline_script_and_no_other_site_is_ever_allowed(client: Client) -> None:
    policy = client.get("/safe").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", ["/safe", "/leave", "/not-a-page", "/enter"])
def test_nobody_on_the_way_may_keep_a_page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_what_is_the_same_for_everybody_may_be_kept(client: Client) -> None:
    assert client.get("/offline").headers["Cache-Control"] == "public, max-age=3600"
    assert client.get("/sw.js").headers["Cache-Control"] == "public, no-cache"


def test_pages_that_may_be_kept_do_not_ask_who_is_looking(client: Client) -> None:
    for path in ("/offline", "/sw.js", "/manifest.webmanifest"):
        answer = client.get(path)
        assert "Cookie" not in answer.headers.get("Vary", ""), path
        assert not answer.cookies, path


def test_tls_is_asked_for_again_only_where_it_was_used(client: Client) -> None:
    assert "Strict-Transport-Security" not in client.get("/safe").headers
    assert "max-age=63072000" in client.get("/safe", secure=True).headers["Strict-Transport-Security"]


def test_pages_hold_no_inline_script_or_style(client: Client) -> None:
    for path in ("/safe", "/offline", "/not-a-page"):
        page = client.get(path).content.decode()
        assert "<script>" not in page
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick" not in page
