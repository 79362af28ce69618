"""Ways to be reached, as pages: an e-mail address is confirmed by its code, and none is ever needed."""

import pytest
from django.test import Client

from handrail.delivery import ways
from handrail.delivery.models import Way
from handrail.gate import Actor, gated
from tests.fixtures.people import PASSPHRASE, Somebody

ADDRESS = "jo@example.org"


@pytest.fixture
def client(jo: Somebody, settings) -> Client:
    changed = {"mail_url": "smtp://127.0.0.1:2", "mail_from": "h@example.org"}
    settings.HANDRAIL = type(settings.HANDRAIL)(**{**vars(settings.HANDRAIL), **changed})
    client = Client()
    client.post("/enter", {"name": "Jo", "passphrase": f"{PASSPHRASE} Jo"})
    return client


@gated("way.read")
def code_sent(actor: Actor, *, owner: str) -> str:
    return str(Way.objects.get(person_id=owner).code)


def test_an_address_counts_once_its_code_was_typed_in(client: Client, jo: Somebody) -> None:
    asked = client.post("/me/ways", {"address": ADDRESS})
    assert ADDRESS.encode() in client.get(asked["Location"]).content
    assert client.post(asked["Location"], {"code": "12"}).status_code == 422
    assert not ways.list_ways(jo.actor, owner=jo.id)[0].verified
    answer = client.post(asked["Location"], {"code": code_sent(Actor.system("a test"), owner=jo.id)})
    assert answer["Location"] == "/me/ways"
    assert ways.list_ways(jo.actor, owner=jo.id)[0].verified


def test_a_way_is_removed_and_forgotten(client: Client, jo: Somebody) -> None:
    asked = client.post("/me/ways", {"address": ADDRESS})
    client.post(asked["Location"] + "/end")
    assert ways.list_ways(jo.actor, owner=jo.id) == []
    assert client.get(asked["Location"]).status_code == 404


def test_nobody_sees_or_ends_the_way_of_somebody_else(client: Client, ann: Somebody) -> None:
    asked = client.post("/me/ways", {"address": ADDRESS})
    other = Client()
    other.post("/enter", {"name": "Ann", "passphrase": f"{PASSPHRASE} Ann"})
    assert other.get(asked["Location"]).status_code == 404
    assert other.post(asked["Location"], {"code": "123456"}).status_code == 404
    assert other.post(asked["Location"] + "/end").status_code == 404


@pytest.mark.parametrize(
    "sent", [{}, {"address": "x"}, {"address": "\x00@example.org"}, {"address": "a" * 999 + "@b.c"}]
)
def test_nonsense_for_an_address_is_shown_again(client: Client, sent: dict[str, str]) -> None:
    assert client.post("/me/ways", sent).status_code == 422


@pytest.mark.parametrize(
    "sent", ["", "[]", "7", "{", '{"endpoint": 7, "keys": []}', '{"endpoint": "http://127.0.0.1/", "keys": {}}']
)
def test_nonsense_for_a_push_subscription_is_refused(client: Client, sent: str) -> None:
    assert client.post("/me/ways/push", sent, content_type="application/json").status_code == 422


def test_a_subscription_that_is_nonsense_a_thousand_times_deep_is_refused(client: Client) -> None:
    answer = client.post("/me/ways/push", "[" * 100_000, content_type="application/json")
    assert answer.status_code == 422
