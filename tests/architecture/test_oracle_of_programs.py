"""The oracle for programs: people who come to work there and go, places that begin and end, and a place of one's own.

What is compared: the page that staff open, the person's preview of a program, the list of whom a program stands beside
(on the page and by what they share), and whether a message that waits in the outbox may still leave.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.delivery import outbox
from handrail.delivery.claims import may_still_go
from handrail.delivery.models import Outbox
from handrail.gate import Category
from handrail.gate import programs as kept
from handrail.gate.categories import FOR_PEOPLE
from handrail.home import seen
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import new_id
from handrail.programs import actions as programs
from handrail.programs import queries as asked
from tests.architecture.test_oracle import fill, on_the_page
from tests.fixtures.people import Somebody, share, sign_up, stand_by
from tests.fixtures.programs import RiverHouse, found
from tests.fixtures.selection import examples

SHAREABLE = sorted(set(Category.values) - FOR_PEOPLE)
HOUSES, WORKERS = ("River House", "Hill Clinic"), ("Dana", "Ali")


# --- the oracle ---


@dataclass
class Place:
    shared: dict[str, datetime | None] = field(default_factory=dict)  # category: when it ends by itself
    paused: bool = False

    def sees(self, now: datetime) -> set[str]:
        return set() if self.paused else {c for c, until in self.shared.items() if until is None or now < until}


@dataclass
class Oracle:
    """Who stands where, as the words of the product promise it."""

    places: dict[str, Place] = field(default_factory=dict)  # of programs, while they last
    own: dict[str, set[str]] = field(default_factory=dict)  # what a worker sees as a friend
    staff: set[tuple[str, str]] = field(default_factory=set)  # (house, worker)
    closed: set[str] = field(default_factory=set)

    def through(self, worker: str) -> set[str]:
        """The houses that let a worker in."""
        return {house for house in self.places if (house, worker) in self.staff and worker not in self.own}

    def sees(self, worker: str, now: datetime) -> set[str] | None:
        if worker in self.own:
            return self.own[worker]
        houses = self.through(worker)
        return set().union(*(self.places[house].sees(now) for house in houses)) if houses else None


# --- histories ---

house, worker, some = st.sampled_from(HOUSES), st.sampled_from(WORKERS), st.sets(st.sampled_from(SHAREABLE))
events = st.lists(
    st.one_of(
        st.tuples(st.just("add"), house),
        st.tuples(st.just("share"), house, some),
        st.tuples(st.just("share"), house, st.just(set(SHAREABLE))),
        st.tuples(st.just("until"), house, st.sampled_from(SHAREABLE), st.sampled_from([1, 30])),
        st.tuples(st.just("pause"), house),
        st.tuples(st.just("resume"), st.one_of(st.none(), house)),
        st.tuples(st.just("end"), house),
        st.tuples(st.just("part"), house),
        st.tuples(st.just("close"), house),
        st.tuples(st.just("hire"), house, worker),
        st.tuples(st.just("fire"), house, worker),
        st.tuples(st.just("befriend"), worker, some),
        st.tuples(st.just("unfriend"), worker),
        st.tuples(st.just("wait"), st.sampled_from([1, 5, 26])),
    ),
    min_size=2,
    max_size=12,
)


class History:
    """Plays events through the house's own actions, and tells the oracle."""

    def __init__(self, jo: Somebody, houses: dict[str, RiverHouse], workers: dict[str, Somebody]) -> None:
        self.jo, self.houses, self.workers = jo, houses, workers
        self.now, self.oracle, self.ids = clock.now(), Oracle(), dict.fromkeys(HOUSES, "")
        self.every_place: dict[str, set[str]] = {name: set() for name in HOUSES}
        for name in HOUSES:
            self.add(name)
        self.mine: dict[str, Any] = {"actor": jo.actor, "owner": jo.id}

    def play(self, event: tuple[Any, ...]) -> None:
        kind, *about = event
        if kind == "wait":
            self.now += timedelta(hours=about[0])
        else:
            with clock.moved_to(self.now):
                getattr(self, kind)(*about)

    def add(self, name: str) -> None:
        if name not in self.oracle.places and name not in self.oracle.closed:
            self.ids[name] = self.houses[name].stand_by(self.jo)
            self.every_place[name].add(self.ids[name])
            self.oracle.places[name] = Place()

    def share(self, name: str, wanted: set[str]) -> None:
        if place := self.oracle.places.get(name):
            circle.change_shares(**self.mine, wanted={self.ids[name]: wanted})
            live = {c: until for c, until in place.shared.items() if until is None or self.now < until}
            place.shared = {c: live.get(c) for c in wanted}

    def until(self, name: str, category: str, hours: int) -> None:
        place, end = self.oracle.places.get(name), self.now + timedelta(hours=hours)
        if place and category in place.shared and (place.shared[category] is None or self.now < place.shared[category]):  # type: ignore[operator]
            circle.set_ends(**self.mine, membership=self.ids[name], ends={category: end}, purpose="support")
            place.shared[category] = end

    def pause(self, name: str) -> None:
        if place := self.oracle.places.get(name):
            circle.pause(**self.mine, membership=self.ids[name], keeps_help=True)
            place.paused = True

    def resume(self, name: str | None) -> None:
        if name is None or name in self.oracle.places:
            circle.resume(**self.mine, membership=self.ids[name] if name else None)
            for place in [self.oracle.places[name]] if name else self.oracle.places.values():
                place.paused = False

    def end(self, name: str) -> None:
        if self.oracle.places.pop(name, None):
            circle.end_membership(**self.mine, membership=self.ids[name])

    def part(self, name: str) -> None:
        if self.oracle.places.pop(name, None):
            programs.part(self.houses[name].keeper.actor, owner=self.jo.id, program=self.houses[name].id)

    def close(self, name: str) -> None:
        if name not in self.oracle.closed:
            kept.close(self.houses[name].id)
            self.oracle.closed.add(name)
            self.oracle.places.pop(name, None)
            self.oracle.staff = {(house, who) for house, who in self.oracle.staff if house != name}

    def hire(self, name: str, who: str) -> None:
        if name not in self.oracle.closed and (name, who) not in self.oracle.staff:
            self.houses[name].hire(self.workers[who])
            self.oracle.staff.add((name, who))

    def fire(self, name: str, who: str) -> None:
        if (name, who) in self.oracle.staff:
            self.houses[name].fire(self.workers[who])
            self.oracle.staff.discard((name, who))

    def befriend(self, who: str, shared: set[str]) -> None:
        if who not in self.oracle.own:
            stand_by(self.jo, self.workers[who])
        share(self.jo, self.workers[who], *map(Category, shared))
        self.oracle.own[who] = shared

    def unfriend(self, who: str) -> None:
        if self.oracle.own.pop(who, None) is not None:
            circle.leave_circle(self.workers[who].actor, owner=self.jo.id, for_good=True)


