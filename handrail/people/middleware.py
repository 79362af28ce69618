"""Who is asking: set once a request, in one query: the session, and with it the person and their key."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from handrail.gate import Actor
from handrail.kernel.keys import Forgotten, unwrap
from handrail.people import discreet, door, held, locking
from handrail.people.models import Person
from handrail.people.sessions import SessionStore

GetResponse = Callable[[HttpRequest], HttpResponse]
TO_THE_LOCK = ("/", "/enter")  # public pages that somebody with a session comes to in order to come in


def who_is_asking(get_response: GetResponse) -> GetResponse:
    """`request.actor`, always; and the clock and the language of whoever is signed in.

    `request.discreet`: what they chose for other eyes. `request.locked`: who has to unlock first; nobody asks then.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.discreet, request.locked = discreet.AS_FOR_EVERYBODY, None  # type: ignore[attr-defined]
        # Without the cookie there is nobody, and a public page is not made to depend on the session.
        person = _signed_in(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if person is None:
            request.actor = Actor.nobody()  # type: ignore[attr-defined]
            return get_response(request)
        request.actor = actor_for(person)  # type: ignore[attr-defined]
        if _is_locked(request, person):
            return _shut(request, person, get_response)
        request.session.note_visit()  # type: ignore[attr-defined]
        held.hand_over(request)
        with timezone.override(ZoneInfo(person.time_zone)), translation.override(person.language):
            response = get_response(request)
        held.is_sent(request, response)
        response.headers.setdefault("Content-Language", person.language)
        return response

    return middleware


def _is_locked(request: HttpRequest, person: Person) -> bool:
    if request.actor.person_id is None:  # type: ignore[attr-defined]
        return False
    chosen = discreet.of_person(request.actor, person)  # type: ignore[attr-defined]
    session = request.session
    if locking.is_locked(session, chosen):  # type: ignore[arg-type]
        return True
    request.discreet = chosen  # type: ignore[attr-defined]
    locking.note_use(request, session, chosen)  # type: ignore[arg-type]
    return False


def _shut(request: HttpRequest, person: Person, get_response: GetResponse) -> HttpResponse:
    """The session is there, but to every page nobody is asking; who might come back knows only the lock screen."""
    request.locked, request.door = person, held.at_the_door  # type: ignore[attr-defined]
    request.actor, request.user = Actor.nobody(), AnonymousUser()  # type: ignore[attr-defined]
    request._messages = held.SaidLater(request)  # type: ignore[attr-defined]
    with translation.override(person.language):
        if request.method == "GET" and request.path in TO_THE_LOCK:
            return held.at_the_door(request)  # type: ignore[arg-type]
        return get_response(request)


def person_of_scope(scope: Any) -> str | None:
    """The person whose session cookie an ASGI request carries, checked as Django checks a page's. Blocking.

    Nobody while the app is locked: whoever holds the phone is not told that something changed.
    """
    request = HttpRequest()
    cookies = [value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"]
    request.session = SessionStore(parse_cookie("; ".join(cookies)).get(settings.SESSION_COOKIE_NAME))
    if request.session.session_key is None:
        return None
    request.user = SimpleLazyObject(lambda: get_user(request))  # type: ignore[assignment]  # as Django's own does
    person = _signed_in(request)
    if person is None:
        return None
    actor = actor_for(person)
    if actor.person_id is None or locking.is_locked(request.session, discreet.of_person(actor, person)):
        return None
    return actor.person_id


def _signed_in(request: HttpRequest) -> Person | None:
    """Django's own answer to whose session this is; the account has come along with it."""
    session: Any = request.session
    session.get(SESSION_KEY)  # reads it
    with door.at_hand(session.brought):
        return request.user if request.user.is_authenticated else None  # type: ignore[return-value]


def actor_for(person: Person) -> Actor:
    """An actor who already holds their own data key, because it was read along with the person.

    Nobody, for one who was erased and came back with an older database: what is left of them opens to no one.
    """
    actor = Actor.person(person.pk)
    try:
        key = unwrap(person.pk, person.key_wrapped_by, bytes(person.key_wrapped))  # type: ignore[attr-defined]
    except Forgotten:
        return Actor.nobody()
    actor.keyring.hold(person.pk, AESGCM(key))
    return actor
