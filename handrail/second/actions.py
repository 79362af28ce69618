"""The second passphrase: the door of a second, plain account of the same name. Nothing in it leads back.

It is an account like any other, made by the same actions. Only the first one knows of it, by an id in a field that
opens with the first one's own key (`people/discreet.py`). Whoever acts on it here has that id, and acts as its person.
"""

from datetime import date, timedelta
from secrets import SystemRandom

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from handrail.checkins import actions as checkins
from handrail.checkins import queries as days
from handrail.checkins.rules import Answered
from handrail.gate import Actor
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere
from handrail.leaving import actions as leaving
from handrail.people import actions as people
from handrail.people import discreet, limits
from handrail.people import queries as accounts
from handrail.people.door import tidy
from handrail.second import rules

ANOTHER = _("Please choose another passphrase.")


def make(actor: Actor, *, passphrase: str, pin: str = "", began: date | None = None, lived_in: bool = True) -> None:
    """`pin`: opens it on the lock screen. `began`: the day it counts from, None for no count. Raises Invalid, TooOften.

    `lived_in`: with some weeks of ordinary check-ins.
    """
    me = accounts.profile(actor, owner=actor.me)
    if pin and discreet.behind_pin(actor, owner=actor.me, pin=pin):
        raise Invalid(discreet.ANOTHER_PIN, field="pin")
    limits.spend((limits.NEW_DOORS_BY_NAME, tidy(me.name)))
    with transaction.atomic():
        if discreet.second_of(actor, owner=actor.me):
            raise Invalid(_("You have a second passphrase already."), field="passphrase")
        try:
            with transaction.atomic():
                fresh = people.sign_up(
                    name=me.name, passphrase=passphrase, time_zone=me.time_zone, country=me.country,
                    language=me.language, joined_on=me.joined_on,
                )  # fmt: skip
        except IntegrityError as why:  # their own first passphrase, or that of somebody of the same name
            raise Invalid(ANOTHER, field="passphrase") from why
        second = Actor.person(fresh.person_id)
        people.words_are_written(second, owner=second.me)
        checkins.set_start(second, owner=second.me, zone=me.time_zone, began=began)
        if lived_in:
            _live(second, me.time_zone, _earliest(second))
        lock = discreet.settings(actor, owner=actor.me).lock_after
        discreet.change_lock(second, owner=second.me, lock_after=lock, pin=pin)
        discreet.point_to_second(actor, owner=actor.me, second=second.me, pin=pin)


def freshen(actor: Actor) -> None:
    """Ordinary check-ins for the time since the last one, so that it does not look left alone."""
    second = _second_of(actor)
    zone = accounts.profile(second, owner=second.me).time_zone
    _live(second, zone, max(_earliest(second), _after_the_last(second, zone)))


def change(actor: Actor, *, passphrase: str) -> None:
    """Another second passphrase, with the name that the first account has now. Ends its sessions. Raises Invalid."""
    second = _second_of(actor)
    name = accounts.profile(actor, owner=actor.me).name
    people.change_name(second, owner=second.me, name=name, passphrase=passphrase)
    people.end_other_devices(second, owner=second.me, session_key=None)


def change_pin(actor: Actor, *, pin: str) -> None:
    """Another second PIN, "" for none. The second view's own lock opens with the same one. Raises Invalid."""
    second = _second_of(actor)
    lock = discreet.settings(second, owner=second.me).lock_after
    with transaction.atomic():
        discreet.change_second_pin(actor, owner=actor.me, pin=pin)
        discreet.change_lock(second, owner=second.me, lock_after=lock, pin=pin)


def remove(actor: Actor) -> None:
    """That account is erased, as its person would erase it."""
    second = _second_of(actor)
    with transaction.atomic():
        discreet.point_to_second(actor, owner=actor.me, second="")
        leaving.erase(second)


def _second_of(actor: Actor) -> Actor:
    found = discreet.second_of(actor, owner=actor.me)
    if not found:
        raise NotHere
    return Actor.person(found)


def _live(second: Actor, zone: str, since: date) -> None:
    days_there = rules.ordinary(since, clock.now(), zone, SystemRandom().random)
    answers = [Answered(one.day, one.at, one.mood, one.craving, one.sleep) for one in days_there]
    checkins.record_past(second, owner=second.me, zone=zone, answers=answers)


def _earliest(second: Actor) -> date:
    """No check-in is older than the account says it is."""
    its = accounts.profile(second, owner=second.me)
    return max(its.joined_on, clock.today(its.time_zone) - timedelta(days=rules.DAYS))


def _after_the_last(second: Actor, zone: str) -> date:
    today = clock.today(zone)
    made = days.of_days(second, owner=second.me, zone=zone, since=today - timedelta(days=rules.DAYS), until=today)
    return made[0].day + timedelta(days=1) if made else date.min
