"""Resting, leaving and coming back by token: the same as by page."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from handrail.circle import queries as roster
from handrail.gate import Category
from handrail.kernel import clock
from handrail.people import actions as people
from tests.fixtures.people import Somebody, share

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


@pytest.fixture
def ask(client: Client, mum: Somebody) -> Ask:
    token = people.make_token(mum.actor, owner=mum.id, label="t", scopes=["read", "circle"])

    def asked(method: str, path: str, body: Any = None) -> Any:
        return client.generic(
            method,
            f"/api/v1{path}",
            data=json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    return asked


def until(days: int = 14) -> str:
    return (clock.now() + timedelta(days=days)).isoformat()


def test_a_rest_begins_and_ends(ask: Ask, jo: Somebody, mum: Somebody, sam: Somebody) -> None:
    share(jo, mum, Category.HELP)
    share(jo, sam, Category.HELP)
    assert ask("GET", "/rest").json() == [{"owner": jo.id, "name": "Jo", "off_until": None, "last": False}]
    began = ask("PUT", "/rest", {"owners": [jo.id], "until": until()})
    assert began.status_code == 200 and began.json()[0]["off_until"]
    assert not next(each for each in roster.roster(jo.actor, owner=jo.id) if each.name == "Mum").gets_calls
    assert ask("DELETE", "/rest").json()[0]["off_until"] is None


def test_the_last_one_says_that_they_know(ask: Ask, jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, Category.HELP)
    refused = ask("PUT", "/rest", {"owners": [jo.id], "until": until()})
    assert (refused.status_code, refused.json()["code"]) == (409, "last_on_call")
    told = {"owners": [jo.id], "until": until(), "although_last": [jo.id]}
    assert ask("PUT", "/rest", told).json()[0]["off_until"]


def test_a_rest_without_end_is_refused_with_its_field(ask: Ask, jo: Somebody) -> None:
    refused = ask("PUT", "/rest", {"owners": [jo.id], "until": until(120)})
    assert (refused.status_code, refused.json()["field"]) == (422, "until")


def test_leaving_and_coming_back(ask: Ask, jo: Somebody, mum: Somebody) -> None:
    gone = ask("POST", f"/circles/{jo.id}/leave").json()
    assert [each["name"] for each in gone] == ["Jo"] == [each["name"] for each in ask("GET", "/circles/left").json()]
    assert roster.roster(jo.actor, owner=jo.id) == []
    assert ask("POST", f"/circles/left/{gone[0]['place']}/return").status_code == 204
    assert [each.name for each in roster.roster(jo.actor, owner=jo.id)] == ["Mum"]
    assert ask("POST", f"/circles/left/{gone[0]['place']}/return").status_code == 409


def test_the_person_s_program_sees_who_rests(client: Client, ask: Ask, jo: Somebody, mum: Somebody) -> None:
    ask("PUT", "/rest", {"owners": [jo.id], "until": until()})
    token = people.make_token(jo.actor, owner=jo.id, label="t", scopes=["read"])
    told = client.get("/api/v1/circle", headers={"Authorization": f"Bearer {token}"}).json()
    assert [each["off_until"] is not None for each in told] == [True]
