"""What becomes due for whoever stands beside somebody: the weekly message, if they want it, and the end of an undo."""

from handrail.engine import due
from handrail.gate import Actor
from handrail.supporters import actions


@due.handles(actions.REMIND)
def sunday_has_come(moment: due.Moment) -> None:
    actions.remind(Actor.system("the weekly question is due"), owner=moment.ref)


@due.handles(actions.FORGET_LEFT)
def a_day_has_passed(moment: due.Moment) -> None:
    actions.forget_left(Actor.system("a circle was left a day ago"), owner=moment.ref)
