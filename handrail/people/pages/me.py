"""Me: name and place, own words, devices, tokens, and which pages open first."""

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from handrail.gate import Request, open_to
from handrail.kernel.errors import Invalid, NotHere
from handrail.people import accounts, actions, queries
from handrail.people.forms import NameForm, OwnWordsForm, TokenForm
from handrail.people.pages.entry import ask, form_page, given
from handrail.people.pages.steps import still_you
from handrail.people.queries import PERSON, STAFF, SUPPORTER

FRESH_TOKEN = "fresh_token"  # noqa: S105  the name of a place in the session
DEVICE_REF = re.compile(r"[0-9a-f]{40}")


@open_to("signed-in")
@require_safe
def me(request: Request) -> HttpResponse:
    profile = queries.profile(request.actor, owner=request.actor.me)
    view, works = request.session.get("view"), queries.works(request.actor)
    context = {"profile": profile, "supporting": view == SUPPORTER, "at_work": view == STAFF, "works": works}
    return render(request, "people/me.html", {**context, "newcomers": newcomers(request), "tab": "me"})


@open_to("signed-in")
@form_page
def name(request: Request) -> HttpResponse:
    owner = request.actor.me
    profile = queries.profile(request.actor, owner=owner)
    now = {"name": profile.name, "time_zone": profile.time_zone, "country": profile.country}
    form = NameForm(given(request), initial=now)
    if request.method == "POST" and form.is_valid() and _rename(request, profile, form):
        place = {key: form.cleaned_data[key] for key in ("time_zone", "country")}
        actions.change_place(request.actor, owner=owner, **place)
        messages.success(request, _("Saved."))
        return redirect("me")
    return ask(request, "people/name.html", form, tab="me")


def _rename(request: Request, profile: queries.Profile, form: NameForm) -> bool:
    """The name is half of what opens the account, so changing it needs the passphrase. True: nothing is in the way."""
    if form.cleaned_data["name"] == profile.name:
        return True
    if not form.cleaned_data["passphrase"]:
        form.add_error("passphrase", _("Please type your passphrase to change your name."))
        return False
    given_name, passphrase = form.cleaned_data["name"], form.cleaned_data["passphrase"]
    if not accounts.is_passphrase(request.actor, passphrase=passphrase):
        form.add_error("passphrase", _("That is not your passphrase."))
        return False
    try:
        actions.change_name(request.actor, owner=profile.person_id, name=given_name, passphrase=passphrase)
    except Invalid as why:
        form.add_error(why.field, str(why.message))
        return False
    accounts.keep_signed_in(request, profile.person_id)
    return True


@open_to("signed-in")
@form_page
def own_words(request: Request) -> HttpResponse:
    owner = request.actor.me
    held = queries.own_words(request.actor, owner=owner)
    now = {"for_use": held.for_use, "for_recovery": held.for_recovery}
    form = OwnWordsForm(given(request), initial=now)
    if request.method == "POST" and form.is_valid():
        actions.choose_own_words(request.actor, owner=owner, **form.cleaned_data)
        messages.success(request, _("Saved. Only you see these words."))
        return redirect("me")
    return ask(request, "people/own_words.html", form, tab="me")


@open_to("signed-in")
@form_page
def devices(request: Request) -> HttpResponse:
    """Where this account is signed in. Ending one takes effect with its next request."""
    owner, here = request.actor.me, request.session.session_key
    if request.method == "POST":
        if request.POST.get("was"):
            return _recognise(request)
        if chosen := request.POST.get("device"):
            if not DEVICE_REF.fullmatch(chosen):
                raise NotHere
            actions.end_device(request.actor, owner=owner, device=chosen)
            messages.success(request, _("Done. That device is signed out."))
        else:
            actions.end_other_devices(request.actor, owner=owner, session_key=here)
            messages.success(request, _("Done. Every other device is signed out."))
        return redirect("devices")
    found = queries.devices(request.actor, owner=owner, session_key=here)
    return render(request, "people/devices.html", {"devices": found, "tab": "me"})


def newcomers(request: Request) -> list[queries.Device]:
    """For Me and Today: who signed in since, to be asked about. No query where there is nobody."""
    if not getattr(request.session, "newcomers", False):
        return []
    found: list[queries.Device] = queries.newcomers(
        request.actor, owner=request.actor.me, session_key=request.session.session_key
    )
    return found


def also_here(request: Request) -> list[queries.Device]:
    """Once after signing in, quietly: where else this account is signed in."""
    if not request.session.pop(accounts.LOOK_AROUND, False):
        return []
    found = queries.devices(request.actor, owner=request.actor.me, session_key=request.session.session_key)
    return [device for device in found if not device.this_one]


def _recognise(request: Request) -> HttpResponse:
    """ "That was me", or "Not me": then it is signed out, and a new passphrase keeps it out."""
    owner, device = request.actor.me, request.POST.get("device", "")
    if not DEVICE_REF.fullmatch(device):
        raise NotHere
    if request.POST["was"] == "me":
        actions.recognise_device(request.actor, owner=owner, device=device, session_key=request.session.session_key)
        messages.success(request, _("Good. We will not ask about it again."))
        return redirect("me")
    actions.end_device(request.actor, owner=owner, device=device)
    messages.success(request, _("That device is signed out. A new passphrase keeps it out."))
    return redirect("passphrase")


@open_to("signed-in")
@form_page
@still_you
def tokens(request: Request) -> HttpResponse:
    owner = request.actor.me
    form = TokenForm(given(request))
    if request.method == "POST" and form.is_valid():
        # Kept in the (sealed) session for the one page that shows it: to load that page again makes no second one.
        request.session[FRESH_TOKEN] = actions.make_token(request.actor, owner=owner, **form.cleaned_data)
        return redirect("tokens")
    fresh = request.session.pop(FRESH_TOKEN, "") if request.method == "GET" else ""
    held = queries.tokens(request.actor, owner=owner)
    return ask(request, "people/tokens.html", form, tokens=held, fresh=fresh, tab="me")


@open_to("signed-in")
@require_POST
def end_token(request: Request, token: str) -> HttpResponse:
    actions.end_token(request.actor, owner=request.actor.me, token=token)
    messages.success(request, _("Done. That token no longer works."))
    return redirect("tokens")


@open_to("signed-in")
@require_POST
def roles(request: Request) -> HttpResponse:
    """Switch which pages open: one's own, those for somebody one supports, or those of a program."""
    view = request.POST.get("view", "")
    view = view if view in (SUPPORTER, STAFF) else PERSON
    accounts.switch_view(request, view)
    return redirect(accounts.home_of(request))
