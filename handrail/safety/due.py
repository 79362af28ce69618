"""What the safety engine does when a moment comes."""

from handrail.engine import due
from handrail.gate import Actor
from handrail.kernel.errors import NotHere
from handrail.safety import actions


@due.handles(actions.CLIMB)
def nobody_answered_in_time(moment: due.Moment) -> None:
    try:
        actions.climb(Actor.system("nobody answered in time"), call=moment.ref, generation=moment.generation)
    except NotHere:
        return  # the person erased their account; nothing is left to climb for


@due.handles(actions.CLOSE)
def twelve_hours_have_passed(moment: due.Moment) -> None:
    try:
        actions.close(Actor.system("a call was left open for twelve hours"), call=moment.ref)
    except NotHere:
        return


@due.handles(actions.SHARE_ENDS)
def a_share_of_calls_is_over(moment: due.Moment) -> None:
    try:
        actions.share_ends(Actor.system("a share has come to its last day"), call=moment.ref)
    except NotHere:
        return
