"""The page of somebody's own call, without any script: it keeps itself fresh, and never takes what is being typed."""

import pytest
from django.test import Client

from handrail.gate import Category
from handrail.kernel.ids import new_id
from handrail.safety import actions, queries
from tests.fixtures.people import PASSPHRASE, Somebody, share

pytestmark = pytest.mark.django_db

REFRESH = b'http-equiv="refresh"'


@pytest.fixture
def page(jo: Somebody, mum: Somebody) -> str:
    share(jo, mum, Category.HELP)
    call = actions.make_call(jo.actor, owner=jo.id, key=new_id(), words="Can you call me?")
    return f"/a/{call}"


@pytest.fixture
def client(jo: Somebody) -> Client:
    client = Client()
    client.post("/enter", {"name": "Jo", "passphrase": f"{PASSPHRASE} Jo"})
    return client


def test_it_reloads_by_itself_until_somebody_wants_to_type(client: Client, page: str) -> None:
    fresh = client.get(page)
    assert REFRESH in fresh.content and b"<textarea" not in fresh.content
    typing = client.get(f"{page}?add=1")
    assert REFRESH not in typing.content and b"<textarea" in typing.content


def test_what_could_not_be_taken_stays_and_the_page_stands_still(client: Client, page: str) -> None:
    answer = client.post(f"{page}/add", {"place": "x" * 5000})
    assert answer.status_code == 422
    assert REFRESH not in answer.content and b"x" * 5000 in answer.content


def test_what_was_typed_is_sent_and_the_page_is_fresh_again(client: Client, page: str, jo: Somebody) -> None:
    answer = client.post(f"{page}/add", {"place": "The yellow house"}, follow=True)
    assert REFRESH in answer.content
    assert queries.status(jo.actor, call=page.rpartition("/")[2]).place == "The yellow house"


def test_a_call_that_is_over_does_not_reload_any_more(client: Client, page: str) -> None:
    client.post(f"{page}/end", {"ending": "okay"})
    assert REFRESH not in client.get(page).content
