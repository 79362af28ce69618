"""Every error as one kind page: what happened, what to do now, and help within reach. The API has its own answers."""

import sys
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handrail.kernel.errors import HandrailError, NotHere, SignInNeeded

HEADINGS: dict[int, Promise] = {
    401: gettext_lazy("Please sign in"),
    403: gettext_lazy("This page is not open here"),
    404: gettext_lazy("We cannot find that"),
    409: gettext_lazy("That has changed"),
    429: gettext_lazy("Please wait a little"),
    507: gettext_lazy("We cannot save right now"),
}
SECRET_WORDS = ("pass", "pin", "code", "secret", "token", "phrase", "current", "credential")  # in the names of fields


def page_for(request: HttpRequest, error: HandrailError) -> HttpResponse:
    """The page of one of our typed errors, with its status."""
    heading = HEADINGS.get(error.status, gettext_lazy("That did not work"))
    return _page(request, error.status, heading, error.message, sign_in=isinstance(error, SignInNeeded))


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, HEADINGS[403], _("You can go back, or start again from the first page."))


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, NotHere())


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, HandrailError())


def handler500(request: HttpRequest) -> HttpResponse:
    """An error nobody foresaw. Says nothing about it, draws on nothing that may be broken itself."""
    error = sys.exc_info()[1]
    if isinstance(error, HandrailError):  # raised before a view was reached, where process_exception is not asked
        return page_for(request, error)
    heading = gettext_lazy("That did not work")
    message = _(
        "Something went wrong on our side, not yours. Please go back and try again. If you need someone now, call or"
        " text them."
    )
    try:
        return _page(request, 500, heading, message)
    except Exception:  # the page itself is broken (a template, a missing file): plain words still go out
        return HttpResponse(f"{heading}. {message}", status=500, content_type="text/plain; charset=utf-8")


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF failure: the page had been open for too long. What was typed is not lost.

    The words are offered again only when the browser says that they came from a page of our own: else another site
    could put its words into somebody's mouth. Secrets are never written back into a page: at the door everything is
    one (recovery words too), elsewhere a field tells by its name.
    """
    at_the_door = request.path.startswith(reverse(settings.LOGIN_URL))
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin" and not at_the_door
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if ours and name != "csrfmiddlewaretoken" and not any(word in name.lower() for word in SECRET_WORDS)
        for value in values
    ]
    if request.headers.get("HX-Request"):
        return _fragment(_("This page has been open for a long time. Please load it again and send once more."), 403)
    return render(request, "shell/form_too_old.html", {"kept": kept, **_next(request)}, status=403)


def _page(
    request: HttpRequest, status: int, heading: str | Promise, message: str | Promise, *, sign_in: bool = False
) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _fragment(message, status)
    context: dict[str, Any] = {"heading": heading, "message": message, **_next(request)}
    if sign_in:
        context.update(next_url=reverse(settings.LOGIN_URL), next_label=_("Sign in"))
    return render(request, "shell/error.html", context, status=status)


def _fragment(message: str | Promise, status: int) -> HttpResponse:
    """htmx does not swap an error in (see page.html): app.js shows these words in the strip under the top bar."""
    return HttpResponse(str(message), status=status, content_type="text/plain; charset=utf-8")


def _next(request: HttpRequest) -> dict[str, str]:
    return {"next_url": "/", "next_label": _("Go to the first page")}
