"""Who and what the walks need beside Kit and Bea: links that nobody used yet."""

from handrail.circle import actions as circle
from handrail.circle import queries as circle_seen
from handrail.programs import actions as programs
from tests.fixtures.people import sign_up
from tests.fixtures.programs import found


def prepare() -> dict[str, str]:
    """{what: the code in its address}"""
    noor, keeper = sign_up("Noor"), sign_up("Lee")
    invitation = circle.invite(noor.actor, owner=noor.id, calls_member="Wren", role="friend", shares=[])
    house = found("Willow House", keeper)
    return {
        "invitation": circle_seen.invitation(noor.actor, invitation=invitation).code,
        "offer": programs.name_staff(keeper.actor, program=house.id, name="Wren", role="peer"),
    }
