"""The ways to reach a person: added by themselves, confirmed, ended. Addresses are sealed under their own key.

An e-mail address or a number counts once its owner has typed in the code that was sent to it. A push subscription
comes from the phone itself and needs no code.
"""

import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from handrail.delivery import numbers, outbox
from handrail.delivery.endpoints import require_public
from handrail.delivery.models import Channel, Silenced, Way
from handrail.engine.lanes import Lane
from handrail.gate import Actor, gated
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere, TooOften
from handrail.kernel.keys import KeyFault, install_keys

CODE_DIGITS = 6
CODE_TRIES = 10
CODE_LIVES = timedelta(minutes=30)
CODES_AN_HOUR = 5  # how many codes one person can have sent
CODE_KIND = "way.code"
WAYS_A_PERSON = 12  # each is one message more in the transaction of a call for help
LONGEST_PUSH_KEY = 200  # characters; a browser's have 87 and 22


@dataclass(frozen=True, slots=True)
class WaySeen:
    """A way as its own person sees it."""

    id: str
    channel: str
    address: str  # for push: empty, an endpoint says nothing to anybody
    label: str
    verified: bool
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class Confirmation:
    ok: bool
    tries_left: int


@gated("way.read")
def list_ways(actor: Actor, *, owner: str) -> list[WaySeen]:
    """All ways of this person that are not ended, oldest first."""
    return [_seen(way) for way in Way.objects.filter(person_id=owner, ended_at=None).order_by("made_at")]


def tidied(channel: str, typed: str, *, country: str = "") -> str:
    """An e-mail address or a mobile number in the form that we keep. `country`: whose number it is without a +.

    Raises Invalid for what is none.
    """
    if channel == Channel.SMS:
        return numbers.tidied(typed, country=country)
    if channel != Channel.EMAIL:
        raise Invalid(_("This install cannot use that way yet."), field="channel")
    address = typed.strip()
    try:
        validate_email(address)
    except ValidationError as why:
        raise Invalid(_("That does not look like an e-mail address."), field="address") from why
    return address


@gated("way.add", writes=True)
def begin(actor: Actor, *, owner: str, channel: str, address: str, label: str = "") -> str:
    """Keep an address or a number unconfirmed and send a code to it. Returns the way's id.

    Begun again with the same address, a fresh code is sent. Raises Invalid for what is no address, TooOften. How often
    a code goes to one address, whoever asks for it, is counted by whoever calls this (`people/reach.py`).
    """
    address = tidied(channel, address)
    _require_few_codes(owner)
    way = _same_or_new(owner, channel, address, label)
    if way.verified_at is None:
        way.code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        way.code_until, way.code_tries = clock.now() + CODE_LIVES, 0
    way.save()
    if way.verified_at is None and not _is_silenced(way):
        outbox.put_on(way=way.pk, to=owner, channel=channel, kind=CODE_KIND, lane=Lane.CALL, link="/me/ways")
    return str(way.pk)


@gated("way.confirm", writes=True)
def confirm(actor: Actor, *, owner: str, way: str, code: str) -> Confirmation:
    """Confirm with the code. A wrong one is an answer, not an error: an error would undo the count of tries."""
    waiting = Way.objects.filter(pk=way, person_id=owner, ended_at=None, verified_at=None, code__isnull=False)
    # Counted first and in one statement: two tries at the same moment are two tries.
    counted = waiting.filter(code_tries__lt=CODE_TRIES, code_until__gt=clock.now()).update(
        code_tries=F("code_tries") + 1
    )
    found = Way.objects.filter(pk=way, person_id=owner, ended_at=None).first()
    if found is None:
        raise NotHere
    if found.verified_at is not None:
        return Confirmation(ok=True, tries_left=CODE_TRIES)
    if not counted or not hmac.compare_digest(str(found.code).encode(), _digits(code).encode()):
        return Confirmation(ok=False, tries_left=max(0, CODE_TRIES - found.code_tries) if counted else 0)
    found.verified_at, found.code, found.code_until = clock.now(), None, None
    found.save()
    return Confirmation(ok=True, tries_left=CODE_TRIES)


def _digits(typed: str) -> str:
    """What was typed, without spaces and with the digits of any script as 0 to 9: a keyboard may offer ٣ for 3."""
    return "".join(str(unicodedata.digit(sign, sign)) for sign in typed if not sign.isspace())


@gated("way.add", writes=True)
def add_push(actor: Actor, *, owner: str, subscription: dict[str, Any], label: str = "") -> str:
    """Keep what the browser's `PushSubscription.toJSON()` says. Returns the way's id. Raises Invalid."""
    address = _push_address(subscription)
    require_public(address["endpoint"])
    way = _same_or_new(owner, Channel.PUSH, address, label)
    way.verified_at = way.verified_at or clock.now()
    way.failing_since = None
    way.save()
    return str(way.pk)


