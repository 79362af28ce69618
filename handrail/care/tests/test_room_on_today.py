from hypothesis import given
from hypothesis import strategies as st

from handrail.care.rules import MOST_ROWS, share_room


def test_two_medicines_and_two_visits_share_the_four_rows():
    assert share_room(["m1", "m2", "m3"], ["v1", "v2", "v3"]) == (["m1", "m2"], ["v1", "v2"])


def test_room_that_one_kind_does_not_need_goes_to_the_other():
    assert share_room([], ["v1", "v2", "v3", "v4", "v5"]) == ([], ["v1", "v2", "v3", "v4"])
    assert share_room(["m1", "m2", "m3", "m4"], ["v1"]) == (["m1", "m2", "m3"], ["v1"])


@given(st.lists(st.integers(), max_size=9), st.lists(st.integers(), max_size=9))
def test_no_row_is_left_empty_while_something_waits(medicine, visits):
    shown, going = share_room(medicine, visits)
    assert len(shown) + len(going) == min(MOST_ROWS, len(medicine) + len(visits))
