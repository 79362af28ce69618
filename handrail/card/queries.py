"""The card, put together from the circle, from what stands on the map, and from the numbers the person wrote down."""

from collections.abc import Sequence

from handrail.card.models import Number
from handrail.card.rules import Entry
from handrail.circle import queries as circle
from handrail.circle.queries import Member
from handrail.gate import Actor, gated
from handrail.gate.carrying import Values, carried_out
from handrail.gate.prepared import PreparedRecords


@gated("card.read")
def numbers(actor: Actor, *, owner: str) -> dict[str, str]:
    """{membership: phone}, of those who have left too. One query."""
    return {each.membership_id: each.phone for each in _NUMBERS.rows()}


_NUMBERS = PreparedRecords(Number, lambda rows: rows(Number))


@gated("card.read")
def entries(actor: Actor, *, owner: str) -> list[Entry]:
    """Everybody with a number: the circle in the order of its ladder, then those who are not in Handrail."""
    return of_members(circle.roster(actor, owner=owner), numbers(actor, owner=owner)) + [
        Entry(other.name, other.kind_word, other.phone) for other in circle.others(actor, owner=owner) if other.phone
    ]


def of_members(members: Sequence[Member], known: dict[str, str]) -> list[Entry]:
    """The members who have a number, in the order given."""
    found = [(member, known.get(member.membership_id, "")) for member in members]
    return [Entry(member.name, member.role_word, phone) for member, phone in found if phone]


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[Values]]:
    return {"numbers": carried_out(Number, owner)}
