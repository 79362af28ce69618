"""API tokens: shown once, kept as a hash, ended at once."""

import re

from django.db import connection
from django.test import Client

from handrail.gate.opening import Upkeep
from handrail.kernel.keys import destroy_data_key
from handrail.people import actions, queries
from handrail.people.tokens import person_of_scope, person_of_token
from tests.fixtures.people import PASSPHRASE, Somebody


def make(jo: Somebody) -> str:
    return actions.make_token(jo.actor, owner=jo.id, label="my watch", scopes=["read", "checkins"])


def test_a_token_is_shown_once_and_speaks_for_its_person(jo: Somebody) -> None:
    client = Client()
    client.post("/enter", {"name": "Jo", "passphrase": f"{PASSPHRASE} Jo"})
    assert client.post("/me/tokens", {"label": "my watch", "scopes": ["read"]})["Location"] == "/me/tokens"
    assert client.head("/me/tokens").status_code == 200  # does not use up the one time
    page = client.get("/me/tokens").content.decode()
    raw = re.search(r"hr_[A-Za-z0-9]{22}_[\w-]{32}", page)
    assert raw is not None
    assert raw[0] not in client.get("/me/tokens").content.decode()
    assert len(queries.tokens(jo.actor, owner=jo.id)) == 1
    bearer = person_of_token(raw[0])
    assert bearer is not None
    assert (bearer.person_id, bearer.scopes) == (jo.id, frozenset({"read"}))


def test_only_a_hash_of_a_token_is_kept(jo: Somebody) -> None:
    secret = make(jo).split("_", 2)[2]
    with Upkeep(), connection.cursor() as cursor:
        cursor.execute("SELECT digest, label, scopes FROM people_token")
        row = cursor.fetchone()
    assert secret.encode() not in bytes(row[0])
    assert b"my watch" not in bytes(row[1])


def test_an_ended_token_opens_nothing(jo: Somebody) -> None:
    raw = make(jo)
    actions.end_token(jo.actor, owner=jo.id, token=queries.tokens(jo.actor, owner=jo.id)[0].id)
    assert person_of_token(raw) is None
    assert queries.tokens(jo.actor, owner=jo.id) == []


def test_nobody_ends_the_token_of_somebody_else(jo: Somebody, ann: Somebody) -> None:
    raw = make(jo)
    actions.end_token(ann.actor, owner=ann.id, token=raw.split("_")[1])
    assert person_of_token(raw) is not None


def test_changed_shortened_or_made_up_tokens_open_nothing(jo: Somebody) -> None:
    raw = make(jo)
    for wrong in (raw[:-1], raw[:-1] + ("a" if raw[-1] != "a" else "b"), "hr_" + "a" * 22 + "_" + "b" * 32, "", "\x00"):
        assert person_of_token(wrong) is None


def test_a_token_of_an_erased_account_opens_nothing(jo: Somebody) -> None:
    raw = make(jo)
    destroy_data_key(jo.id)
    assert person_of_token(raw) is None


def test_the_doorbell_of_the_api_asks_for_the_token(jo: Somebody) -> None:
    raw = make(jo)
    assert person_of_scope({"headers": [(b"authorization", f"Bearer {raw}".encode())]}) == jo.id
    assert person_of_scope({"headers": [(b"authorization", raw.encode())]}) is None
    assert person_of_scope({"headers": [(b"authorization", f"Basic {raw}".encode())]}) is None
    assert person_of_scope({"headers": []}) is None


def test_the_day_of_last_use_is_noted(jo: Somebody) -> None:
    raw = make(jo)
    assert queries.tokens(jo.actor, owner=jo.id)[0].used_on is None
    person_of_token(raw)
    assert queries.tokens(jo.actor, owner=jo.id)[0].used_on is not None


def test_nonsense_in_the_form_is_shown_again(jo: Somebody) -> None:
    client = Client()
    client.post("/enter", {"name": "Jo", "passphrase": f"{PASSPHRASE} Jo"})
    for sent in ({}, {"label": "x", "scopes": ["everything"]}, {"label": "\x00", "scopes": "read"}):
        assert client.post("/me/tokens", sent).status_code == 422


def test_taking_the_account_back_ends_every_token(jo: Somebody) -> None:
    words = actions.new_recovery_words(jo.actor, owner=jo.id)
    for take_back in (
        lambda: actions.change_passphrase(jo.actor, owner=jo.id, passphrase="another quiet harbour"),
        lambda: actions.recover(recovery_words=words, passphrase="one more quiet harbour"),
    ):
        raw = actions.make_token(jo.actor, owner=jo.id, label="Mine", scopes=["read"])
        assert person_of_token(raw) is not None
        take_back()
        assert person_of_token(raw) is None
