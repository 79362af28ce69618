from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.card import queries as cards
from handrail.circle import queries as circle
from handrail.engine import health
from handrail.gate import Category, Request, open_to
from handrail.kernel import clock
from handrail.kernel.errors import TooLate
from handrail.library import queries as library
from handrail.people import queries as people
from handrail.safety import actions, queries
from handrail.safety.forms import AddForm, CallForm
from handrail.shell.forms import given


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: Request) -> HttpResponse:
    """The page behind "I need someone now": filled in, one big Send. A call that goes on shows itself instead."""
    me = request.actor.me
    running = queries.open_call(request.actor, owner=me)
    if running:
        return redirect("call-status", call=running)
    around = circle.roster(request.actor, owner=me)
    members = [each for each in around if each.gets_calls]
    sent = given(request)
    form = CallForm(sent, people=[(each.membership_id, each.name) for each in members])
    if request.method == "POST" and form.is_valid() and form.cleaned_data["asking"]:
        return redirect("call-status", call=actions.make_call(request.actor, owner=me, **form.cleaned_data))
    if request.method == "POST" and not form.errors:
        form.add_error("asking", _("Choose at least one person to ask, or call one of the lines below."))
    own = cards.of_members(around, cards.numbers(request.actor, owner=me))
    rests = any(Category.HELP in each.sees for each in around)
    off = [each for each in around if each.off_until and Category.HELP in each.sees]
    context = {"form": form, "members": members, "rests": rests, "off": off, "own": own, **_lines(request)}
    return render(request, "safety/call.html", context, status=422 if form.errors else 200)


@open_to("signed-in")
@require_safe
def call_status(request: Request, call: str) -> HttpResponse:
    found = queries.status(request.actor, call=call)
    live = bool(request.headers.get("HX-Request"))
    context = _status(request, found, AddForm())
    return render(request, "safety/status.html#live" if live else "safety/status.html", context)


@open_to("signed-in")
@require_POST
def call_add(request: Request, call: str) -> HttpResponse:
    form = AddForm(request.POST)
    if not form.is_valid():
        found = queries.status(request.actor, call=call)
        return render(request, "safety/status.html", _status(request, found, form), status=422)
    actions.add_to_call(request.actor, call=call, **form.cleaned_data)
    return redirect("call-status", call=call)


@open_to("signed-in")
@require_POST
def call_end(request: Request, call: str) -> HttpResponse:
    actions.end_call(request.actor, call=call, ending=request.POST.get("ending", ""))
    return redirect("call-status", call=call)


@open_to("signed-in")
@require_safe
def alert(request: Request, call: str) -> HttpResponse:
    """What a supporter sees when somebody calls for help."""
    found = actions.open_alert(request.actor, call=call)
    template = "safety/alert.html#live" if request.headers.get("HX-Request") else "safety/alert.html"
    return render(request, template, {"alert": found, "tab": "s-today", **_lines(request)})


@open_to("signed-in")
@require_POST
def alert_answer(request: Request, call: str) -> HttpResponse:
    try:
        actions.answer_call(request.actor, call=call, answer=request.POST.get("answer", ""))
    except TooLate:
        messages.info(request, _("This call has ended already. Thank you for being there."))
    return redirect("s-alert", call=call)


def _status(request: Request, found: queries.CallStatus, add: AddForm) -> dict[str, object]:
    """Also whether anybody climbs the ladder at all: the page must not promise a next rung that nobody would ask."""
    silent = health.is_silent()
    # Without scripts the page reloads by itself, which must not take what somebody is typing.
    add_open = add.is_bound or "add" in request.GET
    context = {"call": found, "add": add, "add_open": add_open, "now": clock.now(), "nobody_climbs": silent}
    return {**context, **_lines(request)}


def _lines(request: Request) -> dict[str, object]:
    """Phone lines of the country that this person chose."""
    country = people.profile(request.actor, owner=request.actor.me).country
    return {"lines": library.lines_for(country), "emergency": library.emergency_number(country)}