# --- what is really shown ---


def page_of(worker: Somebody, jo: Somebody) -> set[str] | None:
    try:
        return on_the_page(seen.person(worker.actor, owner=jo.id)) - {Category.USE}  # it was told to the places before
    except NotHere:
        return None


def listed(worker: Somebody, jo: Somebody, program: str) -> tuple[set[str] | None, set[str]]:
    """(what the list says that Jo shares, the kinds by which Jo is found in it); None where Jo is not in it."""
    try:
        page = asked.whom(worker.actor, program=program)
    except NotHere:
        return None, set()
    mine = [each for each in page.people if each.owner_id == jo.id]
    by_kind = {c for c in SHAREABLE if asked.whom(worker.actor, program=program, category=Category(c)).people}
    return (set(mine[0].categories) if mine else None), by_kind


def may_leave(worker: Somebody, jo: Somebody, places: set[str]) -> set[str]:
    for place in sorted(places):
        for category in SHAREABLE:
            about = {"owner": jo.id, "membership": place, "category": Category(category)}
            outbox.put(to=worker.id, kind="try", matter=new_id(), link="/", **about)
    waiting = set(Outbox.objects.filter(may_still_go(), kind="try").values_list("category", flat=True))
    Outbox.objects.filter(kind="try").delete()
    return waiting


@contextmanager
def undone() -> Iterator[None]:
    """One history in a transaction of its own, so that the next begins where this one began."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def houses(db: None, ticks_are_enough: None) -> dict[str, RiverHouse]:
    return {name: found(name, sign_up(f"Keeper of {name}")) for name in HOUSES}


@pytest.fixture
def workers(db: None) -> dict[str, Somebody]:
    return {name: sign_up(name) for name in WORKERS}


@pytest.mark.django_db
@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=events)
def test_staff_are_shown_what_the_oracle_allows(
    jo: Somebody, houses: dict[str, RiverHouse], workers: dict[str, Somebody], history: list[Any]
) -> None:
    with undone():
        fill(jo)
        played = History(jo, houses, workers)
        for event in history:
            played.play(event)
            with clock.moved_to(played.now):
                for name, worker in workers.items():
                    compare(played, name, worker, event)


def compare(played: History, name: str, worker: Somebody, event: Any) -> None:
    jo, oracle, now = played.jo, played.oracle, played.now
    allowed = oracle.sees(name, now)
    page = page_of(worker, jo)
    assert page == (None if allowed is None else allowed - {Category.USE}), (event, name)
    for house_name, program in played.houses.items():
        place = oracle.places.get(house_name)
        works_there = (house_name, name) in oracle.staff
        if works_there and place:
            if name not in oracle.own:
                assert listed(worker, jo, program.id) == (allowed, place.sees(now) & (allowed or set())), (event, name)
            eyes = roster.seen_by(jo.actor, owner=jo.id, membership=played.ids[house_name])
            assert on_the_page(seen.person(eyes, owner=jo.id)) - {Category.USE} == place.sees(now) - {Category.USE}
        else:
            assert listed(worker, jo, program.id) == (None, set()), (event, name)
        expected = place.sees(now) if works_there and place else set()
        assert may_leave(worker, jo, played.every_place[house_name]) == expected, (event, name, house_name)
