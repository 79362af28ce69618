"""What the first account knows of the second."""

from dataclasses import dataclass
from datetime import date, timedelta

from handrail.checkins import queries as days
from handrail.gate import Actor
from handrail.kernel import clock
from handrail.people import discreet
from handrail.people import queries as accounts

LOOKS_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Second:
    name: str  # that it opens with
    is_my_name: bool
    last_day: date | None  # with a check-in, of the last year
    has_pin: bool


def second(actor: Actor) -> Second | None:
    """None: there is no second passphrase."""
    found = discreet.second_of(actor, owner=actor.me)
    if not found:
        return None
    there = Actor.person(found)
    its = accounts.profile(there, owner=found)
    today = clock.today(its.time_zone)
    made = days.of_days(there, owner=found, zone=its.time_zone, since=today - LOOKS_BACK, until=today)
    mine = accounts.profile(actor, owner=actor.me).name
    has_pin = discreet.has_second_pin(actor, owner=actor.me)
    return Second(its.name, its.name == mine, made[0].day if made else None, has_pin)
