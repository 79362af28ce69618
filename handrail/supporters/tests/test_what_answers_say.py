"""When the weekly question comes, what answers say and what follows, and how a load lies: arithmetic."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.gate import Role
from handrail.supporters import rules, said
from handrail.supporters.rules import Answer, Carries, Reason, Trend

DAY = date(2026, 11, 20)


def answer(weeks_ago: int, strength: int, sleep: int | None = 3, worry: int | None = 1, good: str = "") -> Answer:
    return Answer(DAY - timedelta(weeks=weeks_ago), strength, sleep, worry, good)


answers = st.lists(
    st.builds(
        answer,
        st.just(0),
        st.integers(1, 4),
        st.one_of(st.none(), st.integers(1, 3)),
        st.one_of(st.none(), st.integers(1, 4)),
    ),
    min_size=1,
    max_size=8,
)


# --- when it comes ---


@pytest.mark.parametrize(("days", "due"), [(0, False), (6, False), (7, True), (40, True)])
def test_it_comes_once_in_seven_days_at_most(days: int, due: bool) -> None:
    asked = rules.is_due(DAY, off=False, answered_on=DAY - timedelta(days=days), put_off_until=None)
    assert asked is due


def test_it_comes_first_of_all_unless_it_is_off_or_put_off() -> None:
    assert rules.is_due(DAY, off=False, answered_on=None, put_off_until=None)
    assert not rules.is_due(DAY, off=True, answered_on=None, put_off_until=None)
    assert not rules.is_due(DAY, off=False, answered_on=None, put_off_until=DAY + timedelta(days=1))
    assert rules.is_due(DAY, off=False, answered_on=None, put_off_until=DAY)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_the_message_comes_on_the_next_sunday_afternoon_where_they_live(now: datetime) -> None:
    at = rules.reminder_after(now, "America/New_York").astimezone(ZoneInfo("America/New_York"))
    assert (at.weekday(), at.hour) == (6, 17)
    assert timedelta() < at - now <= timedelta(days=7, hours=1)  # an hour more where clocks change


# --- what it says ---


def test_one_answer_says_nothing_yet() -> None:
    assert rules.trends([answer(0, 1)]) == [Trend("first")]
    assert rules.trends([]) == []


def test_hard_answers_in_a_row_come_before_what_got_better() -> None:
    weeks = [answer(2, 2, 1, 4), answer(1, 2, 2, 4), answer(0, 1, 3, 4)]
    assert rules.trends(weeks) == [Trend("hard_strength", 3), Trend("hard_worry", 3), Trend("better_sleep")]


def test_a_week_that_got_harder_is_never_called_much_the_same() -> None:
    weeks = [answer(1, 3, 3, 1), answer(0, 1, 2, 2)]
    assert rules.trends(weeks) == [Trend("harder_strength"), Trend("harder_sleep"), Trend("harder_worry")]
    assert said.trend(rules.trends(weeks)[0]).startswith("Less strength than last time.")
    assert rules.trends([answer(1, 4, 2), answer(0, 3, 3)]) == [Trend("harder_strength"), Trend("better_sleep")]


def test_an_answer_that_was_skipped_breaks_a_row_and_is_no_change() -> None:
    assert rules.trends([answer(1, 3, 1), answer(0, 3, None)]) == [Trend("steady")]


@given(answers)
def test_something_always_follows_and_every_word_for_it_is_there(weeks: list[Answer]) -> None:
    follows = rules.what_follows(weeks, rests=False)
    assert follows
    assert len(follows) <= 4
    for kind in follows:
        assert said.what_follows(kind, "tea").title
    for trend in rules.trends(weeks):
        assert said.trend(trend)


@given(answers)
def test_who_rests_already_is_not_told_to_rest(weeks: list[Answer]) -> None:
    assert "rest" not in rules.what_follows(weeks, rests=True)


def test_being_used_up_leads_to_rest_somebody_and_the_family_lines() -> None:
    assert rules.what_follows([answer(0, 1)], rests=False) == ["rest", "someone", "lines"]


def test_a_good_week_keeps_what_was_good() -> None:
    assert rules.what_follows([answer(0, 4, good="Garden")], rests=False) == ["keep"]
    assert "Garden" in said.what_follows("keep", "Garden").text


def test_the_picture_says_the_same_as_its_sentence() -> None:
    weeks = [answer(7, 4), answer(3, 1), answer(0, 3)]
    strength, worry = said.pictures(weeks)
    assert strength.svg.count("<rect") == 3 and worry.svg.count("<rect") == 3
    assert "2 October: good, 30 October: used up, 20 November: okay." in strength.svg


# --- who carries how much ---


def carries(name: str, *, rung: int = 1, asked: int = 0, yes: int = 0, **more: bool) -> Carries:
    told = {"gets_calls": True, "rests": False, "leaned_on_often": False} | more
    return Carries(name, name, Role.FAMILY, rung, asked=asked, yes=yes, **told)


def test_one_who_takes_more_than_half_is_named_with_a_next_step() -> None:
    circle = [carries("Mum", asked=4, yes=3), carries("Sam", asked=2, yes=1)]
    assert rules.reasons(circle, 4) == [Reason("most", "Mum", 3, 4)]
    assert said.reason(Reason("most", "Mum", 3, 4)).url == "/people/order"


def test_half_and_half_is_spread_well() -> None:
    assert rules.reasons([carries("Mum", asked=4, yes=2), carries("Sam", asked=4, yes=2)], 4) == []


def test_two_calls_tell_nothing_about_how_they_are_spread() -> None:
    assert rules.reasons([carries("Mum", asked=2, yes=2), carries("Sam")], 2) == []


def test_one_on_the_first_place_and_one_who_is_never_asked_are_named() -> None:
    circle = [carries("Mum", asked=3, yes=1), carries("Sam", rung=2)]
    assert [(one.kind, one.name) for one in rules.reasons(circle, 3)] == [("always_first", "Mum"), ("not_asked", "Sam")]


def test_who_alone_gets_calls_is_said_once() -> None:
    circle = [carries("Mum", asked=5, yes=5, leaned_on_often=True), carries("Dr O", gets_calls=False)]
    assert [one.kind for one in rules.reasons(circle, 5)] == ["alone"]


def test_when_all_rest_nobody_gets_the_call() -> None:
    assert rules.reasons([carries("Mum", gets_calls=False, rests=True)], 0) == [Reason("nobody")]
    assert rules.reasons([], 0) == []


@given(
    st.lists(
        st.builds(
            carries,
            st.sampled_from(["Mum", "Sam", "Dee", "Kit"]),
            rung=st.integers(1, 3),
            asked=st.integers(0, 5),
            yes=st.integers(0, 5),
            gets_calls=st.booleans(),
            leaned_on_often=st.booleans(),
        ),
        max_size=4,
        unique_by=lambda one: one.name,
    ),
    st.integers(0, 6),
)
def test_every_reason_has_words_and_somewhere_to_go(circle: list[Carries], calls: int) -> None:
    for reason in rules.reasons(circle, calls):
        worded = said.reason(reason)
        assert worded.title and worded.text and worded.url.startswith("/people")
