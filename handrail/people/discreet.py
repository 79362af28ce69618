"""How an account behaves where other eyes are near: app lock, cover, lighter words. All of it in one sealed field.

The field is always padded to the same length, so that a copy of the database does not tell who has a second view.
"""

import hmac
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from handrail.gate import Actor, gated
from handrail.kernel.errors import Invalid
from handrail.people import door
from handrail.people.models import Person

ANOTHER_PIN = _("Please choose another PIN.")
LENGTH = 420  # characters of the sealed text, more than all of it can have


@dataclass(frozen=True, slots=True)
class Discreet:
    """What pages need to know, on every request."""

    lock_after: int | None = None  # minutes without use; None: no lock
    has_pin: bool = False
    cover: bool = True  # a blank sheet while the phone shows its list of apps
    soft_help: bool = False  # "Support" on the help button
    days_hidden: bool = False  # no number of days on Today


@dataclass(frozen=True, slots=True)
class _Kept:
    lock_after: int | None = None
    pin: str = ""  # argon2id, as hex
    cover: bool = True
    soft_help: bool = False
    days_hidden: bool = False
    second: str = ""  # the account that the second passphrase opens
    second_pin: str = ""


AS_FOR_EVERYBODY = Discreet()


def of_person(actor: Actor, person: Person) -> Discreet:
    """From the row that the session has read already: no query, and no work at all where nothing was chosen."""
    if not person.has_chosen:
        return AS_FOR_EVERYBODY
    found: Discreet = _of_person(actor, owner=person.pk, person=person)
    return found


@gated("account.read")
def _of_person(actor: Actor, *, owner: str, person: Person) -> Discreet:
    kept = _kept(person)
    return Discreet(kept.lock_after, bool(kept.pin), kept.cover, kept.soft_help, kept.days_hidden)


@gated("account.read")
def settings(actor: Actor, *, owner: str) -> Discreet:
    return _of_person(actor, owner=owner, person=Person.objects.get(pk=owner))


@gated("account.change", writes=True)
def change_looks(actor: Actor, *, owner: str, cover: bool, soft_help: bool, days_hidden: bool) -> None:
    _change(owner, cover=cover, soft_help=soft_help, days_hidden=days_hidden)


@gated("account.change", writes=True)
def change_lock(actor: Actor, *, owner: str, lock_after: int | None, pin: str | None = None) -> None:
    """`pin`: digits of a new one, "" for none, None for the one there was."""
    if pin is None:
        _change(owner, lock_after=lock_after)
        return
    hashed = _hashed(owner, pin) if pin else ""
    if hashed and hashed == _kept(Person.objects.get(pk=owner)).second_pin:
        raise Invalid(ANOTHER_PIN, field="pin")
    _change(owner, lock_after=lock_after, pin=hashed)


# the second view: see `handrail/second/`
@gated("account.read")
def second_of(actor: Actor, *, owner: str) -> str:
    """The account that this person's second passphrase opens, or "". Only their own key opens the answer.

    "" too where that account was erased from inside.
    """
    kept = _kept(Person.objects.get(pk=owner))
    return kept.second if kept.second and Person.objects.here_by_id(kept.second) else ""


@gated("account.read")
def has_second_pin(actor: Actor, *, owner: str) -> bool:
    return bool(_kept(Person.objects.get(pk=owner)).second_pin)


@gated("account.change", writes=True)
def change_second_pin(actor: Actor, *, owner: str, pin: str) -> None:
    """Digits that open the second view on the lock screen of `owner`; "" for none. Not their own PIN."""
    hashed = _hashed(owner, pin) if pin else ""
    if hashed and hashed == _kept(Person.objects.get(pk=owner)).pin:
        raise Invalid(ANOTHER_PIN, field="pin")
    _change(owner, second_pin=hashed)


@gated("account.change", writes=True)
def point_to_second(actor: Actor, *, owner: str, second: str, pin: str = "") -> None:
    """`pin`: digits that open the second view on the lock screen; it is kept for the account that is locked."""
    _change(owner, second=second, second_pin=_hashed(owner, pin) if pin else "")


@gated("account.read")
def behind_pin(actor: Actor, *, owner: str, pin: str) -> str | None:
    """Whose view this PIN opens on the lock screen of `owner`: theirs, the second one, or nobody's (None).

    One run of argon2id and two comparisons, whatever there is.
    """
    kept, tried = _kept(Person.objects.get(pk=owner)), _hashed(owner, pin)
    mine = hmac.compare_digest(kept.pin, tried)
    other = hmac.compare_digest(kept.second_pin, tried)
    return owner if mine else kept.second if other and kept.second else None


def _hashed(owner: str, pin: str) -> str:
    return door.pin_door_for(owner, pin).hex()


def _kept(person: Person) -> _Kept:
    if person.discreet is None:
        return _Kept()
    held: dict[str, Any] = {name: value for name, value in person.discreet.items() if name != "pad"}
    return _Kept(**held)


def _change(owner: str, **values: Any) -> None:
    person = Person.objects.select_for_update().get(pk=owner)
    held = asdict(replace(_kept(person), **values))
    person.discreet = {**held, "pad": "." * (LENGTH - len(json.dumps(held)))}
    person.save(update_fields=["discreet"])
