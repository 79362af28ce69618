"""Signing in by a name of one's choice and a passphrase, so that nobody can learn who has an account.

Names are not unique, so "that name is taken" never has to be said. An account is found by its *door*:

    door = argon2id(passphrase, salt = HMAC-SHA256(pepper, name))

One argon2id run and one lookup by equality, whether or not anybody of that name is here: neither the answer nor its
timing tells. The pepper lives in the key file, not in the database, so a stolen database cannot even be guessed at.
Recovery words have a door of their own (no name needed: six words carry 57 bits).
"""

import hmac
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from django.conf import settings
from django.http import HttpRequest

from handrail.gate.opening import opening
from handrail.kernel.keys import install_keys
from handrail.people.models import Person

LONGEST = 200  # characters; more is refused before any work is spent on it


def door_for(name: str, passphrase: str) -> bytes:
    return _argon2("name:" + tidy(name), unicodedata.normalize("NFKC", passphrase))


def recovery_door_for(words: str) -> bytes:
    """The numbers in front of the words, as the page shows them and paper repeats them, are no part of the words."""
    return _argon2("recovery", tidy(re.sub(r"[\d()]", " ", words)))


def pin_door_for(person_id: str, pin: str) -> bytes:
    """A PIN is short: the pepper keeps a stolen database from guessing it, and `people.locking` keeps hands from it."""
    return _argon2("pin:" + person_id, pin)


def tidy(text: str) -> str:
    """Case, accents typed another way, punctuation and double spaces make no difference to a tired thumb."""
    return re.sub(r"[\s\-,.]+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def opens(person: Person, passphrase: str) -> bool:
    """Is this the passphrase of `person`? Their account must be open in the gate, because their name is sealed."""
    opening()
    return hmac.compare_digest(bytes(person.door), door_for(person.name, passphrase))


class NameAndPassphrase:
    """The authentication backend. Guessing is limited in `people.limits`, before this is reached."""

    def authenticate(
        self, request: HttpRequest | None, name: str = "", passphrase: str = "", **other: Any
    ) -> Person | None:
        if not name or not passphrase or len(name) > LONGEST or len(passphrase) > LONGEST:
            return None
        return Person.objects.here().filter(door=door_for(name, passphrase)).first()

    def get_user(self, person_id: str) -> Person | None:
        known = _at_hand.get()
        return known if known is not None and known.pk == person_id else Person.objects.here_by_id(person_id)


@contextmanager
def at_hand(person: Person | None) -> Iterator[None]:
    """Whoever is asked for within is this account, if it is theirs: it came along with the session a moment ago."""
    before = _at_hand.set(person)
    try:
        yield
    finally:
        _at_hand.reset(before)


_at_hand: ContextVar[Person | None] = ContextVar("at_hand", default=None)


def _argon2(purpose: str, secret: str) -> bytes:
    salt = hmac.new(install_keys().pepper, purpose.encode(), sha256).digest()
    time_cost, memory_kib, lanes = settings.DOOR_COST
    return hash_secret_raw(
        secret.encode(), salt, time_cost=time_cost, memory_cost=memory_kib, parallelism=lanes, hash_len=32, type=Type.ID
    )
