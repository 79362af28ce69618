"""What changes an account. Each asks the gate; an account that does not exist yet is made by the system."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from handrail.gate import Actor, gated
from handrail.gate import circle as places
from handrail.gate.carrying import carried_in, is_text
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere
from handrail.kernel.ids import new_id
from handrail.kernel.keys import make_data_key
from handrail.kernel.sealed import FORMAT
from handrail.people import door, limits, words
from handrail.people.models import AtDevice, OwnWords, Person, Session, Token, View
from handrail.people.scopes import SCOPES
from handrail.people.sessions import hashed

TOKEN_PREFIX = "hr"  # noqa: S105  how a token begins, so that scanners know one when it leaks


@dataclass(frozen=True, slots=True)
class SignedUp:
    person_id: str
    recovery_words: str  # known to nobody but the person from now on


def sign_up(
    *, name: str, passphrase: str, time_zone: str, country: str, language: str = "en", joined_on: date | None = None
) -> SignedUp:
    """A new account with its own data key, in one transaction. Raises IntegrityError when that door is taken."""
    actor, person_id, recovery = Actor.system("sign-up"), new_id(), words.pick(words.RECOVERY_WORDS)
    person = Person(
        id=person_id,
        door=door.door_for(name, passphrase),
        recovery_door=door.recovery_door_for(recovery),
        name=name,
        time_zone=time_zone,
        country=country,
        language=language,
        joined_on=joined_on or clock.today(time_zone),
    )
    with transaction.atomic():
        actor.keyring.hold(person_id, make_data_key(person_id))
        _open_account(actor, owner=person_id, person=person)
    return SignedUp(person_id, recovery)


@gated("account.change", writes=True)
def _open_account(actor: Actor, *, owner: str, person: Person) -> None:
    person.save(force_insert=True)


@gated("account.change", writes=True)
def change_passphrase(actor: Actor, *, owner: str, passphrase: str) -> None:
    """A new passphrase ends every token, and every session but the one that asks (its caller keeps that one)."""
    person = Person.objects.get(pk=owner)
    _change_door(person, person.name, passphrase)
    _end_tokens()


@gated("account.change", writes=True)
def change_name(actor: Actor, *, owner: str, name: str, passphrase: str) -> None:
    """The name is half of the door, so the passphrase builds the new one. Whoever calls this has checked it."""
    _change_door(Person.objects.get(pk=owner), name, passphrase)
    places.rename_owner(owner, name)


@gated("account.change", writes=True)
def change_place(actor: Actor, *, owner: str, time_zone: str, country: str) -> None:
    Person.objects.filter(pk=owner).update(time_zone=time_zone, country=country)


@gated("account.change", writes=True)
def change_view(actor: Actor, *, owner: str, view: str) -> None:
    """Which pages open first for somebody who is both: `person`, `supporter` or `staff`."""
    Person.objects.filter(pk=owner).update(view=View(view).value)


@gated("account.change", writes=True)
def choose_own_words(actor: Actor, *, owner: str, for_use: str, for_recovery: str) -> None:
    held = OwnWords.objects.first() or OwnWords(owner_id=owner)
    held.for_use, held.for_recovery = for_use, for_recovery
    held.save()


# recovery words
@gated("account.change", writes=True)
def new_recovery_words(actor: Actor, *, owner: str) -> str:
    """Six new words; the old ones stop working. They are shown once and kept nowhere."""
    chosen = words.pick(words.RECOVERY_WORDS)
    Person.objects.filter(pk=owner).update(recovery_door=door.recovery_door_for(chosen), words_written=False)
    return chosen


@gated("account.change", writes=True)
def words_are_written(actor: Actor, *, owner: str) -> None:
    Person.objects.filter(pk=owner).update(words_written=True)


def recover(*, recovery_words: str, passphrase: str, name: str = "") -> str | None:
    """A new passphrase for whoever has the six words; sessions, tokens and passkeys end.

    Answers the person, None for wrong words. A code app stays: it is what these words alone do not get past.
    """
    found = Person.objects.here().filter(recovery_door=door.recovery_door_for(recovery_words))
    person_id = found.values_list("pk", flat=True).first()
    if person_id is not None:
        _recover(Actor.system("recovery words"), owner=person_id, name=name, passphrase=passphrase)
    return person_id


@gated("account.change", writes=True)
def _recover(actor: Actor, *, owner: str, name: str, passphrase: str) -> None:
    person = Person.objects.get(pk=owner)
    _change_door(person, name or person.name, passphrase)
    Session.objects.filter(person_id=owner).delete()
    _end_tokens()
    Authenticator.objects.filter(user_id=owner, type=Authenticator.Type.WEBAUTHN).delete()


def _end_tokens() -> None:
    """Whoever takes their account back must not share it with a program that somebody else let in.

    The six words end passkeys too, for the same reason. A new passphrase does not: the page that asks for it says so.
    """
    Token.objects.filter(ended_at=None).update(ended_at=clock.now())


def _change_door(person: Person, name: str, passphrase: str) -> None:
    """Raises Invalid where a namesake has that passphrase; so each new door for a name is a guess, and TooOften."""
    limits.spend((limits.NEW_DOORS_BY_NAME, door.tidy(name)))
    person.name = name
    person.door = door.door_for(name, passphrase)
    try:
        with transaction.atomic():
            person.save(update_fields=["name", "door"])
    except IntegrityError as why:  # somebody of the same name has the same passphrase
        raise Invalid(_("Please choose another passphrase."), field="passphrase") from why


# devices
@gated("account.change", writes=True)
def end_device(actor: Actor, *, owner: str, device: str) -> None:
    Session.objects.filter(person_id=owner, session_key=device).delete()


@gated("account.change", writes=True)
def recognise_device(actor: Actor, *, owner: str, device: str, session_key: str | None) -> None:
    """ "That was me", said on a device that was there before. NotHere for any other."""
    mine = Session.objects.filter(person_id=owner, session_key=hashed(session_key or "")).values("began_at")[:1]
    if not Session.objects.filter(person_id=owner, session_key=device, began_at__gt=mine).exists():
        raise NotHere
    AtDevice.objects.update_or_create(session_id=device, defaults={"known": True})


@gated("account.change", writes=True)
def end_other_devices(actor: Actor, *, owner: str, session_key: str | None) -> None:
    Session.objects.filter(person_id=owner).exclude(session_key=hashed(session_key or "")).delete()


# API tokens
@gated("account.change", writes=True)
def make_token(actor: Actor, *, owner: str, label: str, scopes: list[str]) -> str:
    """The token, shown once. It carries its own id, so that finding it needs no search through secrets."""
    if unknown := set(scopes) - SCOPES.keys():
        raise Invalid(_("Please choose from the list."), field="scopes") from ValueError(sorted(unknown))
    secret = secrets.token_urlsafe(24)
    token = Token.objects.create(
        owner_id=owner, digest=digest_of(secret), label=label, scopes=sorted(scopes), made_at=clock.now()
    )
    return f"{TOKEN_PREFIX}_{token.id}_{secret}"


@gated("account.change", writes=True)
def end_token(actor: Actor, *, owner: str, token: str) -> None:
    Token.objects.filter(pk=token, ended_at=None).update(ended_at=clock.now())


def digest_of(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


# leaving
@gated("import.write", writes=True)
def imported(actor: Actor, *, owner: str, data: dict[str, Any]) -> None:
    """Own words, from another install. Name, place and ways to be reached are those of this account."""
    words_there = data.get("own_words", [])[:1]
    carried_in(OwnWords, owner, words_there, sealed={"for_use": is_text, "for_recovery": is_text})


@gated("account.erase", writes=True)
def set_erasing(actor: Actor, *, owner: str, at: datetime) -> None:
    """From now on every page says that this account will be erased at that moment."""
    Person.objects.filter(pk=owner).update(erase_at=at)


@gated("account.keep", writes=True)
def keep(actor: Actor, *, owner: str) -> None:
    """Take that back."""
    Person.objects.filter(pk=owner).update(erase_at=None)


@gated("account.vanish", writes=True)
def close(actor: Actor, *, owner: str) -> None:
    """End every session and leave of the account a number that stands for nobody: other people's records name it."""
    Session.objects.filter(person_id=owner).delete()
    Person.objects.filter(pk=owner).update(
        name=FORMAT,  # the frame of a sealed text with nothing in it: this must work without their key too
        is_active=False,
        erase_at=None,
        door=secrets.token_bytes(32),
        recovery_door=None,
        time_zone="UTC",
        country="",
        language="",
        joined_on=date(2000, 1, 1),
        words_written=False,
        view=View.PERSON,
        discreet=None,
    )
