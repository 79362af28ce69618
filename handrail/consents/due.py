"""What happens when a consent comes to its last days, and when the last one is over."""

from handrail.consents import actions
from handrail.engine import due
from handrail.gate import Actor
from handrail.kernel.errors import NotHere


@due.handles(actions.SOON)
def two_weeks_are_left(moment: due.Moment) -> None:
    try:
        actions.remind(Actor.system("a consent ends soon"), consent=moment.ref)
    except NotHere:
        return  # its owner erased their account


@due.handles(actions.OVER)
def its_time_is_over(moment: due.Moment) -> None:
    try:
        actions.note_end(Actor.system("a consent has ended"), consent=moment.ref)
    except NotHere:
        return
