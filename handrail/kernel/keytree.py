"""A key that can forget: one secret gives 2^24 keys, and any one of them can be destroyed without touching the others.

The secret is the root of a binary tree; each node's two children are hashes of it, and a person's wrapping key is a
leaf. To forget a leaf, the nodes on the way to it are replaced by the other child at each step: every other leaf can
still be derived, this one never again (Goldreich, Goldwasser and Micali's tree, punctured as in Boneh and Waters
2013). So an erasure changes one small file, wraps nobody else's key anew, and an older copy of the file still opens
everything that is here today.
"""

from hashlib import sha256

DEPTH = 24  # sixteen million sign-ups
LEAVES = 2**DEPTH
NEIGHBOURS = 8  # the last steps of the way: 256 leaves stand under one node

#: {bits on the way from the root: the node's key}. {"": root} is whole.
Tree = dict[str, bytes]


def leaf_key(tree: Tree, leaf: int, *, seen: Tree | None = None) -> bytes | None:
    """The key of this leaf; None when it was forgotten.

    `seen` keeps nodes that were derived on the way, for the next one asked for. It lives as long as the tree does.
    """
    way = _way_to(leaf)
    near = way[:-NEIGHBOURS]
    if seen is not None and near in seen:
        return _down(seen[near], way[-NEIGHBOURS:])
    known = _known_part(tree, way)
    if known is None:
        return None
    if seen is None or len(known) > len(near):
        return _down(tree[known], way[len(known) :])
    seen[near] = _down(tree[known], near[len(known) :])
    return _down(seen[near], way[-NEIGHBOURS:])


def without(tree: Tree, leaf: int) -> Tree:
    """The tree that gives every key but this one."""
    way = _way_to(leaf)
    known = _known_part(tree, way)
    if known is None:
        return tree
    rest = dict(tree)
    node = rest.pop(known)
    for place in range(len(known), DEPTH):
        other = "1" if way[place] == "0" else "0"
        rest[way[:place] + other] = _child(node, other)
        node = _child(node, way[place])
    return rest


def _way_to(leaf: int) -> str:
    if not 0 <= leaf < LEAVES:
        raise ValueError(f"there is no leaf {leaf}")
    return f"{leaf:0{DEPTH}b}"


def _known_part(tree: Tree, way: str) -> str | None:
    return next((way[:length] for length in range(DEPTH + 1) if way[:length] in tree), None)


def _down(node: bytes, way: str) -> bytes:
    for bit in way:
        node = sha256(_SIDE[bit] + node).digest()
    return node


def _child(node: bytes, bit: str) -> bytes:
    return _down(node, bit)


_SIDE = {"0": b"handrail.tree.0", "1": b"handrail.tree.1"}
