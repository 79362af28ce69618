"""What a text provider tells us: that a phone has a text or will never have it, and what somebody texted back.

A phone that says STOP gets nothing more from this install, whoever has added its number, until it says START.
"""

import hashlib
import hmac
import re

from django.db import transaction

from handrail.delivery import numbers, ways
from handrail.delivery.channels.sms import Reply, Report
from handrail.delivery.models import Channel, Heard, Outbox, Silenced, Way
from handrail.engine import bell
from handrail.gate import Actor
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.kernel.keys import install_keys

# The words that carriers ask every sender to know, alone in a text and in any case.
STOP = frozenset({"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "opt out", "optout"})
START = frozenset({"start", "unstop"})


def take(news: Report | Reply) -> None:
    """One report or reply; the same one again changes nothing."""
    if isinstance(news, Report):
        _report(news)
    elif number := numbers.as_sent(news.number):
        _reply(number, _plain(news.words), news.key)


def _report(news: Report) -> None:
    """Arrived is the last word. Not arrived is believed only of a text that has left."""
    now = clock.now()
    with transaction.atomic():
        rows = Outbox.objects.filter(seen_token=news.ref, channel=Channel.SMS)
        row = rows.select_for_update().first()
        if row is None or row.state == Outbox.DELIVERED:
            return
        if not news.arrived and row.state not in (Outbox.HANDED, Outbox.CLAIMED):
            return  # taken back, or tried again already: what became of an earlier try says nothing new
        state = Outbox.DELIVERED if news.arrived else Outbox.GAVE_UP
        rows.update(state=state, delivered_at=now if news.arrived else None, lease_until=None, worker="")
        way = Way.objects.filter(pk=row.way_id)
        if news.arrived:
            way.update(failing_since=None)
        elif news.for_good:
            way.filter(failing_since=None).update(failing_since=now)
        bell.ring([row.owner])


def _reply(number: str, words: str, key: str) -> None:
    if words not in STOP | START:
        return
    with transaction.atomic():
        if not _is_new(number, key):
            return
        mark = numbers.mark(number)
        if words in START:
            Silenced.objects.filter(number=mark).delete()
            return
        Silenced.objects.bulk_create([Silenced(number=mark, at=clock.now())], ignore_conflicts=True)
        for way, person in Way.objects.filter(number=mark, ended_at=None).values_list("pk", "person_id"):
            _stop(person, way)


def _stop(person: str, way: str) -> None:
    try:
        ways.stop(Actor.system("a phone said STOP"), owner=person, way=way)
    except NotHere:  # ended this very moment by its person
        return
    bell.ring([person])


def _is_new(number: str, key: str) -> bool:
    """The row is written before anything is done, so that of two that come at once the second waits and then ends."""
    sealed = hmac.digest(install_keys().pepper, f"heard|{number}|{key}".encode(), hashlib.sha256)
    _found, made = Heard.objects.get_or_create(key=sealed, defaults={"at": clock.now()})
    return made


def _plain(words: str) -> str:
    return re.sub(r"[^\w]+", " ", words.casefold()).strip()
