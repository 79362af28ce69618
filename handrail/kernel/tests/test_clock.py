from datetime import UTC, date, datetime, timedelta

import pytest

from handrail.kernel import clock


def test_it_stands_still_where_it_was_put_and_goes_on_afterwards() -> None:
    moment = datetime(2026, 11, 1, 5, 59, tzinfo=UTC)
    with clock.moved_to(moment):
        assert clock.now() == moment
        with clock.moved_by(hours=2):
            assert clock.now() == moment + timedelta(hours=2)
        assert clock.now() == moment
    assert clock.now() > moment


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 11, 1, 3, 59, tzinfo=UTC), "America/New_York", date(2026, 10, 31)),
        (datetime(2026, 11, 1, 4, 0, tzinfo=UTC), "America/New_York", date(2026, 11, 1)),  # still summer time
        (datetime(2026, 11, 2, 4, 59, tzinfo=UTC), "America/New_York", date(2026, 11, 1)),  # a day of 25 hours
        (datetime(2026, 11, 2, 5, 0, tzinfo=UTC), "America/New_York", date(2026, 11, 2)),
        (datetime(2026, 11, 1, 11, 0, tzinfo=UTC), "Pacific/Kiritimati", date(2026, 11, 2)),
    ],
)
def test_a_day_is_the_calendar_s_day_where_the_person_is(moment: datetime, zone: str, day: date) -> None:
    assert clock.local_day(moment, zone) == day
