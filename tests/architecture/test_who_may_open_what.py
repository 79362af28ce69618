"""Every address, asked for by every kind of person: what they get stands in `who_may_open_what.txt`.

The table is complete by construction: an address without its two rows fails, and so does a row without an address.
"""

import json
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from handrail.gate import Role
from handrail.gate.views import AUDIENCES
from handrail.kernel import clock
from handrail.people import actions
from handrail.people.models import Person
from tests.architecture.addresses import Address, addresses
from tests.architecture.filled import ZONE, fill
from tests.fixtures.people import Somebody, sign_up, stand_by

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).parent / "who_may_open_what.txt"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
KINDS = ("nobody", "stranger", "member", "sees-all", "owner")
#: ids of Jo's
OWNED = {
    "owner", "membership", "checkin", "invitation", "step", "visit", "medicine", "agreement", "topic", "call", "way",
    "shownnote", "pair", "programplace",
}  # fmt: skip

#: What a write says, where it would be turned away for saying nothing before anybody asks whose it is.
SAYS = {
    "care/m/<id:medicine>/taken": {"day": "today"},
    "care/m/<id:medicine>/undo": {"day": "today"},
    "invite/<id:invitation>/compare": {"do": "take_back"},
    "people/<id:membership>/agreed/again": {"do": "share", "say": "I was scared too."},
    "people/<id:membership>/agreed/write/<slug:kind>": {"do": "offer", "say_1": "I can cook"},
    "people/<id:membership>/agreed/topics": {"text": "Sundays"},
    "s/<id:owner>/agreed/again": {"do": "share", "say": "I was scared too."},
    "s/<id:owner>/agreed/write/<slug:kind>": {"do": "offer", "say_1": "I can cook"},
    "s/<id:owner>/agreed/topics": {"text": "Sundays"},
    "agreed/topic/<id:topic>": {"do": "talked"},
    "agreed/<id:agreement>/answer": {"do": "end"},
    "api/v1/shares/<id:membership>": {"categories": []},
    "api/v1/calls/<id:call>/end": {"ending": "okay"},
    "api/v1/programs/<id:program>/place": {"called": "Jo"},
    "api/v1/alerts/<id:call>/answer": {"answer": "cannot"},
    "api/v1/checkins/<id:checkin>": {"sleep": 2},
    "api/v1/pairs/<id:pair>/lines/<kind>": {"lines": [{"say": "I can cook"}]},
    "api/v1/pairs/<id:pair>/drafts/<kind>": {"lines": [{"say": "I can cook"}]},
    "api/v1/pairs/<id:pair>/topics": {"text": "Sundays"},
    "api/v1/pairs/<id:pair>/note": {"text": "I was scared too."},
    "api/v1/agreements/<id:agreement>/yes": {"version": 1},
}
NOT_A_WAY_IN = ["405"] * len(KINDS), ["door", *["405"] * (len(KINDS) - 1)]  # such rows are left out of the table


def table() -> dict[tuple[str, str], list[str]]:
    """{(route, method): what each kind of person gets}"""
    rows = {}
    for line in TABLE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            route, method, *answers = line.split()
            assert (route, method) not in rows, f"two rows for {method} {route}"
            rows[route, method] = answers
    return rows


def expected(address: Address, method: str) -> list[str]:
    """What stands in the table; ["405"] where nobody can do this here."""
    return table().get((f"/{address.route}", method), ["405"])


