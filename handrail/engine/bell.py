"""The bell: "something changed". It wakes the open pages of these people; the pages then ask through the gate.

A ring is a row, written in the transaction of the change, so that it comes if and only if the change does.
"""

from collections.abc import Iterable

from handrail.engine import wake
from handrail.engine.models import Bell
from handrail.kernel import clock


def ring(person_ids: Iterable[str]) -> None:
    """Ring for each of these people once the caller's transaction commits (at once when there is none)."""
    now = clock.now()
    rings = [Bell(person_id=person_id, rung_at=now) for person_id in sorted(set(person_ids))]
    if rings:
        Bell.objects.bulk_create(rings)
        wake.up()


def forget(*, person: str) -> None:
    """Erase every ring for this person, in the erasure's own transaction."""
    Bell.objects.filter(person_id=person).delete()
