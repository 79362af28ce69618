"""Every address, asked for by every kind of person: what they get stands in `who_may_open_what.txt`.

The table is complete by construction: an address without its row fails, and so does a row without an address. A cell is
the status, and after a colon what of Jo's could be read in the answer.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from handrail.asgi import DOORBELLS
from handrail.checkins.queries import of_checkin
from handrail.circle import actions as circle
from handrail.engine import stream
from handrail.gate import Category, Role, programs
from handrail.gate.views import AUDIENCES
from handrail.kernel import clock
from handrail.notes import actions as notes
from handrail.people import actions
from handrail.people.models import Person
from tests.architecture.addresses import Address, addresses
from tests.architecture.filled import WRITTEN, ZONE, fill
from tests.fixtures.people import Somebody, share, sign_for, sign_up, stand_by

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).parent / "who_may_open_what.txt"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: The columns. Whoever holds one share alone stands behind the row, and only where that makes a difference.
KINDS = ("nobody", "strng", "bare", "all", "ended", "rests", "staff", "keepr", "fired", "moder", "opera", "owner")
OUTSIDE = ("strng", "ended", "fired", "moder", "opera")  # signed in, and in no circle of Jo's any more or ever
SHUT = ("nobody", *OUTSIDE, "bare", "rests")  # who may read no word of Jo's anywhere
FOR_PROGRAMS = (Category.FEELING, Category.CRAVINGS, Category.PLAN, Category.MEDICINE)
#: What of Jo's can be read in an answer: a letter, how it is told, and the shares of which one opens it.
READ = {
    "f": (re.compile("is feeling rough"), {"feeling"}),
    "c": (re.compile("<dd>Strong</dd>"), {"cravings"}),
    "u": (re.compile("<dt>Hard days</dt>"), {"use"}),
    "d": (re.compile(r"Jo: \d+ days in recovery"), {"days"}),
    "p": (re.compile(WRITTEN["plan"]), {"plan"}),
    "m": (re.compile(WRITTEN["medicine"]), {"medicine"}),
    "h": (re.compile(re.escape(WRITTEN["help"])), {"help"}),
    "l": (re.compile(WRITTEN["place"]), {"place"}),
    "n": (re.compile(WRITTEN["note"]), {"one note"}),
    "X": (re.compile(WRITTEN["private"]), set()),
}
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
    "api/v1/checkins/<id:checkin>/shown": {"memberships": "Mum"},
    "api/v1/days/<day>/shown": {"memberships": "Mum"},
}


@dataclass(frozen=True)
class Row:
    cells: tuple[str, ...]
    by_share: tuple[tuple[str, str], ...] = ()  # (a share, what who holds it alone gets), where "bare" does not

    def __str__(self) -> str:
        behind = [f"{share}={cell}" for share, cell in self.by_share]
        return " ".join([*(f"{cell:<6}" for cell in self.cells), *behind]).rstrip()

    def of(self, kind: str) -> str:
        return self.cells[KINDS.index(kind)] if len(self.cells) > 1 else self.cells[0]


NOT_A_WAY_IN = Row(("405",))


def table() -> dict[tuple[str, str], Row]:
    """{(route, method): what each kind of person gets}"""
    rows = {}
    for line in TABLE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            route, method, *answers = line.split()
            assert (route, method) not in rows, f"two rows for {method} {route}"
            cells = tuple(each for each in answers if "=" not in each)
            rows[route, method] = Row(cells, tuple(tuple(each.split("=")) for each in answers if "=" in each))  # type: ignore[misc]
    return rows


def expected(address: Address, method: str) -> Row:
    """What stands in the table; 405 where nobody can do this here."""
    return table().get((f"/{address.route}", method), NOT_A_WAY_IN)


class House:
    """Jo with everything in it, seen by all kinds of people; what a request changes is taken back.

    Pages are asked with a session, the API with a personal token that may do everything.
    """

    def __init__(self) -> None:
        jo, mum = sign_up("Jo"), sign_up("Mum")
        others = {kind: sign_up(kind) for kind in KINDS if kind not in ("nobody", "all", "owner")}
        alone = {str(category): sign_up(str(category)) for category in Category}
        for category, somebody in alone.items():
            stand_by(jo, somebody, Role.FRIEND)
            share(jo, somebody, Category(category))
        stand_by(jo, others["bare"], Role.SPONSOR)
        places = {kind: stand_by(jo, others[kind], Role.FRIEND) for kind in ("ended", "rests")}
        for kind in places:
            share(jo, others[kind], *Category)
        self.values = fill(jo, mum)
        note = {"source": of_checkin(self.values["checkin"]), "day": clock.today(ZONE), "words": WRITTEN["note"]}
        notes.show(jo.actor, owner=jo.id, memberships=list(places.values()), **note)
        circle.end_membership(jo.actor, owner=jo.id, membership=places["ended"])
        circle.pause(jo.actor, owner=jo.id, membership=places["rests"], keeps_help=False)
        self._work_at_a_program(jo, others)
        people = {**others, **alone, "nobody": None, "all": mum, "owner": jo}
        self.ids = {kind: somebody.id for kind, somebody in people.items() if somebody}
        self.sessions = {kind: _session(somebody) for kind, somebody in people.items()}
        self.tokens = {kind: _token(somebody) for kind, somebody in people.items()}

    def _work_at_a_program(self, jo: Somebody, others: dict[str, Somebody]) -> None:
        sign_for(jo, self.values["programplace"], *FOR_PROGRAMS)
        for kind in ("staff", "keepr", "fired"):
            keeps = {"role": "peer", "keeper": kind == "keepr"}
            programs.hire(program_id=self.values["program"], person_id=others[kind].id, name=kind, **keeps)
        programs.end_staff(program_id=self.values["program"], person_id=others["fired"].id)
        programs.give_post(person_id=others["moder"].id, kind="moderator")
        programs.give_post(person_id=others["opera"].id, kind="operator")

    def row(self, method: str, address: Address) -> Row:
        if (of_owner := self.ask("owner", method, address)) == "405":
            return NOT_A_WAY_IN  # said by a decorator or the router, before anybody asks who comes
        cells = {kind: self.ask(kind, method, address) for kind in KINDS if kind != "owner"} | {"owner": of_owner}
        differ: list[tuple[str, str]] = []
        if cells["all"] != cells["bare"]:  # where all shares together open nothing, none of them does
            alone = ((str(category), self.ask(str(category), method, address)) for category in Category)
            differ = [(share, cell) for share, cell in alone if cell != cells["bare"]]
        return Row(tuple(cells[kind] for kind in KINDS), tuple(differ))

    def ask(self, kind: str, method: str, address: Address) -> str:
        meant = {"today": str(clock.today(ZONE)), "Mum": [self.values["membership"]]}
        says = {
            name: meant.get(said, said) if isinstance(said, str) else said
            for name, said in SAYS.get(address.route, {}).items()
        }
        with transaction.atomic():
            if address.is_bell:
                return self._by_bell(kind, address)  # whichever the method
            by_token = getattr(address.view, "open_to", "") == "token"
            answer = (self._by_token if by_token else self._by_session)(kind, method, address, says)
            transaction.set_rollback(True)
        return _in_a_word(answer, owner=kind == "owner")

    def _by_bell(self, kind: str, address: Address) -> str:
        """Their own doorbell, or none. Who asks is read in this thread, which sees what is not committed."""
        headers = [(b"cookie", self.sessions[kind].cookies.output(header="", sep=";").strip().encode())]
        if self.tokens[kind]:
            headers.append((b"authorization", f"Bearer {self.tokens[kind]}".encode()))
        person = DOORBELLS[f"/{address.route}"]({"headers": headers})
        assert person in (None, self.ids.get(kind)), "somebody else's"
        return "bell" if (status := _status_of_stream(person)) == 200 else str(status)

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


class NobodyRings(stream.Porch):
    def _watch(self) -> None:
        """No thread with a connection of its own is left behind."""


def _status_of_stream(person: str | None) -> int:
    """What the event loop answers to whoever this is, when they hang up at once."""
    told: list[int] = []

    async def hangs_up() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def hears(message: Any) -> None:
        told.append(message.get("status", 0))

    with patch.object(stream, "porch", NobodyRings()):
        asyncio.run(stream.doorbell({"method": "GET"}, hangs_up, hears, who=lambda _scope: person))
    return told[0]


def _in_a_word(answer: Any, *, owner: bool) -> str:
    """The status and, for anybody but Jo, letters for what of Jo's stands in the answer."""
    if answer.status_code == 302 and answer.headers["Location"].partition("?")[0] == reverse("enter"):
        return "door"
    text = "" if owner or answer.streaming else answer.content.decode(errors="replace")
    letters = "".join(letter for letter, (told, _shares) in READ.items() if told.search(text))
    return f"{answer.status_code}:{letters}" if letters else str(answer.status_code)


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield House()
        transaction.set_rollback(True)


