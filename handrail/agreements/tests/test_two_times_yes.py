"""No agreement without a yes from both, to the very words that stand there."""

from hypothesis import given
from hypothesis import strategies as st

from handrail.agreements import rules
from handrail.agreements.rules import BOTH, Line, Side, Standing, State
from handrail.kernel.errors import TooLate

SIDES = st.sampled_from(Side)
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("reword"), SIDES),
        st.tuples(st.just("yes"), SIDES, st.integers(0, 2)),  # to the words of so many versions ago
        st.tuples(st.just("due"), st.integers(0, 2)),
        st.tuples(st.just("end")),
    ),
    max_size=40,
)


def moved(now: Standing, move: tuple) -> Standing:
    name, *rest = move
    if name == "reword":
        return rules.reworded(now, rest[0])
    if name == "yes":
        return rules.said_yes(now, rest[0], to=now.version - rest[1])
    if name == "due":
        return rules.came_due(now, version=now.version - rest[0])
    return rules.ended(now)


@given(SIDES, MOVES)
def test_whatever_the_two_do_agreed_means_that_both_said_yes_to_these_words(first: Side, moves: list[tuple]) -> None:
    """Beside the rules a plain memory of who said yes to which version since they were last asked."""
    now = rules.first_offer(first)
    said = {(first, 1)}
    for move in moves:
        try:
            after = moved(now, move)
        except TooLate:
            continue
        if move[0] == "reword":
            said = {(move[1], after.version)}
            assert after.version == now.version + 1
            assert after.state == State.OFFERED
        if move[0] == "yes":
            said.add((move[1], now.version))
        if move[0] == "due" and after != now:
            said = set()
        now = after
        if now.state == State.AGREED:
            assert {(side, now.version) for side in Side} <= said
        assert (now.yes == BOTH) == ({(side, now.version) for side in Side} <= said)


@given(SIDES, MOVES)
def test_nothing_moves_after_the_end(first: Side, moves: list[tuple]) -> None:
    over = rules.ended(rules.first_offer(first))
    for move in moves:
        try:
            assert moved(over, move) == over
        except TooLate:
            continue


def test_one_side_cannot_say_yes_for_both() -> None:
    now = rules.first_offer(Side.OWNER)
    for _ in range(3):
        now = rules.said_yes(now, Side.OWNER, to=1)
    assert now.state == State.OFFERED


def test_a_review_of_earlier_words_changes_nothing() -> None:
    agreed = rules.said_yes(rules.reworded(rules.first_offer(Side.OWNER), Side.MEMBER), Side.OWNER, to=2)
    assert agreed.state == State.AGREED
    assert rules.came_due(agreed, version=1) == agreed
    assert rules.came_due(agreed, version=2).yes == frozenset()


@given(st.lists(st.builds(Line, st.text(), st.text())))
def test_tidy_lines_have_words_in_one_row_and_tidying_again_changes_nothing(lines: list[Line]) -> None:
    tidied = rules.tidy(lines, ["I can"])
    assert all(line.say and "\n" not in line.say + line.then for line in tidied)
    assert rules.tidy(tidied, ["I can"]) == tidied


def test_a_beginning_that_nobody_finished_is_left_out() -> None:
    said = rules.tidy([Line(" I  can "), Line("i can"), Line("I can drive"), Line("", "shout")], ["I can"])
    assert said == [Line("I can drive")]
