"""Random histories of sharing against a twenty-line oracle: nothing forbidden is ever shown, everything allowed is.

What is compared: the member's page, a call for help they were asked in, the API's answers, the person's preview,
whether a message that waits in the outbox may still leave, and at the end what a member takes along.
"""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handrail.care import actions as care
from handrail.care.models import PartOfDay
from handrail.checkins import actions as checkins
from handrail.checkins.queries import of_checkin
from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.consents import actions as consents
from handrail.consents import queries as papers
from handrail.delivery import outbox
from handrail.delivery.claims import may_still_go
from handrail.delivery.models import Outbox
from handrail.gate import Category
from handrail.home import seen
from handrail.kernel import clock
from handrail.kernel.errors import NotHere, TooLate
from handrail.kernel.ids import new_id
from handrail.leaving import queries as leaving
from handrail.notes import actions as notes
from handrail.people import actions as people
from handrail.plan import actions as plan
from handrail.safety import actions as safety
from tests.fixtures.people import Somebody, share, stand_by
from tests.fixtures.selection import examples

ZONE = "America/New_York"
WORDS, WHERE = "Can you call me?", "14 Hill Street"
OF_JO = ("Payday", "nobody's business", "Film", "I slept well", WORDS, WHERE)
NOTE = "one note"  # in no category
NAMES = ("Mum", "Sam")


# --- the oracle ---


@dataclass
class Place:
    """What one member may see, as the words of the product promise it."""

    shared: dict[str, datetime | None] = field(default_factory=dict)  # category: when it ends by itself
    paused: bool = False
    with_all: bool = False  # paused by "pause all": "go on sharing" ends that, and no pause of one alone
    help_goes_through: bool = True
    ended: bool = False
    off_until: datetime | None = None  # the member rests: they see what they saw, and nothing is sent to them
    may_return_until: datetime | None = None  # the member left, and can undo it

    def may_return(self, now: datetime) -> bool:
        return self.ended and self.may_return_until is not None and now < self.may_return_until

    def hears(self, now: datetime) -> set[str]:
        return set() if self.off_until and now < self.off_until else self.sees(now)

    def sees(self, now: datetime) -> set[str]:
        if self.ended:
            return set()
        live = {category for category, until in self.shared.items() if until is None or now < until}
        return {c for c in live if not self.paused or (c == Category.HELP and self.help_goes_through)}


# --- histories ---

who = st.sampled_from(NAMES)
categories = st.sets(st.sampled_from(Category.values))
events = st.lists(
    st.one_of(
        st.tuples(st.just("share"), who, categories),
        st.tuples(st.just("share"), who, st.just(set(Category.values))),
        st.tuples(st.just("until"), who, st.sampled_from(Category.values), st.sampled_from([1, 30, 200])),
        st.tuples(st.just("pause"), st.one_of(st.none(), who), st.booleans()),
        st.tuples(st.just("resume"), st.one_of(st.none(), who)),
        st.tuples(st.just("end"), who),
        st.tuples(st.just("leave"), who),
        st.tuples(st.just("back"), who),
        st.tuples(st.just("undo"), who, st.sampled_from([0, -1])),
        st.tuples(st.just("shut"), who),
        st.tuples(st.just("rest"), who, st.sampled_from([2, 30])),
        st.tuples(st.just("wait"), st.sampled_from([1, 5, 26, 190])),
    ),
    min_size=2,
    max_size=10,
)

# Going on with everybody wakes nobody who was paused alone, and a pause of all changes nothing about them.
ALONE_AND_WITH_ALL = [("share", "Mum", set(Category.values)), ("pause", "Mum", False), ("pause", None, True)]

# Whoever was parted from, or left a place that showed less, does not come back through one from before.
LEFT_AND_INVITED_ANEW = [("share", "Mum", {Category.FEELING, Category.PLAN}), ("leave", "Mum"), ("back", "Mum")]

# Whoever came back by a new link was not asked in the call of before.
ASKED_BEFORE = [("share", "Mum", {Category.HELP}), ("leave", "Mum"), ("back", "Mum"), ("share", "Mum", {Category.HELP})]


