"""What runs again on PostgreSQL: every test that opens the database, and no other."""

import pytest

from tests.fixtures.people import Somebody
from tests.fixtures.selection import is_about_data


def test_one_that_opens_no_database_runs_once(request: pytest.FixtureRequest) -> None:
    assert not is_about_data(request.node)


@pytest.mark.data
def test_one_that_opens_it_by_itself_runs_on_both(request: pytest.FixtureRequest) -> None:
    assert is_about_data(request.node)


@pytest.mark.django_db
def test_one_that_says_so_runs_on_both(request: pytest.FixtureRequest) -> None:
    assert is_about_data(request.node)


def test_one_with_somebody_in_it_runs_on_both(jo: Somebody, request: pytest.FixtureRequest) -> None:
    assert is_about_data(request.node)
