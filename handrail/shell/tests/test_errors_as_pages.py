import pytest
from django.test import Client
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.urls("handrail.shell.tests.urls")]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/t/too-late", 409, "That has already changed"),
        ("/t/no-room", 507, "call or text them"),
        ("/not-a-page", 404, "It may have ended"),
    ],
)
def test_an_error_says_in_plain_words_what_to_do(client: Client, path: str, status: int, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_help_is_in_reach_on_every_error_page(client: Client) -> None:
    client.raise_request_exception = False
    for path in ("/t/too-late", "/t/no-room", "/not-a-page", "/t/broken/Jo"):
        page = client.get(path).content.decode()
        assert f'href="{reverse("call")}"' in page
        assert f'href="{reverse("help-now")}"' in page
        assert "data-leave" in page


def test_an_unknown_error_gives_nothing_away(client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/t/broken/Jo")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Main Street" not in page
    assert "RuntimeError" not in page
    assert "on our side, not yours" in page


def test_a_live_part_of_a_page_gets_the_words_alone(client: Client) -> None:
    answer = client.get("/t/too-late", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.content.decode() == "That has already changed. Here is how it is now."
