"""The public pages: what Handrail is, and the help that anyone may need without an account.

The help pages are the same for everyone: they read no session and set no cookie, so that any cache may keep them.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from handrail.gate import Request, open_to
from handrail.library import queries
from handrail.shell.countries import staying_in

HELP_MAX_AGE = 60 * 60  # seconds; a corrected phone number reaches every phone within the hour

View = Callable[[Request], HttpResponse]


def _same_for_everyone(view: View) -> View:
    @wraps(view)
    def cached(request: Request) -> HttpResponse:
        response = view(request)
        response["Cache-Control"] = f"public, max-age={HELP_MAX_AGE}"
        return response

    return cached


@open_to("anyone")
@require_safe
@_same_for_everyone
def help_now(request: Request) -> HttpResponse:
    pack = queries.pack_for(request.GET.get("country", ""))
    return render(request, "library/help_now.html", {"pack": pack, "review": pack.review, **_places(request)})


@open_to("anyone")
@require_safe
@_same_for_everyone
def help_overdose(request: Request) -> HttpResponse:
    pack = queries.pack_for(request.GET.get("country", ""))
    context = {"pack": pack, "overdose": pack.overdose, "review": pack.overdose.review, **_places(request)}
    return render(request, "library/help_overdose.html", context)


@open_to("anyone")
@require_safe
@_same_for_everyone
def help_naloxone(request: Request) -> HttpResponse:
    pack = queries.pack_for(request.GET.get("country", ""))
    context = {"pack": pack, "naloxone": pack.naloxone, "review": pack.naloxone.review, **_places(request)}
    return render(request, "library/help_naloxone.html", context)


def _places(request: Request) -> dict[str, object]:
    """The chooser, and `?country=XX` for links that should stay in a country that was chosen."""
    chosen = queries.pack_for(request.GET.get("country", "")).country
    return {"countries": queries.countries(), "stay": staying_in(chosen)}


@open_to("anyone")
@require_safe
def start(request: Request) -> HttpResponse:
    if request.actor.person_id is not None:
        return HttpResponseRedirect(reverse("today"))
    context = {"open_sign_up": settings.HANDRAIL.open_sign_up, "emergency": queries.emergency_number()}
    return render(request, "library/start.html", context)


@open_to("anyone")
@require_safe
def about(request: Request) -> HttpResponse:
    return render(request, "library/about.html", {"emergency": queries.emergency_number()})


@open_to("anyone")
@require_safe
def privacy(request: Request) -> HttpResponse:
    return render(request, "library/privacy.html")


@open_to("anyone")
@require_safe
def words(request: Request) -> HttpResponse:
    return render(request, "library/words.html")


@open_to("anyone")
@require_safe
def accessibility(request: Request) -> HttpResponse:
    return render(request, "library/accessibility.html")