class History:
    """Plays events through the house's own actions, and tells the oracle."""

    def __init__(self, jo: Somebody, members: dict[str, Somebody], now: datetime) -> None:
        self.jo, self.members, self.now = jo, members, now
        self.places = {name: Place() for name in members}
        self.left: dict[str, list[str]] = {}  # the places that somebody left, the newest last

    def membership(self, name: str) -> str | None:
        found = [m for m in roster.roster(self.jo.actor, owner=self.jo.id) if m.name == name]
        return found[0].membership_id if found else None

    def play(self, event: tuple[Any, ...]) -> None:
        kind, *about = event
        if kind == "wait":
            self.now += timedelta(hours=about[0])
        else:
            getattr(self, kind)(*about)

    def share(self, name: str, wanted: set[str]) -> None:
        place, membership = self.places[name], self.membership(name)
        if membership:
            circle.change_shares(self.jo.actor, owner=self.jo.id, wanted={membership: wanted})
            kept = {c: place.shared[c] for c in wanted & place.shared.keys() if self._is_live(place, c)}
            place.shared = {**dict.fromkeys(wanted), **kept}

    def until(self, name: str, category: str, hours: int) -> None:
        place, membership = self.places[name], self.membership(name)
        if membership and self._is_live(place, category):
            end = self.now + timedelta(hours=hours)
            circle.set_ends(
                self.jo.actor, owner=self.jo.id, membership=membership, ends={category: end}, purpose="support"
            )
            place.shared[category] = end

    def pause(self, name: str | None, help_goes_through: bool) -> None:
        if name is None or self.membership(name):
            membership = self.membership(name) if name else None
            circle.pause(self.jo.actor, owner=self.jo.id, membership=membership, keeps_help=help_goes_through)
            for place in self._places(name):
                if name or not place.paused or place.with_all:
                    place.paused, place.with_all, place.help_goes_through = True, name is None, help_goes_through

    def resume(self, name: str | None) -> None:
        if name is None or self.membership(name):
            circle.resume(self.jo.actor, owner=self.jo.id, membership=self.membership(name) if name else None)
            for place in self._places(name):
                if name or place.with_all:
                    place.paused = place.with_all = False

    def end(self, name: str) -> None:
        if membership := self.membership(name):
            circle.end_membership(self.jo.actor, owner=self.jo.id, membership=membership)
            self.places[name] = Place(ended=True)

    def leave(self, name: str) -> None:
        if membership := self.membership(name):
            self.left.setdefault(name, []).append(membership)
            until = circle.leave_circle(self.members[name].actor, owner=self.jo.id)
            self.places[name].ended, self.places[name].may_return_until = True, until

    def undo(self, name: str, which: int) -> None:
        """Whoever left tries to come back to the first place that they had or the last, whether they may or not."""
        if name in self.left:
            place, wanted = self.places[name], self.left[name][which]
            with suppress(TooLate):
                circle.come_back(self.members[name].actor, owner=self.jo.id, membership=wanted)
            if wanted == self.left[name][-1]:
                place.ended = place.ended and not place.may_return(self.now)

    def shut(self, name: str) -> None:
        if name in self.left:
            circle.shut_door(self.jo.actor, owner=self.jo.id, membership=self.left[name][-1])
            self.places[name].may_return_until = None

    def rest(self, name: str, hours: int) -> None:
        if self.membership(name):
            until = self.now + timedelta(hours=hours)
            circle.rest(self.members[name].actor, owner=self.jo.id, until=until, although_last=True)
            self.places[name].off_until = until

    def back(self, name: str) -> None:
        if not self.membership(name):
            stand_by(self.jo, self.members[name])
            self.places[name] = Place()

    def _places(self, name: str | None) -> list[Place]:
        """Whom the person speaks of: everybody means those too who have left and may come back."""
        if name is not None:
            return [self.places[name]]
        return [place for place in self.places.values() if not place.ended or place.may_return(self.now)]

    def _is_live(self, place: Place, category: str) -> bool:
        return category in place.shared and (place.shared[category] is None or self.now < place.shared[category])  # type: ignore[operator]


# --- what is really shown ---


