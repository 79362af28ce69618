"""Two programs agree: offering, yes, changing, ending, repairing, what to talk about. Nobody else finds any of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from handrail.circle import actions as circle
from handrail.gate import Role
from handrail.people import actions as people
from tests.fixtures.people import Somebody, stand_by

pytestmark = pytest.mark.django_db
Program = Callable[..., HttpResponse]


@pytest.fixture
def program_of() -> Callable[..., Program]:
    def made(somebody: Somebody, *scopes: str) -> Program:
        token = people.make_token(somebody.actor, owner=somebody.id, label="t", scopes=list(scopes or people.SCOPES))
        client = Client(headers={"Authorization": f"Bearer {token}"})

        def ask(method: str, path: str, said: Any = None) -> HttpResponse:
            body = {} if said is None else {"data": json.dumps(said), "content_type": "application/json"}
            answer: HttpResponse = getattr(client, method)(f"/api/v1{path}", **body)
            return answer

        return ask

    return made


@pytest.fixture
def two(jo: Somebody, mum: Somebody, program_of: Callable[..., Program]) -> tuple[Program, Program, str]:
    """(Jo's program, Mum's program, the pair)"""
    jos = program_of(jo)
    [pair] = jos("get", "/pairs").json()
    assert (pair["side"], pair["name"]) == ("owner", "Mum")
    return jos, program_of(mum), pair["pair"]


def test_both_sides_come_by_the_same_address(two: tuple[Program, Program, str]) -> None:
    jos, mums, pair = two
    assert mums("get", "/pairs").json() == [{"pair": pair, "side": "member", "name": "Jo"}]
    for program in (jos, mums):
        assert program("get", f"/pairs/{pair}").json()["agreements"] == []


def test_an_offer_a_yes_other_words_and_an_end(two: tuple[Program, Program, str]) -> None:
    jos, mums, pair = two
    offered = jos("put", f"/pairs/{pair}/lines/limits", {"lines": [{"say": "I can call at six", "then": "I text"}]})
    one = offered.json()
    assert (one["state"], one["my_yes"], one["their_yes"]) == ("offered", True, False)
    agreed = mums("post", f"/agreements/{one['id']}/yes", {"version": one["version"]}).json()
    assert (agreed["state"], agreed["theirs"]) == ("agreed", [{"say": "I can call at six", "then": "I text"}])
    again = mums("put", f"/pairs/{pair}/lines/limits", {"lines": [{"say": "I cannot lend money"}]}).json()
    assert (again["id"], again["state"], again["version"]) == (one["id"], "offered", 2)
    assert jos("post", f"/agreements/{one['id']}/yes", {"version": 1}).status_code == 409
    assert jos("post", f"/agreements/{one['id']}/end").json()["state"] == "ended"
    assert mums("delete", f"/agreements/{one['id']}").status_code == 404
    assert jos("delete", f"/agreements/{one['id']}").status_code == 204
    assert jos("get", "/agreements").json() == []


def test_what_is_kept_for_oneself_reaches_nobody(two: tuple[Program, Program, str]) -> None:
    jos, mums, pair = two
    mine = jos("put", f"/pairs/{pair}/drafts/words", {"lines": [{"say": "Ask me, do not guess"}]}).json()
    assert mine["drafts"] == {"words": [{"say": "Ask me, do not guess", "then": ""}]}
    steps = {"pause": "Sleep on it", "say": "I was scared", "third": "Dee"}
    assert jos("put", f"/pairs/{pair}/steps", steps).json()["third"] == "Dee"
    theirs = mums("get", f"/pairs/{pair}").content.decode() + mums("get", f"/pairs/{pair}/steps").content.decode()
    for words in ("Ask me", "Sleep on it", "scared", "Dee"):
        assert words not in theirs


def test_a_note_after_a_disagreement_is_said_and_taken_back(two: tuple[Program, Program, str]) -> None:
    jos, mums, pair = two
    jos("put", f"/pairs/{pair}/note", {"text": "I am sorry I hung up."})
    assert mums("get", f"/pairs/{pair}").json()["their_note"]["text"] == "I am sorry I hung up."
    assert jos("delete", f"/pairs/{pair}/note").status_code == 204
    assert mums("get", f"/pairs/{pair}").json()["their_note"] is None


def test_topics_are_brought_ticked_noted_and_taken_off(two: tuple[Program, Program, str]) -> None:
    jos, mums, pair = two
    [topic] = mums("post", f"/pairs/{pair}/topics", {"text": "Sunday dinners"}).json()["topics"]
    path = f"/topics/{topic['id']}"
    kept = jos("patch", path, {"note": "Two hours are fine"}).json()
    assert (kept["mine"], kept["draft"], kept["my_note"]) == (False, "Two hours are fine", "")
    assert mums("get", f"/pairs/{pair}").json()["topics"][0]["their_note"] == ""
    assert jos("patch", path, {"note": "Two hours", "shared": True, "talked": True}).json()["my_note"] == "Two hours"
    assert mums("get", f"/pairs/{pair}").json()["topics"][0]["their_note"] == "Two hours"
    assert jos("delete", path).status_code == 404
    assert mums("delete", path).status_code == 204


def test_nobody_else_finds_the_pair(
    two: tuple[Program, Program, str], sam: Somebody, ann: Somebody, program_of: Callable[..., Program]
) -> None:
    jos, _mums, pair = two
    one = jos("put", f"/pairs/{pair}/lines/limits", {"lines": [{"say": "I can call at six"}]}).json()["id"]
    for other in (sam, ann):
        program = program_of(other)
        for method, path, said in (
            ("get", f"/pairs/{pair}", None),
            ("put", f"/pairs/{pair}/lines/limits", {"lines": [{"say": "x"}]}),
            ("get", f"/agreements/{one}", None),
            ("post", f"/agreements/{one}/end", None),
        ):
            assert program(method, path, said).status_code == 404


def test_an_ended_place_closes_the_member_s_side_at_once(
    two: tuple[Program, Program, str], jo: Somebody, mum: Somebody
) -> None:
    jos, mums, pair = two
    one = jos("put", f"/pairs/{pair}/lines/limits", {"lines": [{"say": "I can call at six"}]}).json()["id"]
    circle.end_membership(jo.actor, owner=jo.id, membership=pair)
    assert mums("get", f"/pairs/{pair}").status_code == 404
    assert mums("get", f"/agreements/{one}").status_code == 404
    assert mums("get", "/pairs").json() == []
    assert jos("get", f"/agreements/{one}").json()["live"] is False


def test_a_token_for_reading_changes_nothing(
    two: tuple[Program, Program, str], mum: Somebody, program_of: Callable[..., Program]
) -> None:
    _jos, _mums, pair = two
    reading = program_of(mum, "read")
    assert reading("put", f"/pairs/{pair}/lines/limits", {"lines": [{"say": "x"}]}).status_code == 403
    assert reading("get", f"/pairs/{pair}").status_code == 200


def test_a_person_with_both_kinds_of_circle_has_both(
    jo: Somebody, mum: Somebody, program_of: Callable[..., Program]
) -> None:
    stand_by(mum, jo, Role.FAMILY)
    assert [each["side"] for each in program_of(jo)("get", "/pairs").json()] == ["owner", "member"]