class House:
    """Jo with everything in it, seen by all kinds of people; what a request changes is taken back.

    Pages are asked with a session, the API with a personal token that may do everything.
    """

    def __init__(self) -> None:
        self.jo, self.mum, self.sam, ann = (sign_up(name) for name in ("Jo", "Mum", "Sam", "Ann"))
        self.values = fill(self.jo, self.mum)
        stand_by(self.jo, self.sam, Role.SPONSOR)  # a member with whom nothing is shared
        people = dict(zip(KINDS, (None, ann, self.sam, self.mum, self.jo), strict=True))
        self.sessions = {kind: _session(somebody) for kind, somebody in people.items()}
        self.tokens = {kind: _token(somebody) for kind, somebody in people.items()}

    def ask(self, kind: str, method: str, address: Address) -> str:
        says = {
            name: str(clock.today(ZONE)) if said == "today" else said
            for name, said in SAYS.get(address.route, {}).items()
        }
        with transaction.atomic():
            by_token = getattr(address.view, "open_to", "") == "token"
            answer = (self._by_token if by_token else self._by_session)(kind, method, address, says)
            transaction.set_rollback(True)
        return _in_a_word(answer)

    def _by_session(self, kind: str, method: str, address: Address, says: dict[str, Any]) -> Any:
        client = self.sessions[kind]
        cookies = copy(client.cookies)
        body = urlencode(says) if method != "GET" else ""
        answer = client.generic(method, address.path(self.values), body, "application/x-www-form-urlencoded")
        client.cookies = cookies  # whoever was signed out by this request is signed in again
        return answer

    def _by_token(self, kind: str, method: str, address: Address, says: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens[kind]}"} if self.tokens[kind] else {}
        path = address.path(self.values)
        return Client().generic(method, path, json.dumps(says), "application/json", headers=headers)


def _session(somebody: Somebody | None) -> Client:
    client = Client()
    if somebody is not None:
        client.force_login(Person.objects.get(pk=somebody.id))
    return client


def _token(somebody: Somebody | None) -> str:
    if somebody is None:
        return ""
    return actions.make_token(somebody.actor, owner=somebody.id, label="All", scopes=list(actions.SCOPES))


def _in_a_word(answer: Any) -> str:
    if answer.status_code == 302 and answer.headers["Location"].partition("?")[0] == reverse("enter"):
        return "door"
    return str(answer.status_code)


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield House()
        transaction.set_rollback(True)


@pytest.mark.parametrize("address", addresses(), ids=lambda address: address.route or "/")
def test_everybody_gets_what_the_table_says(house: House, address: Address) -> None:
    wrong = []
    for method in METHODS:
        got = [house.ask(kind, method, address) for kind in KINDS]
        if (["405"] if got in NOT_A_WAY_IN else got) != expected(address, method):
            wrong.append(f"/{address.route} {method} {' '.join(got)}")
    assert not wrong, "the table says otherwise:\n" + "\n".join(wrong)


def test_every_address_has_its_row() -> None:
    known = {route for route, _ in table()}
    assert known == {f"/{address.route}" for address in addresses()}


@pytest.mark.parametrize("address", addresses(), ids=lambda address: address.route or "/")
def test_every_view_says_whom_it_is_open_to(address: Address) -> None:
    assert getattr(address.view, "open_to", None) in AUDIENCES


def test_nobody_passes_where_somebody_is_asked_for() -> None:
    """The table itself keeps wall four."""
    at_the_door = {"signed-in": {"door", "405"}, "token": {"401", "404", "405"}, "demo": {"404"}}
    leaks = [
        (address.route, method)
        for address in addresses()
        for method in METHODS
        if address.view.open_to in at_the_door and expected(address, method)[0] not in at_the_door[address.view.open_to]
    ]
    assert leaks == []


def test_a_stranger_finds_nothing_of_jo() -> None:
    """Whatever names a record of Jo's in its address is, to somebody outside the circle, not there at all."""
    of_jo = [one for one in addresses() if set(one.arguments) & OWNED and one.view.open_to in {"signed-in", "token"}]
    assert len(of_jo) > 20
    found = [
        (address.route, method)
        for address in of_jo
        for method in METHODS
        if expected(address, method)[:2][-1] not in {"404", "405"}
    ]
    assert found == []


def test_a_session_opens_nothing_of_the_api(house: House) -> None:
    """Else any page on the web could use it with the browser's cookie."""
    for address in addresses():
        if address.view.open_to == "token":
            answer = house.sessions["owner"].get(address.path(house.values))
            assert answer.status_code in {401, 404, 405}, address.route
