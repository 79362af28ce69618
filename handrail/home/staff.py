"""One person's page for those who work at a program of theirs."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from handrail.gate import Request, open_to
from handrail.home import seen
from handrail.programs import queries as programs


@open_to("signed-in")
@require_safe
def c_person(request: Request, owner: str) -> HttpResponse:
    """What the person shares with the program, and in calm words that there is more which is theirs."""
    right = request.actor.right_to(owner)
    if right and not right.as_staff:  # a place of their own counts alone
        return redirect("s-person", owner=owner)
    stands = programs.stands_beside(request.actor, owner=owner)
    found = seen.person(request.actor, owner=owner)
    keeps = {desk.program_id for desk in programs.desks(request.actor) if desk.keeper}
    context = {
        "tab": "c-people",
        "page": found,
        "card": found.card,
        "stands": stands,
        "may_part": not keeps.isdisjoint(stands.programs),
    }
    template = "home/c_person.html#live" if request.headers.get("HX-Request") else "home/c_person.html"
    return render(request, template, context)
