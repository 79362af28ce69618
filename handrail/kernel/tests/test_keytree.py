"""One secret, many keys, and each can be forgotten alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.kernel.keytree import DEPTH, LEAVES, leaf_key, without

ROOT = {"": b"r" * 32}
LEAF = st.integers(0, 40) | st.integers(0, LEAVES - 1)


@settings(max_examples=60, deadline=None)
@given(st.sets(LEAF, max_size=8), st.sets(LEAF, max_size=8))
def test_what_is_forgotten_is_gone_and_all_else_stays_as_it_was(gone: set[int], asked: set[int]) -> None:
    tree = ROOT
    for leaf in gone:
        tree = without(tree, leaf)
    seen: dict[str, bytes] = {}
    for leaf in gone | asked:
        assert leaf_key(tree, leaf, seen=seen) == leaf_key(tree, leaf)
        assert leaf_key(tree, leaf) == (None if leaf in gone else leaf_key(ROOT, leaf))


def test_no_key_that_is_kept_leads_to_a_forgotten_leaf() -> None:
    tree = without(ROOT, 5)
    assert leaf_key(ROOT, 5) not in tree.values() and ROOT[""] not in tree.values()
    assert not [way for way in tree if f"{5:0{DEPTH}b}".startswith(way)]


def test_forgetting_twice_is_forgetting_once() -> None:
    assert without(without(ROOT, 5), 5) == without(ROOT, 5)


def test_people_who_came_after_each_other_share_what_must_be_kept() -> None:
    tree = ROOT
    for leaf in range(1, 1001):
        tree = without(tree, leaf)
    assert len(tree) < 40  # of 1,000 in a row, nothing is kept but what lies around them
