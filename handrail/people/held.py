"""What comes while the app is locked: the way to the lock screen, and what was typed, held until the person is back."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from handrail.gate import Request
from handrail.kernel import clock
from handrail.people.accounts import is_own_path
from handrail.shell.errors import SECRET_WORDS

HELD, HELD_FOR, MOST_HELD = "held", timedelta(minutes=30), 60_000  # characters


class SaidLater(SessionStorage):
    """What there was to say ("Saved. Mum sees it.") waits until the person is back."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def update(self, response: HttpResponseBase) -> list[Any]:
        return []


def at_the_door(request: Request) -> HttpResponse:
    """In place of a page: the way to the lock screen, and back afterwards. A form that was sent is held."""
    live = request.headers.get("HX-Request")
    wanted = _page_of(request) if live else request.get_full_path()
    if request.method == "POST":
        _hold(request)
    after = f"?{urlencode({'next': wanted})}" if request.method == "GET" or live else ""
    where = reverse("lock") + after
    if live:
        return HttpResponse(status=401, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def held(request: HttpRequest) -> dict[str, Any] | None:
    """{path, fields} of a form that was sent while the app was locked, for half an hour."""
    kept: dict[str, Any] | None = request.session.get(HELD)
    if kept is None or clock.now() - datetime.fromisoformat(kept["at"]) > HELD_FOR:
        return None
    return kept


def let_go(request: HttpRequest) -> None:
    request.session.pop(HELD, None)


def _hold(request: HttpRequest) -> None:
    """Sealed with the session, and never a secret. A file is not kept: it is still where it was chosen."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not any(word in name.lower() for word in SECRET_WORDS)
        for value in values
    ]
    if fields and not request.FILES and sum(len(name) + len(value) for name, value in fields) <= MOST_HELD:
        request.session[HELD] = {"path": request.path, "fields": fields, "at": clock.now().isoformat()}


def _page_of(request: HttpRequest) -> str:
    """The page that a live part stands in. Only its path and query count: the rest is the browser's word."""
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if is_own_path(path) else "/"
