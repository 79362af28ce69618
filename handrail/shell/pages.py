"""Pages that belong to nobody's records: Leave, how Leave works, no signal, and the two files of the installed app."""

import json
from contextlib import suppress
from functools import cache
from hashlib import sha256
from http.cookies import CookieError

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handrail.gate import open_to
from handrail.shell import countries
from handrail.shell.countries import staying_in

# Not a browser going somewhere but a picture or a script asking for the address: nobody's wish to leave.
NOT_LEAVING = ("image", "script", "style", "iframe", "font", "audio", "video")
KEPT_PAGES = ("offline", "help-now", "help-overdose", "help-naloxone")
KEPT_FILES = ("app.css", "atkinson-next-400-700.woff2", "icon.svg", "icon-192.png", "icons.svg")


@open_to("anyone")
def leave(request: HttpRequest) -> HttpResponse:
    """End the session and go somewhere dull. A plain link without scripts must do, so it answers GET.

    `Clear-Site-Data: "cache"` keeps the service worker with its help pages; "storage" would remove them (ux.md 3.5).
    """
    if request.headers.get("Sec-Fetch-Dest") not in NOT_LEAVING:
        request.session.flush()
    response = HttpResponseRedirect(settings.HANDRAIL.leave_url)
    for name in request.COOKIES:
        with suppress(CookieError):  # a name that we could not have set; it must not stand in the way
            response.delete_cookie(name, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@open_to("anyone")
@require_safe
def safe(request: HttpRequest) -> HttpResponse:
    """What Leave does and what it cannot do, before somebody has to rely on it."""
    return render(request, "shell/safe.html")


@open_to("anyone")
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Shown by the service worker for every page that cannot be reached. Impersonal: anybody may hold the phone.

    `?country=GB`: its links lead to that country's help pages.
    """
    context = {"stay": staying_in(request.GET.get("country", ""))}
    return _public(render(request, "shell/offline.html", context), seconds=3600)


@open_to("anyone")
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker's script, with what it keeps for when there is no signal. Its text changes when any of it does."""
    kept = {
        "pages": [reverse(name) for name in KEPT_PAGES],
        "files": [static(f"shell/{name}") for name in KEPT_FILES],
        "country": settings.HANDRAIL.country,
        "countries": sorted(countries.with_pages - {settings.HANDRAIL.country}),
        "home": "/",
        "title": settings.HANDRAIL.name,
        "body": _("1 new update"),
        "icon": static("shell/icon-192.png"),
    }
    text = json.dumps(kept, indent=1)
    version = sha256((text + _worker_source()).encode()).hexdigest()[:12]
    script = f"const KEPT = {text};\nconst VERSION = {json.dumps(version)};\n{_worker_source()}"
    return _public(HttpResponse(script, content_type="text/javascript; charset=utf-8"), seconds=0)


@cache
def _worker_source() -> str:
    return render_to_string("shell/sw.js")


@open_to("anyone")
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the installed app looks on the phone's home screen: the same neutral name and picture for everyone."""
    icons = [
        {"src": static("shell/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
        *(
            {"src": static(f"shell/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
            for size in (192, 512)
        ),
        {"src": static("shell/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    about = {
        "id": "/",
        "name": settings.HANDRAIL.name,
        "short_name": settings.HANDRAIL.name[:12],
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#FBF5EC",
        "theme_color": "#FBF5EC",
        "icons": icons,
    }
    return _public(JsonResponse(about, content_type="application/manifest+json"), seconds=3600)


def _public(response: HttpResponse, *, seconds: int) -> HttpResponse:
    """Say that this answer is the same for everybody and may be kept for so many seconds."""
    response.headers["Cache-Control"] = f"public, max-age={seconds}" if seconds else "public, no-cache"
    return response
