"""For whoever stands beside somebody: their own space, resting, leaving, coming back. And the load, for the person."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone_name, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.circle import queries as circle
from handrail.circle.actions import LastOnCall
from handrail.gate import Request, open_to
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere, TooLate
from handrail.library import queries as library
from handrail.library.packs import Kind
from handrail.people import queries as people
from handrail.shell.forms import given
from handrail.supporters import actions, queries, rules, said
from handrail.supporters.forms import NoteForm, RestForm, WeekForm


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def me_too(request: Request) -> HttpResponse:
    """The own space. A POST answers the weekly question, from here or from Today."""
    actor, form = request.actor, WeekForm(given(request))

    def save() -> None:
        actions.say_how(actor, owner=actor.me, zone=get_current_timezone_name(), **form.cleaned_data)

    if request.method == "POST" and _took(form, save):
        return redirect("s-me-too")
    return render(request, "supporters/me_too.html", _own(request, form), status=422 if form.errors else 200)


def _own(request: Request, form: WeekForm) -> dict[str, Any]:
    actor, me, zone = request.actor, request.actor.me, get_current_timezone_name()
    space, weeks = queries.space(actor, owner=me, zone=zone), queries.weeks(actor, owner=me)
    circles = queries.standing(actor)
    rests = any(each.off_until for each in circles)
    newest = weeks[-1] if weeks else None
    fresh = newest is not None and not rules.is_due(
        clock.today(zone), off=False, answered_on=newest.day, put_off_until=None
    )
    change = newest is not None and fresh and "change" in request.GET
    if newest is not None and change and not form.is_bound:
        form = WeekForm(initial={name: getattr(newest, name) for name in form.fields})
    asks = bool(form.errors) or change or not fresh
    follows = _follows(weeks, rests) if fresh else []
    return {
        "tab": "s-me-too",
        "form": form,
        "asks": asks,
        "space": space,
        "newest": said.week(newest) if newest else None,
        "trends": [said.trend(each) for each in rules.trends(weeks)],
        "follows": follows,
        "lines_above": not asks and any(each.lines for each in follows),
        "pictures": said.pictures(weeks) if len(weeks) > 1 else [],
        "notes": queries.notes(actor, owner=me),
        "circles": circles,
        "lines": _family_lines(request),
    }


def _follows(weeks: list[rules.Answer], rests: bool) -> list[said.Next]:
    return [said.what_follows(kind, weeks[-1].good) for kind in rules.what_follows(weeks, rests=rests)]


def _family_lines(request: Request) -> list[Any]:
    """Lines for family and friends in their country; where there is none, those that listen to anybody."""
    found = library.lines_for(people.profile(request.actor, owner=request.actor.me).country)
    return [line for line in found if Kind.FAMILY in line.kinds] or [
        line for line in found if Kind.CRISIS in line.kinds
    ]


@open_to("signed-in")
@require_POST
def later(request: Request) -> HttpResponse:
    """Not now."""
    actions.put_off(request.actor, owner=request.actor.me, zone=get_current_timezone_name())
    messages.success(request, _("That is fine. We ask again in a few days."))
    return redirect("s-today")


@open_to("signed-in")
@require_POST
def asking(request: Request) -> HttpResponse:
    """Whether the weekly question comes, and with a message."""
    asked, reminded = request.POST.get("asked") == "yes", request.POST.get("reminded") == "yes"
    mine = {"owner": request.actor.me, "zone": get_current_timezone_name()}
    actions.choose_asking(request.actor, **mine, asked=asked or reminded, reminded=reminded)
    told = _("Saved.") if asked or reminded else _("Saved. We do not ask any more; this page stays yours.")
    messages.success(request, told)
    return redirect("s-me-too")


@open_to("signed-in")
@require_safe
def weeks(request: Request) -> HttpResponse:
    """The picture as a list."""
    found = queries.weeks(request.actor, owner=request.actor.me)
    context = {"tab": "s-me-too", "weeks": [said.week(each) for each in reversed(found)]}
    return render(request, "supporters/weeks.html", context)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: Request, note: str | None = None) -> HttpResponse:
    """Write a note for oneself, change one, or throw it away."""
    actor = request.actor
    found = queries.note(actor, note=note) if note else None
    if note and request.method == "POST" and request.POST.get("do") == "remove":
        actions.remove_note(actor, note=note)
        messages.success(request, _("It is gone."))
        return redirect("s-me-too")
    circles = [(each.owner_id, each.called) for each in circle.circles(actor)]
    form = NoteForm(given(request), circles=circles, note=found)

    def save() -> None:
        actions.keep_note(actor, owner=actor.me, note=note, **form.cleaned_data)

    if request.method == "POST" and _took(form, save):
        messages.success(request, _("Kept for you. Nobody else can read it."))
        return redirect("s-me-too")
    context = {"tab": "s-me-too", "form": form, "note": found}
    return render(request, "supporters/note.html", context, status=422 if form.errors else 200)


# --- resting ----------------------------------------------------------------------------------------------------------


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def rest(request: Request) -> HttpResponse:
    """Off until then. What happens stands on the page before anything does."""
    actor, zone = request.actor, get_current_timezone_name()
    if request.method == "POST" and request.POST.get("do") == "back":
        resting = [each.owner_id for each in queries.standing(actor) if each.off_until]
        actions.end_rest(actor, owners=resting)
        messages.success(request, _("Good to have you back. You are asked again from now on."))
        return redirect("s-today")
    circles = queries.standing(actor)
    form = RestForm(given(request), circles=circles, today=clock.today(zone))
    missed: list[str] = []
    if request.method == "POST" and form.is_valid():
        until, knows = rules.end_of_rest(form.last_day(), zone), request.POST.getlist("knows")
        try:
            actions.rest(actor, owners=form.cleaned_data["owners"], until=until, although_last=knows)
            day = date_format(localtime(until), "l, j F")
            messages.success(request, _("Rest well. You are asked again from 9 am on %(day)s.") % {"day": day})
            return redirect("s-today")
        except LastOnCall:  # somebody else went meanwhile: the page says so now, and asks again
            circles = queries.standing(actor)
            missed = [each.called for each in circles if each.last and each.owner_id not in knows]
    rests = any(each.off_until for each in circles)
    context = {"tab": "s-me-too", "form": form, "circles": circles, "rests": rests, "missed": missed}
    return render(request, "supporters/rest.html", context, status=422 if form.errors or missed else 200)


# --- leaving and coming back ------------------------------------------------------------------------------------------


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request, owner: str) -> HttpResponse:
    found = [each for each in queries.standing(request.actor) if each.owner_id == owner]
    if not found:
        raise NotHere
    if request.method == "POST":
        actions.leave(request.actor, owner=owner)
        text = _("You have left %(name)s’s circle. %(name)s will see that you left, not why.")
        messages.success(request, text % {"name": found[0].called})
        return redirect("s-today")
    return render(request, "supporters/leave.html", {"tab": "s-today", "circle": found[0]})


@open_to("signed-in")
@require_POST
def come_back(request: Request, place: str) -> HttpResponse:
    try:
        owner = actions.come_back(request.actor, place=place)
    except TooLate:
        messages.error(request, _("That is not possible any more. If you both want it, a new link brings you back."))
        return redirect("s-today")
    messages.success(request, _("You are back. Everything is as it was."))
    return redirect("s-person", owner=owner)


# --- for the person ---------------------------------------------------------------------------------------------------


@open_to("signed-in")
@require_safe
def load(request: Request) -> HttpResponse:
    """Who carries how much. Shown to nobody but the person."""
    found = queries.load(request.actor, owner=request.actor.me)
    first = min((each.rung for each in found.circle if each.gets_calls), default=0)
    context = {
        "tab": "people",
        "load": found,
        "people": [(each, said.carries(each, first)) for each in found.circle],
        "reasons": [said.reason(each) for each in rules.reasons(found.circle, found.calls)],
    }
    return render(request, "supporters/load.html", context)


def _took(form: forms.Form, save: Callable[[], None]) -> bool:
    """Was it taken? What could not be stands beside its field."""
    if not form.is_valid():
        return False
    try:
        save()
    except Invalid as why:
        form.add_error(why.field if why.field in form.fields else None, str(why.message))
        return False
    return True
