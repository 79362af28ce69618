from django.db import transaction

from handrail.delivery import outbox, ways
from handrail.gate import Actor
from tests.fixtures.people import Somebody


def give_email(somebody: Somebody) -> None:
    """A confirmed address, `sam@example.org` for Sam; no code waits to be sent."""
    way = ways.begin(somebody.actor, owner=somebody.id, channel="email", address=f"{somebody.name.lower()}@example.org")
    _, code = ways.opened_ways(Actor.system("a test"), owners=[somebody.id], ways=[way])[way]
    assert ways.confirm(somebody.actor, owner=somebody.id, way=way, code=str(code)).ok
    with transaction.atomic():
        outbox.withdraw(matter=way)
