import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(client: Client) -> Client:
    """Somebody with a session and a second cookie."""
    session: SessionBase = client.session
    session["view"] = "supporter"
    session.save()
    client.cookies["c"] = "t" * 32
    return client


def test_leave_needs_no_script_and_goes_somewhere_dull(visitor: Client) -> None:
    answer = visitor.get("/leave")
    assert answer.status_code == 302
    assert answer.headers["Location"] == settings.HANDRAIL.leave_url


def test_leave_ends_the_session_on_the_server(visitor: Client) -> None:
    key = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.get("/leave")
    visitor.cookies[settings.SESSION_COOKIE_NAME] = key
    assert "view" not in visitor.session


def test_leave_removes_every_cookie(visitor: Client) -> None:
    answer = visitor.get("/leave")
    assert {name for name, cookie in answer.cookies.items() if cookie["max-age"] == 0} >= {"c", "s"}


def test_leave_clears_copies_of_pages_but_keeps_the_offline_help(visitor: Client) -> None:
    assert visitor.get("/leave").headers["Clear-Site-Data"] == '"cache"'


def test_a_picture_in_a_page_cannot_sign_anybody_out(visitor: Client) -> None:
    key = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.get("/leave", headers={"Sec-Fetch-Dest": "image"})
    visitor.cookies[settings.SESSION_COOKIE_NAME] = key
    assert visitor.session["view"] == "supporter"


def test_how_leave_works_says_what_it_cannot_do(client: Client) -> None:
    page = client.get("/safe").content.decode()
    assert "does not clear your browser’s history" in page
    assert settings.HANDRAIL.leave_url in page


@pytest.mark.parametrize("name", ["a[b]", "x y", "caf\xe9", "a,b"])
def test_leave_leaves_whatever_cookies_somebody_put_there(visitor: Client, name: str) -> None:
    answer = visitor.get("/leave", headers={"Cookie": f"{name}=1; c={'t' * 32}"})
    assert answer.status_code == 302
    assert answer.cookies["c"]["max-age"] == 0