@gated("way.end", writes=True)
def end(actor: Actor, *, owner: str, way: str) -> None:
    """Never use this way again; what waits for it does not leave. Its address is forgotten at once.

    Of one that its phone has ended, the person has taken note.
    """
    found = Way.objects.filter(pk=way, person_id=owner).filter(Q(ended_at=None) | Q(stopped_at__isnull=False)).first()
    if found is None:
        raise NotHere
    _end(found)


@gated("way.stop", writes=True)
def stop(actor: Actor, *, owner: str, way: str) -> None:
    """The phone said STOP. Its person is told in the app, and how the number ended, so that they know which."""
    found = Way.objects.filter(pk=way, person_id=owner, ended_at=None).first()
    if found is None:
        raise NotHere
    ending = str(found.address)[-2:]
    was_used = found.verified_at is not None
    _end(found)
    if was_used:
        found.stopped_at, found.label = found.ended_at, ending
        found.save()


@gated("way.read")
def stopped(actor: Actor, *, owner: str) -> list[WaySeen]:
    """Phones that said STOP since this person last looked; `label` is how the number ended."""
    return [_seen(way) for way in Way.objects.filter(person_id=owner, stopped_at__isnull=False).order_by("stopped_at")]


@gated("way.send", many=True)
def opened_ways(actor: Actor, *, owners: list[str], ways: Sequence[str]) -> dict[str, tuple[Any, str | None]]:
    """{way: (address, code to confirm)} for the sender. A person who was erased meanwhile is missing."""
    opened = {}
    for way in Way.objects.filter(pk__in=ways, person_id__in=owners):
        try:
            opened[str(way.pk)] = (way.address, way.code)
        except KeyFault:
            continue
    return opened


def forget(*, person: str) -> None:
    """Erase every way of a person and what waits for them; called by the erasure itself, in its transaction."""
    Way.objects.filter(person_id=person).delete()
    outbox.forget(person=person)


def _require_few_codes(owner: str) -> None:
    if outbox.count_since(to=owner, kind=CODE_KIND, since=clock.now() - timedelta(hours=1)) >= CODES_AN_HOUR:
        raise TooOften


def _is_silenced(way: Way) -> bool:
    """That phone said STOP. Whoever types in its number is not told: it is not theirs to know."""
    return way.number is not None and Silenced.objects.filter(number=way.number).exists()


def _make_room(owner: str) -> None:
    """For one way more. A phone that no longer takes messages gives up its place: nobody would think of ending it."""
    kept = Way.objects.filter(person_id=owner, ended_at=None)
    if kept.count() < WAYS_A_PERSON:
        return
    broken = kept.filter(channel=Channel.PUSH, failing_since__isnull=False).order_by("failing_since").first()
    if broken is None:
        raise Invalid(_("That is as many ways as one person can keep. End one first."))
    _end(broken)


def _end(way: Way) -> None:
    way.ended_at, way.address, way.label, way.code = clock.now(), "", None, None
    way.mark, way.number, way.stopped_at = secrets.token_bytes(32), None, None
    way.save()


def _same_or_new(owner: str, channel: str, address: Any, label: str) -> Way:
    mark = _mark(owner, channel, address)
    found = Way.objects.filter(person_id=owner, mark=mark, ended_at=None).first()
    if found is None:
        _make_room(owner)
        number = numbers.mark(address) if channel == Channel.SMS else None
        found = Way(person_id=owner, channel=channel, mark=mark, number=number, made_at=clock.now())
    found.address, found.label = address, label or None
    return found


def _mark(owner: str, channel: str, address: Any) -> bytes:
    """Keyed with the install's pepper: without the key file it cannot be compared with a guessed address."""
    key = address["endpoint"] if isinstance(address, dict) else address.lower()
    return hmac.digest(install_keys().pepper, json.dumps(["way", owner, channel, key]).encode(), hashlib.sha256)


def _push_address(subscription: dict[str, Any]) -> dict[str, str]:
    try:
        keys = subscription["keys"]
        address = {"endpoint": str(subscription["endpoint"]), "p256dh": str(keys["p256dh"]), "auth": str(keys["auth"])}
    except (KeyError, TypeError) as why:
        raise Invalid(_("This browser did not give a push address."), field="subscription") from why
    if max(len(address["p256dh"]), len(address["auth"])) > LONGEST_PUSH_KEY:
        raise Invalid(_("This browser did not give a push address."), field="subscription")
    return address


def _seen(way: Way) -> WaySeen:
    address = way.address if way.channel == Channel.EMAIL else ""
    if way.channel == Channel.SMS:
        address = numbers.shown(way.address)
    return WaySeen(
        id=way.pk,
        channel=way.channel,
        address=address,
        label=way.label or "",
        verified=way.verified_at is not None,
        failing_since=way.failing_since,
    )
