"""What happens to an agreement when its thirty days are over."""

from handrail.agreements import actions
from handrail.engine import due
from handrail.gate import Actor
from handrail.kernel.errors import NotHere


@due.handles(actions.REVIEW)
def thirty_days_have_passed(moment: due.Moment) -> None:
    try:
        actions.ask_again(
            Actor.system("an agreement is thirty days old"), agreement=moment.ref, version=moment.generation
        )
    except NotHere:
        return  # it was thrown away, or its owner erased their account
