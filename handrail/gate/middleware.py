"""Wall four, half two: a request whose view declares nothing is refused, and a page opens only to its audience."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from handrail.gate.door import reading

logger = logging.getLogger(__name__)


class RefuseUndeclaredViews:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reading():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        audience = getattr(view, "open_to", None)
        if audience in ("anyone", "token"):  # a token view checks its token itself: see interop/api
            return None
        if audience == "demo" and settings.HANDRAIL.demo:
            return None
        if audience == "demo":
            raise Http404
        if audience != "signed-in":
            logger.error("a view declares nobody it is open to", extra={"view": view.__name__})
            raise PermissionDenied
        if request.actor.person_id is not None:  # type: ignore[attr-defined]
            return None
        door = getattr(request, "door", None) or _to_the_door  # of somebody whose app is locked, it is another one
        return door(request)


def _to_the_door(request: HttpRequest) -> HttpResponse:
    """Send somebody who is not signed in to the sign-in page, and back afterwards where that makes sense."""
    after = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    where = reverse(settings.LOGIN_URL) + after
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)
