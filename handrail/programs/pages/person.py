"""Adding a program to one's circle, and who works there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from handrail.circle import queries as circle
from handrail.gate import Request, open_to
from handrail.people import queries as people
from handrail.programs import actions, queries
from handrail.programs.forms import CalledForm
from handrail.shell.forms import given


@open_to("signed-in")
@require_safe
def choose(request: Request) -> HttpResponse:
    """Every open program of this install."""
    members = circle.roster(request.actor, owner=request.actor.me)
    beside = {member.program_id: member.membership_id for member in members}
    found = [(each, beside.get(each.id)) for each in queries.open_programs(request.actor)]
    return render(request, "programs/choose.html", {"tab": "people", "programs": found})


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, program: str) -> HttpResponse:
    """Who works there, and the button. Nothing is shared by it."""
    actor, me = request.actor, request.actor.me
    found = queries.program(actor, program=program)
    here = next((m for m in circle.roster(actor, owner=me) if m.program_id == program), None)
    if here:
        return redirect("member", membership=here.membership_id)
    form = CalledForm(given(request), initial={"called": people.profile(actor, owner=me).name})
    if request.method == "POST" and form.is_valid():
        place = actions.add_program(actor, owner=me, program=program, called=form.cleaned_data["called"])
        text = _("%(name)s is now in your circle. They see nothing yet: you choose what.")
        messages.success(request, text % {"name": found.name})
        return redirect("member", membership=place)
    context = {
        "tab": "people",
        "program": found,
        "form": form,
        "staff": queries.staff_of(actor, program=program),
        "stood_until": queries.stood_until(actor, owner=me, program=program),
    }
    return render(request, "programs/add.html", context, status=422 if form.errors else 200)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: Request, programplace: str) -> HttpResponse:
    """Who works at a program of one's circle. Saying "I have seen it" ends the note about who is new."""
    actor, me = request.actor, request.actor.me
    found = queries.staff_here(actor, owner=me, membership=programplace)
    if request.method == "POST":
        actions.staff_are_seen(actor, owner=me, membership=programplace)
        return redirect("member", membership=programplace)
    return render(request, "programs/staff_here.html", {"tab": "people", "here": found, "membership": programplace})
