"""The lock screen: a PIN, a passphrase or a passkey opens what was open before. It says nothing about whose it is."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from handrail.gate import Actor, open_to
from handrail.kernel.errors import TooOften
from handrail.people import accounts, discreet, held, locking, queries
from handrail.people.again import PasskeyAgainForm
from handrail.people.forms import UnlockForm
from handrail.people.limits import PASSKEYS_BY_ADDRESS, address_of, spend
from handrail.people.locking import Asked
from handrail.people.pages.entry import after, form_page, given

USED_UP = gettext_lazy("The PIN does not open this any more. Please use your passphrase.")
WRONG = gettext_lazy("That did not open it. Please try again.")


@open_to("anyone")
@form_page
def lock(request: Asked) -> HttpResponse:
    """Asked by the sheet over a page that was left open (`people/lock.js`) it is the form alone."""
    if _is_live(request) and (elsewhere := _away_from_the_page(request)) is not None:
        return elsewhere
    if request.locked is None:
        return redirect(after(request) or accounts.home_of(request) if request.actor.person_id else reverse("enter"))
    form = UnlockForm(given(request))
    if request.method == "POST" and form.is_valid():
        try:
            found = locking.opens(request, request.locked, **form.cleaned_data)
        except locking.PinsUsedUp:
            form.add_error("passphrase", USED_UP)
        except TooOften as why:
            form.add_error("passphrase", str(why.message))
        else:
            if found is not None:
                return _open(request, request.locked, found, by_pin=bool(form.cleaned_data["pin"]))
            form.add_error("pin" if form.cleaned_data["pin"] else "passphrase", WRONG)
    return _screen(request, request.locked, form)


@open_to("signed-in")
@require_POST
def lock_now(request: Asked) -> HttpResponse:
    locking.lock(request.session)
    return redirect("lock")


@open_to("anyone")
@form_page
def by_passkey(request: Asked) -> HttpResponse:
    """GET: what the phone is asked. POST: its answer, as an ordinary form."""
    if request.locked is None:
        return redirect("lock")
    spend((PASSKEYS_BY_ADDRESS, address_of(request)))
    if request.method != "POST":
        return JsonResponse({"request_options": auth.begin_authentication(request.locked)})
    form = PasskeyAgainForm(request.POST, user=request.locked)  # type: ignore[call-arg]
    if form.is_valid():
        return _open(request, request.locked, request.locked, by_pin=False)
    return redirect(f"{reverse('lock')}?passkey=no")


@open_to("signed-in")
@require_POST
def used(request: Asked) -> HttpResponse:
    """Somebody types or scrolls on a page that asks for nothing: that is use too. Noting it is the middleware's."""
    return HttpResponse(status=204 if _is_of(request, request.actor.me) else 409)


@open_to("anyone")
@require_POST
def out(request: Asked) -> HttpResponse:
    """End this session, to come in by name."""
    if request.locked is not None:
        logout(request)
    return redirect("enter")


@open_to("signed-in")
@form_page
def held_form(request: Asked) -> HttpResponse:
    """Own words that were sent while the app was locked, to be sent by hand: never late without being asked.

    A POST throws them away. They stay until then, until they are sent, or for half an hour.
    """
    kept = held.held(request)
    if request.method == "POST" and kept is not None:
        held.let_go(request)
        messages.success(request, _("Thrown away. Nothing was saved."))
    if request.method == "POST" or kept is None or not kept.sends:
        return redirect(accounts.home_of(request))
    return render(request, "people/held.html", {"kept": kept, "tab": ""})


def _open(request: Asked, person: Any, found: Any, *, by_pin: bool) -> HttpResponse:
    """Back to where they were; or, where the passphrase was another account's, into that one and to its first page.

    `by_pin`: what was looked at, not what was sent. A passphrase goes the way of the door, with its second step.
    """
    live, where = _is_live(request), after(request)
    if found.pk == person.pk:
        locking.unlock(request.session)
        if live:
            return HttpResponse(status=204)
        return redirect(held.way_back(request) or where or accounts.home_of(request))
    request.session.flush()
    if by_pin:
        answer = _let_in_by_pin(request, found)
    else:  # where they were going belongs to the first account
        answer = accounts.let_in(request, found, after=accounts.first_page(found.view))
    return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]}) if live else answer


def _away_from_the_page(request: Asked) -> HttpResponse | None:
    """What the sheet gets in place of the form, where there is nothing to unlock. 204 alone lifts it.

    Another tab of the same phone may have been in use meanwhile; or it may have ended the session, or opened another
    account. Then the page beneath is nobody's to read any more, and the sheet leads away from it.
    """
    if request.locked is not None:
        return None if _is_of(request, request.locked.pk) else _to(reverse("lock"))
    if request.actor.person_id is None:
        return _to(reverse("enter"))
    return HttpResponse(status=204) if _is_of(request, request.actor.me) else _to(accounts.home_of(request))


def _is_live(request: Asked) -> bool:
    return bool(request.headers.get("HX-Request"))


def _is_of(request: Asked, person_id: str) -> bool:
    """Is the page that asks this person's? It says so itself (`data-owner`): a wrong word only covers its own page."""
    return request.headers.get("Page-Owner") == person_id


def _to(where: str) -> HttpResponse:
    return HttpResponse(status=409, headers={"HX-Redirect": where})


def _let_in_by_pin(request: Asked, found: Any) -> HttpResponse:
    """A PIN opens the view and nothing more: whatever asks "is it still you?" asks for the passphrase."""
    get_adapter(request).login(request, found)
    return redirect(accounts.home_of(request))


def _screen(request: Asked, person: Any, form: UnlockForm) -> HttpResponse:
    kept = held.held(request)
    chosen = discreet.settings(Actor.person(person.pk), owner=person.pk)
    context = {
        "form": form,
        "after": after(request),
        "by_pin": chosen.has_pin and not locking.pins_used_up(request.session),
        "has_passkey": queries.has_passkey(person.pk),
        "passkey_trouble": "passkey" in request.GET,
        "kept": kept,
        "live": _is_live(request),
    }
    template = "people/lock.html#form" if context["live"] else "people/lock.html"
    return render(request, template, context, status=422 if form.errors else 200)
