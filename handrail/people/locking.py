"""The app lock: a session that was not used for some minutes opens nothing until a PIN or a passphrase says who it is.

It is kept on the server. A locked request is asked by nobody (`people.middleware`), so that every page, live part and
stream is shut in one place. What was sent meanwhile is held, sealed in the session, until the person is back (`held`).
"""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.http import HttpRequest

from handrail.gate import Actor, Request
from handrail.kernel import clock
from handrail.people import discreet, limits, queries
from handrail.people.discreet import Discreet
from handrail.people.door import NameAndPassphrase, tidy
from handrail.people.models import AtDevice, Person, Session
from handrail.people.sessions import SessionStore, hashed

NOTED_EVERY = timedelta(seconds=20)
WRONG_PINS = 5  # in a row on one device; then only the passphrase opens
PINS_BY_PERSON = limits.Limit("pin", 20)  # an hour, over all devices


class Asked(Request):
    """A request as the middleware leaves it: what the person chose, and who has to unlock first. For annotations."""

    session: SessionStore
    discreet: Discreet
    locked: Person | None


class PinsUsedUp(Exception):
    """Too many PINs that did not fit: only the passphrase opens now."""


def is_locked(session: SessionStore, chosen: Discreet) -> bool:
    """Is this session locked now? Once it is, that is written down: saving the session must not count as use."""
    if chosen.lock_after is None:
        return False
    if session.locked:
        return True
    used = session.used_at or session.seen_at
    if used is not None and clock.now() - used < timedelta(minutes=chosen.lock_after):
        return False
    lock(session)
    return True


def note_use(request: HttpRequest, session: SessionStore, chosen: Discreet) -> None:
    """Somebody uses this page. What fetches itself does not count: it would keep a phone open for ever."""
    if chosen.lock_after is None:
        return
    if not _by_hand(request):
        if session.used_at is None:  # from here on, saving the session is no use either
            _note(session, still_open=True, used_at=session.seen_at)
    elif session.used_at is None or clock.now() - session.used_at >= NOTED_EVERY:
        _note(session, still_open=True, used_at=clock.now())


def lock(session: SessionStore) -> None:
    _note(session, locked=True)


def unlock(session: SessionStore) -> None:
    _note(session, locked=False, used_at=clock.now(), wrong=0)


def begin_open(session: SessionStore) -> None:
    """Somebody signed in by name: whatever was noted of this session before is over."""
    AtDevice.objects.filter(pk=_key(session)).update(locked=False, used_at=None, wrong=0)


def opens(request: HttpRequest, person: Person, *, pin: str, passphrase: str) -> Person | None:
    """Whose view this PIN (or else this passphrase) opens on the lock screen of `person`.

    Raises PinsUsedUp and TooOften. A passphrase is looked up as at the door, by name: so a second one
    opens the second account, and nothing here knows that there is one.
    """
    if pin:
        return _by_pin(request, person, pin)
    name = queries.profile(Actor.person(person.pk), owner=person.pk).name
    tries = [(limits.AGAIN_BY_PERSON, person.pk), (limits.BY_ADDRESS, limits.address_of(request))]
    tries.append((limits.BY_NAME, tidy(name)))  # it opens namesakes' accounts too, as the door does
    limits.spend(*tries)
    found = NameAndPassphrase().authenticate(request, name=name, passphrase=passphrase)
    if found is not None:
        limits.give_back(*tries)
    return found


def pins_used_up(session: SessionStore) -> bool:
    return session.wrong >= WRONG_PINS


def _by_pin(request: HttpRequest, person: Person, pin: str) -> Person | None:
    """Each try is counted before it is looked at, so that trying many at once wins nothing."""
    session: Any = request.session
    limits.spend((PINS_BY_PERSON, person.pk))
    lock(session)  # so that there is a row to count on
    if not AtDevice.objects.filter(pk=_key(session), wrong__lt=WRONG_PINS).update(wrong=F("wrong") + 1):
        session.wrong = WRONG_PINS
        raise PinsUsedUp
    found = discreet.behind_pin(Actor.person(person.pk), owner=person.pk, pin=pin)
    if found is None:
        session.wrong += 1
        if pins_used_up(session):
            raise PinsUsedUp
        return None
    limits.give_back((PINS_BY_PERSON, person.pk))
    return Person.objects.here_by_id(found)


def _note(session: SessionStore, *, still_open: bool = False, **values: Any) -> None:
    """Onto the row beside the session, so that a page that saves its session meanwhile does not take it back."""
    rows = AtDevice.objects.filter(pk=_key(session))
    if (rows.filter(locked=False) if still_open else rows).update(**values):
        return
    if Session.objects.filter(pk=_key(session)).exists():
        AtDevice.objects.bulk_create([AtDevice(session_id=_key(session), **values)], ignore_conflicts=True)


def _key(session: SessionStore) -> str:
    return hashed(session.session_key or "")


def comes_by_itself(request: HttpRequest) -> bool:
    """A script of ours sends it when it can, such as a check-in that waited for a signal: no hand is behind it."""
    return "By-Itself" in request.headers


def _by_hand(request: HttpRequest) -> bool:
    if comes_by_itself(request):
        return False
    if request.method != "GET":
        return True
    return not request.headers.get("HX-Request") and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
