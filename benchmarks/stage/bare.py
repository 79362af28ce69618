"""The yardstick: what Django itself takes for a view with one session and one query, here and now."""

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from handrail.people.models import Person

PERSON = "person"


def bare(request: HttpRequest) -> HttpResponse:
    zone = Person.objects.values_list("time_zone", flat=True).get(pk=request.session[PERSON])
    return HttpResponse(f"<p>{zone}</p>")


urlpatterns = [path("bare", bare)]


def own_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        return get_response(request)

    return middleware


def application() -> Any:
    """A WSGI application with Django's own sessions and nothing else around the view."""
    middleware = ["django.contrib.sessions.middleware.SessionMiddleware", f"{__name__}.own_addresses"]
    with override_settings(MIDDLEWARE=middleware, SESSION_ENGINE="django.contrib.sessions.backends.db"):
        return WSGIHandler()


def sign_in(person_id: str) -> str:
    """The key of a fresh session that knows who it is of."""
    session = SessionStore()
    session[PERSON] = person_id
    session.save()
    return str(session.session_key)
