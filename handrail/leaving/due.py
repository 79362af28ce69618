"""What becomes due when somebody leaves: a packed copy ends, the seven days are over, a key is forgotten."""

from datetime import timedelta

from django.db import transaction

from handrail.engine import due
from handrail.gate import Actor
from handrail.kernel import clock, keys
from handrail.kernel.errors import NotHere
from handrail.leaving import actions, scrub
from handrail.people import queries as people

TRY_AGAIN = timedelta(minutes=1)


@due.handles(actions.END_ARCHIVE)
def a_day_has_passed(moment: due.Moment) -> None:
    try:
        actions.end_archive(Actor.system("a packed copy is kept for a day"), archive=moment.ref)
    except NotHere:
        return


@due.handles(actions.ERASE)
def the_seven_days_are_over(moment: due.Moment) -> None:
    """Done in the person's own name: it is what they decided, and nobody else may."""
    actor = Actor.person(moment.ref, channel="later")
    at = people.erase_at(actor, owner=moment.ref)
    if at is not None and at <= clock.now():
        actions.erase(actor)


@due.handles(actions.FORGET)
def the_key_file_forgets(moment: due.Moment) -> None:
    """Runs after an erasure was committed; tried again until the file could be written."""
    keys.forget_leaves()
    transaction.on_commit(_empty_the_log, robust=True)


def _empty_the_log() -> None:
    if not scrub.empty_the_log():
        with transaction.atomic():
            due.schedule(actions.FORGET, ref="all", at=clock.now() + TRY_AGAIN)
