"""Who is asked next is arithmetic: no rung is skipped, and the ladder never ends in nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.safety.rules import Place, next_step, rung_has_passed

ladders = st.lists(
    st.builds(Place, membership=st.uuids().map(str), person=st.uuids().map(str), rung=st.integers(1, 20)), max_size=12
)


@given(ladder=ladders)
def test_the_first_round_asks_each_place_once_in_order(ladder: list[Place]) -> None:
    rung, asked = 0, []
    while True:
        step = next_step(ladder, rung=rung, round=1)
        if step.end_reached:
            break
        assert step.places and step.rung > rung
        asked += step.places
        rung = step.rung
    assert sorted(asked, key=id) == sorted(ladder, key=id)
    assert [place.rung for place in asked] == sorted(place.rung for place in asked)


@given(ladder=ladders, rung=st.integers(0, 20), round=st.integers(1, 50))
def test_after_the_end_everybody_is_asked_again_together(ladder: list[Place], rung: int, round: int) -> None:
    step = next_step(ladder, rung=rung, round=round)
    if step.end_reached:
        assert list(step.places) == ladder and step.round == round + 1


@given(ladder=ladders, rung=st.integers(0, 20), round=st.integers(2, 50))
def test_it_never_ends(ladder: list[Place], rung: int, round: int) -> None:
    assert bool(next_step(ladder, rung=rung, round=round).places) == bool(ladder)


@pytest.mark.parametrize(
    ("answers", "passed"),
    [
        ([], False),
        ([""], False),
        (["cannot"], True),
        (["cannot", ""], False),
        (["cannot", "unreached"], True),
        (["yes"], False),
    ],
)
def test_a_rung_has_passed_when_everybody_on_it_let_it_pass(answers: list[str], passed: bool) -> None:
    assert rung_has_passed(answers) is passed
