"""Once a day: is every access log still the one that was written?"""

import logging
from datetime import timedelta

from django.db import transaction

from handrail.delivery import operator
from handrail.engine import due
from handrail.kernel import clock
from handrail.watch import logs, said

CHECK = "log.check"
EVERY = timedelta(days=1)

log = logging.getLogger("handrail.watch")


@due.daily(CHECK)
def check_the_logs(moment: due.Moment) -> None:
    """One turn; the next follows at once until all are checked. The log tells of it every day, a mail once."""
    done = logs.check_some()
    if done.ended_at is None:
        due.schedule(CHECK, ref=due.EVERY_DAY, at=clock.now())
        return
    log.info("log.checked", extra={"count": done.logs})
    if done.broken:
        log.error("log.broken", extra={"count": done.broken})
    if done.newly_broken:
        subject, text = said.logs_broken(logs.broken_logs())
        transaction.on_commit(lambda: operator.tell(subject, text), robust=True)
    due.schedule(CHECK, ref=due.EVERY_DAY, at=done.began_at + EVERY)
