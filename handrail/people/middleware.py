"""Who is asking: set once a request, from the session, in two queries (session; person with their key)."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from handrail.gate import Actor
from handrail.kernel.keys import Forgotten, unwrap
from handrail.people.models import Person

GetResponse = Callable[[HttpRequest], HttpResponse]


def who_is_asking(get_response: GetResponse) -> GetResponse:
    """`request.actor`, always; and the clock and the language of whoever is signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # Without the cookie there is nobody, and a public page is not made to depend on the session.
        person = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if person is None or not person.is_authenticated:
            request.actor = Actor.nobody()  # type: ignore[attr-defined]
            return get_response(request)
        request.actor = actor_for(person)  # type: ignore[attr-defined]
        request.session.note_visit()  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(person.time_zone)), translation.override(person.language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", person.language)
        return response

    return middleware


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
