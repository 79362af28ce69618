"""What a domain's `due.py` looks like, with nothing but the engine in it."""

from datetime import timedelta

from handrail.delivery import outbox
from handrail.engine import due
from handrail.engine.lanes import Lane
from handrail.kernel import clock

STEPS = 3


@due.handles("trial.step")
def take_a_step(moment: due.Moment) -> None:
    """`ref` is "<person>-<number>"; the message and the next moment are one transaction with the end of this one."""
    person, _, number = moment.ref.partition("-")
    lane = Lane.CALL if int(number) % 5 == 0 else Lane.ROUTINE
    outbox.put(
        to=person, owner=person, kind="trial", lane=lane, matter=moment.ref, round=str(moment.generation), link="/today"
    )
    if moment.generation + 1 < STEPS:
        at = clock.now() + timedelta(seconds=0.1)
        due.schedule("trial.step", ref=moment.ref, at=at, generation=moment.generation + 1, lane=lane)