def on_the_page(page: seen.PersonSeen) -> set[str]:
    card = page.card
    shown = {
        Category.FEELING: card.mood,
        Category.CRAVINGS: card.craving,
        Category.USE: card.use_days,
        Category.HELP: card.gets_calls,
        Category.PLAN: page.plan and not page.plan.is_empty,
        Category.MEDICINE: card.medicine or page.care,
        Category.DAYS: page.days,
    }
    return {str(category) for category, there in shown.items() if there} | ({NOTE} if page.notes else set())


def page_of(member: Somebody, jo: Somebody) -> set[str] | None:
    try:
        return on_the_page(seen.person(member.actor, owner=jo.id))
    except NotHere:
        return None


def in_the_call(member: Somebody, call: str) -> set[str]:
    """What of a call's words and place is read by a member who was asked in it."""
    try:
        alert = safety.open_alert(member.actor, call=call)
    except NotHere:
        return set()
    assert alert.words == WORDS
    assert alert.place in ("", WHERE)
    return {Category.HELP, Category.PLACE} if alert.place else {Category.HELP}


def taken_along(member: Somebody) -> str:
    return str(leaving.everything(member.actor))


def messages_that_may_leave(member: Somebody, jo: Somebody, memberships: list[str]) -> set[str]:
    """Of messages that have waited since the beginning, one for each place and category."""
    there = set(Outbox.objects.filter(to=member.id, kind="try").values_list("membership_id", flat=True))
    for membership in sorted({*memberships} - there):
        for category in Category:
            about = {"owner": jo.id, "membership": membership, "category": category}
            outbox.put(to=member.id, kind="try", matter=new_id(), link="/", **about)
    waiting = Outbox.objects.filter(may_still_go(), to=member.id, kind="try")
    return set(waiting.values_list("category", flat=True))


def api_says(client: Client, token: str, jo: Somebody) -> set[str]:
    answer = client.get("/api/v1/circles", headers={"Authorization": f"Bearer {token}"})
    mine = [each for each in answer.json() if each["owner"] == jo.id]
    return {Category.HELP} if mine and mine[0]["gets_calls"] else set()


def api_reads(client: Client, token: str, call: str) -> set[str]:
    """The same call, through the API."""
    answer = client.post(f"/api/v1/alerts/{call}/seen", headers={"Authorization": f"Bearer {token}"})
    if answer.status_code == 404:
        return set()
    assert answer.json()["words"] == WORDS
    return {Category.HELP, Category.PLACE} if answer.json()["place"] == WHERE else {Category.HELP}


@pytest.fixture
def tokens(mum: Somebody, sam: Somebody) -> dict[str, str]:
    return {
        name: people.make_token(one.actor, owner=one.id, label="t", scopes=list(people.SCOPES))
        for name, one in (("Mum", mum), ("Sam", sam))
    }


def fill(jo: Somebody) -> None:
    """Something of every kind, and a note for each who may have one."""
    told = [m.membership_id for m in roster.roster(jo.actor, owner=jo.id)]
    said = checkins.record_checkin(
        jo.actor, owner=jo.id, zone=ZONE, key=new_id(), mood=3, craving=2, medicine="taken", note="nobody's business"
    )
    _show_note(jo, of_checkin(said.id))
    checkins.record_use_day(
        jo.actor, owner=jo.id, zone=ZONE, key=new_id(), kind="used", day=clock.today(ZONE), told=told
    )
    plan.write_step(jo.actor, owner=jo.id, number=1, lines=["Payday"])
    checkins.set_start(jo.actor, owner=jo.id, zone=ZONE, began=clock.today(ZONE))
    care.add_medicine(jo.actor, owner=jo.id, name="Film", part_of_day=PartOfDay.MORNING)


def _show_note(jo: Somebody, source: str) -> None:
    members = [m for m in roster.roster(jo.actor, owner=jo.id) if not m.needs_signature and m.person_id]
    if places := [m.membership_id for m in members]:
        day = clock.today(ZONE)
        notes.show(jo.actor, owner=jo.id, source=source, day=day, words="I slept well", memberships=places)


