"""The two people whom a place in a circle joins, seen from the side of whoever asks."""

from dataclasses import dataclass

from handrail.agreements.rules import Side
from handrail.circle import queries as circle
from handrail.gate import Actor
from handrail.kernel.errors import NotHere


@dataclass(frozen=True, slots=True)
class Pair:
    """`name` is what this side calls the other. A pair is there only while the place is."""

    owner: str
    membership: str
    side: Side
    name: str

    @property
    def keys(self) -> dict[str, str]:
        return {"owner": self.owner, "membership": self.membership}


def with_member(actor: Actor, *, membership: str) -> Pair:
    """The owner's side; NotHere when the place has ended or is in somebody else's circle."""
    found = circle.member(actor, owner=actor.me, membership=membership)
    if found.program_id:  # agreements are between two people
        raise NotHere
    return Pair(actor.me, membership, Side.OWNER, found.name)


def with_owner(actor: Actor, *, owner: str) -> Pair:
    """The member's side."""
    stands, right = circle.circle_of(actor, owner=owner), actor.right_to(owner)
    if right is None:
        raise NotHere
    return Pair(owner, right.membership_id, Side.MEMBER, stands.called)


def pairs(actor: Actor) -> list[Pair]:
    """Everybody with whom this actor can agree on something: their members first, then whom they stand beside."""
    mine = [
        Pair(actor.me, each.membership_id, Side.OWNER, each.name)
        for each in circle.roster(actor, owner=actor.me)
        if not each.program_id
    ]
    for stands in circle.circles(actor):
        right = actor.right_to(stands.owner_id)
        if right is not None:
            mine.append(Pair(stands.owner_id, right.membership_id, Side.MEMBER, stands.called))
    return mine


def of_place(actor: Actor, *, membership: str) -> Pair:
    """The pair behind a place, from whichever side this actor has it; NotHere for anybody else's."""
    for each in pairs(actor):
        if each.membership == membership:
            return each
    raise NotHere
