from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.checkins import rules
from handrail.checkins.rules import Answered, Finding, Greeting

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
CLOSE_TOGETHER = st.datetimes(datetime(2026, 2, 1), datetime(2026, 4, 15), timezones=st.just(UTC))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))
ZONES = st.sampled_from(
    ["America/New_York", "America/Denver", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Pago_Pago",
     "America/Santiago", "America/Havana", "Asia/Beirut", "Asia/Kolkata", "Europe/London", "Africa/Casablanca"]
)  # fmt: skip
unhurried = settings(deadline=None)  # on a busy machine, time says nothing about a rule
CRAVINGS = st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=7, max_size=7)


@unhurried
@given(began=DAYS, lived=st.integers(0, 30_000))
def test_each_day_adds_one_day_in_recovery(began: date, lived: int) -> None:
    today = began + timedelta(days=lived)
    assert rules.days_in_recovery(began, today) == lived
    assert rules.days_in_recovery(began, today + timedelta(days=1)) == lived + 1


@unhurried
@given(began=DAYS, lived=st.integers(0, 30_000))
def test_the_next_mark_lies_ahead_and_comes_closer_by_one_a_day(began: date, lived: int) -> None:
    today = began + timedelta(days=lived)
    ahead = rules.next_mark(began, today)
    assert ahead.days == lived + ahead.to_go
    assert ahead.to_go >= 1
    reached_on = today + timedelta(days=ahead.to_go)
    reached = rules.mark_reached(began, reached_on)
    assert reached is not None
    assert (reached.days, reached.years) == (ahead.days, ahead.years)


@pytest.mark.parametrize(
    ("lived", "mark", "to_go"), [(0, 7, 7), (7, 14, 7), (100, 120, 20), (142, 150, 8), (180, 270, 90)]
)
def test_marks_of_the_first_year(lived: int, mark: int, to_go: int) -> None:
    ahead = rules.next_mark(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=lived))
    assert (ahead.days, ahead.to_go, ahead.years) == (mark, to_go, 0)


def test_years_are_kept_on_their_date() -> None:
    assert rules.mark_reached(date(2023, 3, 5), date(2025, 3, 5)) == rules.Mark(731, 0, years=2)
    assert rules.mark_reached(date(2024, 2, 29), date(2025, 3, 1)) == rules.Mark(366, 0, years=1)


@unhurried
@given(used=st.lists(DAYS, max_size=8), today=DAYS)
def test_days_since_use_are_counted_from_the_last_one_that_has_happened(used: list[date], today: date) -> None:
    since = rules.days_since_use(used, today)
    past = [day for day in used if day <= today]
    assert (since is None) == (not past)
    if since is not None:
        assert today - timedelta(days=since) in past
        assert all((today - day).days >= since for day in past)


@unhurried
@given(moment=MOMENTS, then=ZONES, now_in=ZONES, minutes=st.integers(0, 3 * 24 * 60))
def test_a_checkin_stays_open_until_the_later_midnight(moment: datetime, then: str, now_in: str, minutes: int) -> None:
    now = moment + timedelta(minutes=minutes)
    still_that_day = any(
        now.astimezone(ZoneInfo(zone)).date() <= moment.astimezone(ZoneInfo(zone)).date() for zone in (then, now_in)
    )
    assert rules.may_still_change(moment, now, (then, now_in)) == still_that_day
    if minutes > 26 * 60:
        assert not rules.may_still_change(moment, now, (then, now_in))


def test_a_day_whose_midnight_does_not_exist_still_ends() -> None:
    santiago = ZoneInfo("America/Santiago")  # on 7 September 2025 the clock went from 23:59:59 to 01:00
    saved = datetime(2025, 9, 6, 23, 50, tzinfo=santiago)
    assert rules.may_still_change(saved, datetime(2025, 9, 6, 23, 59, tzinfo=santiago), ["America/Santiago"])
    assert not rules.may_still_change(saved, datetime(2025, 9, 7, 1, 0, tzinfo=santiago), ["America/Santiago"])


@pytest.mark.parametrize("day", [date(2025, 3, 9), date(2025, 11, 2)])
def test_a_day_of_23_or_25_hours_is_open_from_its_first_to_its_last_minute(day: date) -> None:
    zone = ZoneInfo("America/New_York")
    first = datetime(day.year, day.month, day.day, 0, 0, tzinfo=zone)
    last = datetime(day.year, day.month, day.day, 23, 59, tzinfo=zone)
    assert rules.may_still_change(first, last, ["America/New_York"])
    assert not rules.may_still_change(first, last + timedelta(minutes=1), ["America/New_York"])