@pytest.mark.parametrize("address", addresses(), ids=lambda address: address.route or "/")
def test_everybody_gets_what_the_table_says(house: House, address: Address) -> None:
    wrong = []
    for method in METHODS:
        got = house.row(method, address)
        if got != expected(address, method):
            wrong.append(f"/{address.route:<42} {method:<6} {got}")
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
    no_stream = {"204"}
    leaks = [
        (address.route, method)
        for address in addresses()
        for method in METHODS
        if address.view.open_to in at_the_door
        and expected(address, method).of("nobody")
        not in (no_stream if address.is_bell else at_the_door[address.view.open_to])
    ]
    assert leaks == []


@pytest.mark.parametrize("kind", OUTSIDE)
def test_who_is_in_no_circle_of_jo_s_finds_nothing_of_jo(kind: str) -> None:
    """Whatever names a record of Jo's in its address is, to somebody outside the circle, not there at all."""
    of_jo = [one for one in addresses() if set(one.arguments) & OWNED and one.view.open_to in {"signed-in", "token"}]
    assert len(of_jo) > 20
    found = [
        (address.route, method)
        for address in of_jo
        for method in METHODS
        if expected(address, method).of(kind) not in {"404", "405"}
    ]
    assert found == []


def test_no_word_of_jo_s_is_read_without_its_share() -> None:
    """The table itself keeps the first promise; and it is no empty one: each thing is read by somebody."""
    leaks, read = [], set()
    for (route, method), row in table().items():
        for kind in SHUT:
            leaks += [(route, method, kind)] if ":" in row.of(kind) else []
        for share_held, cell in row.by_share:
            letters = cell.partition(":")[2]
            leaks += [(route, method, share_held) for letter in letters if share_held not in READ[letter][1]]
        everything, *at_work = (row.of(kind).partition(":")[2] for kind in ("all", "staff", "keepr"))
        leaks += [(route, method, "staff") for letter in "".join(at_work) if not READ[letter][1] & set(FOR_PROGRAMS)]
        read |= set(everything)
    assert leaks == []
    assert read == set(READ) - {"X"}


def test_a_session_opens_nothing_of_the_api(house: House) -> None:
    """Else any page on the web could use it with the browser's cookie."""
    for address in addresses():
        if address.is_bell:
            only_session = [(b"cookie", house.sessions["owner"].cookies.output(header="", sep=";").encode())]
            whose = DOORBELLS[f"/{address.route}"]({"headers": only_session})
            assert (whose is None) == (address.view.open_to == "token"), address.route
        elif address.view.open_to == "token":
            answer = house.sessions["owner"].get(address.path(house.values))
            assert answer.status_code in {401, 404, 405}, address.route
