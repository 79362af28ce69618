"""The pages of those who work at a program: whom it stands beside, and who works there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from handrail.gate import Category, Request, open_to
from handrail.kernel.errors import NotHere
from handrail.programs import actions, queries, said
from handrail.programs.forms import StaffForm
from handrail.programs.pages.handing import compare_words, fresh_link, keep_link
from handrail.programs.queries import Desk
from handrail.shell.forms import given

CAN_BE_SHARED = [(str(category), words) for category, words in said.TO_STAFF.items()]


@open_to("signed-in")
@require_safe
def people(request: Request) -> HttpResponse:
    """Everybody whom one program stands beside, the newest first: names and what they share, in no order of worry."""
    desks = queries.desks(request.actor)
    if not desks:
        return render(request, "programs/no_desk.html", {"tab": "c-people"})
    chosen = request.GET.get("at", "")
    desk = next((each for each in desks if each.program_id == chosen), desks[0])
    shows = request.GET.get("shows", "")
    category = Category(shows) if shows in dict(CAN_BE_SHARED) else None
    found = queries.whom(request.actor, program=desk.program_id, category=category, after=request.GET.get("after", ""))
    context = {"tab": "c-people", "desk": desk, "desks": desks, "page": found, "shows": shows if category else "",
               "kinds": CAN_BE_SHARED}  # fmt: skip
    template = "programs/people.html#live" if request.headers.get("HX-Request") else "programs/people.html"
    return render(request, template, context)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: Request, owner: str) -> HttpResponse:
    """A keeper ends the program's place with one person."""
    desks = [each for each in queries.desks(request.actor) if each.keeper]
    stands = queries.stands_beside(request.actor, owner=owner)
    desk = next((each for each in desks if each.program_id in stands.programs), None)
    if desk is None:
        raise NotHere
    if request.method == "POST":
        actions.part(request.actor, owner=owner, program=desk.program_id)
        messages.success(request, _("Done. %(name)s sees that the place ended, not why.") % {"name": stands.called})
        return redirect("c-people")
    return render(request, "programs/part.html", {"tab": "c-people", "desk": desk, "stands": stands})


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: Request, program: str) -> HttpResponse:
    """Who works here. Keepers name others and end their places."""
    desk, here = _desk(request, program), reverse("c-staff", args=[program])
    if fresh := fresh_link(request, tab="c-people", back=here):
        return fresh
    form = StaffForm(given(request)) if desk.keeper else None
    if request.method == "POST":
        if form is None:
            raise NotHere
        if form.is_valid():
            code = actions.name_staff(request.actor, program=program, **form.cleaned_data)
            return keep_link(request, code, here)
    context = {
        "tab": "c-people",
        "desk": desk,
        "form": form,
        "staff": queries.staff_of(request.actor, program=program),
        "offers": queries.offers(request.actor, program=program) if desk.keeper else [],
        "me": request.actor.me,
    }
    return render(request, "programs/staff.html", context, status=422 if form and form.errors else 200)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def end_staff(request: Request, program: str, staff: str) -> HttpResponse:
    """Whose place it is and what follows; POST ends it. Whoever means their own place leaves by their own page."""
    found = queries.staff_member(request.actor, program=program, staff=staff)
    if request.method != "POST":
        if found.person_id == request.actor.me:
            return redirect("c-leave", program=program)
        context = {"tab": "c-people", "desk": _desk(request, program), "one": found}
        return render(request, "programs/staff_end.html", context)
    actions.end_staff(request.actor, program=program, staff=staff)
    text = _("Done. From now on %(name)s sees nothing that is shared with the program.")
    messages.success(request, text % {"name": found.name})
    still_keeps = any(each.program_id == program and each.keeper for each in queries.desks(request.actor))
    return redirect("c-staff", program=program) if still_keeps else redirect("c-people")


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request, program: str) -> HttpResponse:
    desk = _desk(request, program)
    if request.method == "POST":
        actions.leave(request.actor, program=program)
        messages.success(request, _("You no longer work at %(name)s here.") % {"name": desk.program})
        return redirect("me")
    return render(request, "programs/leave.html", {"tab": "c-people", "desk": desk})


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: Request, program: str, offer: str) -> HttpResponse:
    """The keeper says which words the other read out, or takes the link back."""
    here = {"program": program, "offer": offer}
    return compare_words(
        request,
        queries.offer(request.actor, **here),
        tab="c-people",
        back="c-staff",
        confirm=lambda phrase: actions.confirm(request.actor, **here, phrase=phrase),
        take_back=lambda: actions.take_back(request.actor, **here),
    )


def _desk(request: Request, program: str) -> Desk:
    for desk in queries.desks(request.actor):
        if desk.program_id == program:
            return desk
    raise NotHere