def test_a_flight_to_the_west_takes_no_begun_day_away() -> None:
    in_auckland, in_denver = date(2026, 11, 21), date(2026, 11, 20)
    assert rules.their_day(in_denver, in_auckland) == in_auckland
    assert rules.their_day(in_denver, None) == in_denver
    assert rules.their_day(in_denver, date(2026, 12, 24)) == in_auckland  # one day ahead is all that zones can make


@unhurried
@given(moments=st.lists(CLOSE_TOGETHER, max_size=30), zone=ZONES)
def test_no_answer_is_lost_or_doubled_in_the_days(moments: list[datetime], zone: str) -> None:
    answers = [Answered(at.astimezone(ZoneInfo(zone)).date(), at, mood=3) for at in moments]
    if not answers:
        return
    last = max(answer.day for answer in answers)
    first = min(answer.day for answer in answers)
    days = rules.days_up_to(last, (last - first).days + 1)
    assert len(days) == len(set(days))
    assert sum(day.times for day in rules.figures(answers, days)) == len(answers)


def test_a_day_shows_its_strongest_craving_and_its_latest_mood() -> None:
    day, morning = date(2026, 11, 20), datetime(2026, 11, 20, 8, tzinfo=UTC)
    answers = [
        Answered(day, morning + timedelta(hours=9), mood=4, craving=1),
        Answered(day, morning, mood=1, craving=3, sleep=2),
        Answered(day, morning + timedelta(hours=2), mood=2),
    ]
    assert rules.figures(answers, [day]) == [rules.DayFigures(day, mood=4, craving=3, sleep=2, times=3)]


@unhurried
@given(week=CRAVINGS)
def test_a_week_read_backwards_says_the_opposite(week: list[int | None]) -> None:
    opposite = {Finding.EASING: Finding.RISING, Finding.RISING: Finding.EASING}
    forwards = rules.finding(week)
    assert rules.finding(week[::-1]) == opposite.get(forwards, forwards)


@unhurried
@given(week=CRAVINGS)
def test_few_days_make_no_trend(week: list[int | None]) -> None:
    said = [craving for craving in week if craving is not None]
    if len(said) < 4:
        assert rules.finding(week) == (Finding.FEW if said else Finding.NOTHING_YET)


@pytest.mark.parametrize(
    ("week", "finding"),
    [
        ([3, 3, 2, 2, 0, 1, 1], Finding.EASING),
        ([0, 0, 1, None, 2, 2, 3], Finding.RISING),
        ([1, 2, 1, 2, 1, 2, 1], Finding.STEADY),
        ([0, 0, None, 0, 0, None, 0], Finding.NONE),
        ([None, None, None, None, 3, 2, 1], Finding.FEW),
        ([None] * 7, Finding.NOTHING_YET),
    ],
)
def test_what_a_week_says(week: list[int | None], finding: Finding) -> None:
    assert rules.finding(week) == finding


@unhurried
@given(claimed=MOMENTS, now=MOMENTS)
def test_a_phone_is_believed_within_seven_days(claimed: datetime, now: datetime) -> None:
    at = rules.moment_answered(claimed, now)
    assert now - timedelta(days=7) <= at <= now
    if now - timedelta(days=7) <= claimed <= now:
        assert at == claimed


def test_a_day_can_be_added_for_a_week() -> None:
    today = date(2026, 11, 20)
    assert rules.may_add_for(today - timedelta(days=7), today)
    assert not rules.may_add_for(today - timedelta(days=8), today)
    assert not rules.may_add_for(today + timedelta(days=1), today)


def test_greetings_by_the_hour() -> None:
    said = [rules.greeting(hour) for hour in (4, 5, 11, 12, 16, 17, 21, 22)]
    assert said == [
        Greeting.NIGHT, Greeting.MORNING, Greeting.MORNING, Greeting.AFTERNOON, Greeting.AFTERNOON,
        Greeting.EVENING, Greeting.EVENING, Greeting.NIGHT,
    ]  # fmt: skip


def test_company_is_offered_when_it_is_rough_or_strong() -> None:
    assert rules.calls_for_company(1, 0)
    assert rules.calls_for_company(5, 3)
    assert not rules.calls_for_company(2, 2)
    assert not rules.calls_for_company(3, None)