def call_all(jo: Somebody) -> str:
    """A call in which all were asked, and got it for that moment alone: afterwards nobody sees anything any more."""
    members = {m.person_id: m for m in roster.roster(jo.actor, owner=jo.id) if m.person_id}
    for person_id, member in members.items():
        share(jo, Somebody(person_id, member.name), Category.HELP)
    call = safety.make_call(jo.actor, owner=jo.id, key=new_id(), words=WORDS, place=WHERE)
    for member in members.values():
        circle.change_shares(jo.actor, owner=jo.id, wanted={member.membership_id: set()})
        if paper := papers.of_place(jo.actor, owner=jo.id, membership=member.membership_id):
            consents.end(jo.actor, consent=paper.id)
    return call


@pytest.fixture
def undone() -> Callable[[], Any]:
    """One history in a transaction of its own, so that the next begins where this one began."""

    class Undone:
        def __enter__(self) -> None:
            self._stack = ExitStack()
            self._stack.enter_context(transaction.atomic())

        def __exit__(self, *why: object) -> None:
            transaction.set_rollback(True)
            self._stack.close()

    return Undone


@pytest.fixture
def call(jo: Somebody, mum: Somebody, sam: Somebody) -> str:
    """Everything that is there when a history begins; messages wait for whoever is told something later."""
    fill(jo)
    found = call_all(jo)
    for member in roster.roster(jo.actor, owner=jo.id):
        messages_that_may_leave(Somebody(member.person_id, member.name), jo, [member.membership_id])
    return found


@pytest.mark.django_db
@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=events)
@example(history=ASKED_BEFORE)
@example(history=[*ALONE_AND_WITH_ALL, ("resume", None)])
@example(history=[*LEFT_AND_INVITED_ANEW, ("end", "Mum"), ("undo", "Mum", -1)])
@example(history=[*LEFT_AND_INVITED_ANEW, ("leave", "Mum"), ("undo", "Mum", 0)])
def test_what_is_shown_is_what_the_oracle_allows(
    jo: Somebody,
    mum: Somebody,
    sam: Somebody,
    call: str,
    tokens: dict[str, str],
    client: Client,
    undone: Any,
    history: list[Any],
) -> None:
    with undone():
        told = {m.name: m.membership_id for m in roster.roster(jo.actor, owner=jo.id)}
        every_membership: dict[str, set[str]] = {name: {place} for name, place in told.items()}
        in_calls: dict[str, set[str]] = {}
        played = History(jo, {"Mum": mum, "Sam": sam}, clock.now())
        for event in history:
            with clock.moved_to(played.now):
                played.play(event)
            with clock.moved_to(played.now):
                for name, member in played.members.items():
                    place, membership = played.places[name], played.membership(name)
                    every_membership[name] |= {membership} if membership else set()
                    allowed = place.sees(played.now)
                    page = page_of(member, jo)
                    assert (page is None) == place.ended, event
                    # The day of use was told to the places of the beginning: a new place was told nothing.
                    from_the_beginning = membership == told[name]
                    expected = allowed - {Category.PLACE} - (set() if from_the_beginning else {Category.USE})
                    expected |= {NOTE} if from_the_beginning and not place.paused else set()
                    assert (page or set()) == expected, (event, name)
                    read = allowed & {Category.HELP, Category.PLACE}
                    read = read if Category.HELP in read and from_the_beginning else set()
                    assert in_the_call(member, call) == read, (event, name)
                    in_calls[name] = read
                    assert messages_that_may_leave(member, jo, sorted(every_membership[name])) == place.hears(
                        played.now
                    ), (event, name)
                    assert api_says(client, tokens[name], jo) == allowed & {Category.HELP}, (event, name)
                    if membership:
                        eyes = roster.seen_by(jo.actor, owner=jo.id, membership=membership)
                        assert on_the_page(seen.person(eyes, owner=jo.id)) == expected, (event, name)
        with clock.moved_to(played.now):
            for name, member in played.members.items():
                assert api_reads(client, tokens[name], call) == in_calls[name], name
                taken = taken_along(member)
                assert not [words for words in OF_JO if words in taken], name
                assert ("'called': 'Jo'" in taken) == (not played.places[name].ended), name
