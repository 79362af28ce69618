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
from tests.architecture.test_oracle import ZONE, fill, messages_that_may_leave, on_the_page, page_of
from tests.fixtures.people import Somebody, sign_for

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

    def play(self, kind: str, *about: Any) -> None:
        getattr(self, kind)(*about)

    def _signed(self, consent: str, things: set[str]) -> None:
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


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=events)
def test_a_doctor_sees_what_is_signed_for_and_ticked_and_no_more(
    jo: Somebody, osei: Somebody, place: str, history: list[Any]
) -> None:
    with transaction.atomic():
        fill(jo)
        played = History(jo, place)
        for event in history:
            with clock.moved_to(played.oracle.now):
                played.play(*event)
            with clock.moved_to(played.oracle.now):
                allowed = played.oracle.sees()
                assert page_of(osei, jo) == allowed - {Category.PLACE}, event
                assert messages_that_may_leave(osei, jo, [place]) == allowed, event
                eyes = roster.seen_by(jo.actor, owner=jo.id, membership=place)
                assert on_the_page(seen.person(eyes, owner=jo.id)) == allowed - {Category.PLACE}, event
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
