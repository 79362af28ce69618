"""Random histories of signing, ticking and ending against an oracle: a doctor sees what both hold open, and no more."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.consents import actions, queries
from handrail.gate import Category
from handrail.gate.covers import ConsentNeeded
from handrail.home import seen
from handrail.kernel import clock
from tests.architecture.test_oracle import (
    OF_JO,
    WHERE,
    WORDS,
    ZONE,
    call_all,
    fill,
    in_the_call,
    messages_that_may_leave,
    on_the_page,
    page_of,
    taken_along,
)  # fmt: skip
from tests.fixtures.people import Somebody, sign_for
from tests.fixtures.selection import examples

some = st.sets(st.sampled_from(Category.values), min_size=1)
events = st.lists(
    st.one_of(
        st.tuples(st.just("sign"), some, st.sampled_from([1, 5, 40])),
        st.tuples(st.just("tick"), st.sets(st.sampled_from(Category.values))),
        st.tuples(st.just("until"), st.sampled_from(Category.values), st.sampled_from([3, 30, 2000])),
        st.tuples(st.just("revoke")),
        st.tuples(st.just("renew"), st.sampled_from([2, 60])),
        st.tuples(st.just("pause"), st.booleans()),
        st.tuples(st.just("wait"), st.sampled_from([1, 26, 150])),
    ),
    min_size=2,
    max_size=9,
)


class Oracle:
    """What the pages promise. `covered` until `until`: what is signed for; `ticked`: {category: its end}."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.covered: set[str] = set()
        self.until = now
        self.ticked: dict[str, datetime] = {}
        self.paused = self.help_goes_through = False

    def in_force(self) -> set[str]:
        return self.covered if self.now < self.until else set()

    def live(self) -> set[str]:
        return {category for category, end in self.ticked.items() if self.now < end}

    def sees(self) -> set[str]:
        return {c for c in self.live() if not self.paused or (c == Category.HELP and self.help_goes_through)}


class History:
    def __init__(self, jo: Somebody, place: str) -> None:
        self.jo, self.place, self.oracle = jo, place, Oracle(clock.now())
        self.mine: dict[str, Any] = {"owner": jo.id}
        self.papers: list[str] = []  # all that were ever signed, the newest last

    def play(self, kind: str, *about: Any) -> None:
        getattr(self, kind)(*about)

    def _signed(self, consent: str, things: set[str]) -> None:
        self.papers.append(consent)
        found = queries.one(self.jo.actor, consent=consent)
        self.oracle.covered, self.oracle.until = set(things), found.expires_at
        self.oracle.ticked = dict.fromkeys(things, found.expires_at)

    def sign(self, things: set[str], days: int) -> None:
        self._signed(sign_for(self.jo, self.place, *sorted(things), days=days), things)

    def _latest(self) -> queries.Seen | None:
        return queries.of_place(self.jo.actor, owner=self.jo.id, membership=self.place)

    def renew(self, days: int) -> None:
        if old := self._latest():
            last_day = clock.today(ZONE) + timedelta(days=days)
            made = actions.renew(self.jo.actor, consent=old.id, zone=ZONE, last_day=last_day)
            shown = queries.one(self.jo.actor, consent=made).digest
            actions.sign(self.jo.actor, consent=made, shown=shown, name="Jo")
            self._signed(made, set(old.terms.things))

    def revoke(self) -> None:
        if old := self._latest():
            actions.end(self.jo.actor, consent=old.id)
            self.oracle.covered, self.oracle.ticked = set(), {}

    def tick(self, wanted: set[str]) -> None:
        allowed = wanted - self.oracle.live() <= self.oracle.in_force()
        try:
            circle.change_shares(self.jo.actor, **self.mine, wanted={self.place: wanted})
        except ConsentNeeded:
            assert not allowed
            return
        assert allowed
        kept = {c: end for c, end in self.oracle.ticked.items() if c in wanted and self.oracle.now < end}
        self.oracle.ticked = {**dict.fromkeys(wanted, self.oracle.until), **kept}

    def until(self, category: str, hours: int) -> None:
        if category in self.oracle.live():
            end = self.oracle.now + timedelta(hours=hours)
            circle.set_ends(self.jo.actor, **self.mine, membership=self.place, ends={category: end}, purpose="support")
            self.oracle.ticked[category] = min(end, self.oracle.until)

    def pause(self, keeps_help: bool) -> None:
        if self.oracle.paused:
            circle.resume(self.jo.actor, **self.mine, membership=self.place)
        else:
            circle.pause(self.jo.actor, **self.mine, membership=self.place, keeps_help=keeps_help)
            self.oracle.help_goes_through = keeps_help
        self.oracle.paused = not self.oracle.paused

    def wait(self, hours: int) -> None:
        self.oracle.now += timedelta(hours=hours)


#: What a copy says of each thing that can be in one.
IN_A_COPY = {
    "feeling": "Felt okay", "cravings": "Some", "use": "I used", "plan": "Payday", "medicine": "Film", "help": WORDS,
    "place": WHERE,
}  # fmt: skip


def copied(jo: Somebody, consent: str) -> set[str] | None:
    """Which things a copy under this consent holds; None where none is given out. Own notes are never in it."""
    try:
        copy = actions.give_copy(jo.actor, consent=consent, channel="pdf")
    except actions.NotCovered:
        return None
    text = " | ".join(line for section in copy.sections for line in section.words)
    assert "nobody's business" not in text
    return {thing for thing, words in IN_A_COPY.items() if words in text}


@pytest.fixture
def call(jo: Somebody, osei: Somebody, place: str) -> str:
    fill(jo)
    return call_all(jo)


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=events)
def test_a_doctor_sees_what_is_signed_for_and_ticked_and_no_more(
    jo: Somebody, osei: Somebody, place: str, call: str, history: list[Any]
) -> None:
    with transaction.atomic():
        played = History(jo, place)
        for event in history:
            with clock.moved_to(played.oracle.now):
                played.play(*event)
            with clock.moved_to(played.oracle.now):
                allowed = played.oracle.sees()
                assert page_of(osei, jo) == allowed - {Category.PLACE}, event
                read = allowed & {Category.HELP, Category.PLACE} if Category.HELP in allowed else set()
                assert in_the_call(osei, call) == read, event
                assert messages_that_may_leave(osei, jo, [place]) == allowed, event
                eyes = roster.seen_by(jo.actor, owner=jo.id, membership=place)
                assert on_the_page(seen.person(eyes, owner=jo.id)) == allowed - {Category.PLACE}, event
        with clock.moved_to(played.oracle.now):
            given = [copied(jo, consent) for consent in played.papers]
            in_force = played.oracle.in_force() & IN_A_COPY.keys()
            assert [each for each in given[:-1] if each is not None] == []
            assert given[-1:] == ([in_force] if played.oracle.in_force() else [None] if played.papers else [])
            assert not [words for words in OF_JO if words in taken_along(osei)]
        transaction.set_rollback(True)


def test_the_oracle_is_asked_about_something(jo: Somebody, osei: Somebody, place: str) -> None:
    """A history by hand, so that a generator that makes nothing would show."""
    fill(jo)
    played = History(jo, place)
    played.sign({"plan", "feeling"}, 5)
    assert played.oracle.sees() == page_of(osei, jo) == {"plan", "feeling"}
    played.revoke()
    assert played.oracle.sees() == page_of(osei, jo) == set()
    with pytest.raises(ConsentNeeded):
        circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["plan"]})
