"""The pages of those who work at a program: whom it stands beside, and who works there."""

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.gate import Category, Request, open_to
from handrail.kernel.errors import NotHere
from handrail.programs import actions, queries, said
from handrail.programs.forms import StaffForm
from handrail.programs.queries import Desk
from handrail.shell.forms import given

FRESH_LINK = "fresh_link"  # the name of a place in the session
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
@require_POST
def end_staff(request: Request, program: str, staff: str) -> HttpResponse:
    actions.end_staff(request.actor, program=program, staff=staff)
    messages.success(request, _("Done. From now on they see nothing that is shared with the program."))
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
    found = queries.offer(request.actor, **here)
    if request.method == "POST":
        back = reverse("c-staff", args=[program])
        if request.POST.get("do") == "take_back":
            actions.take_back(request.actor, **here)
            return told(request, "taken_back", back)
        if phrase := request.POST.get("phrase", ""):
            is_right = actions.confirm(request.actor, **here, phrase=phrase)
            return told(request, "right" if is_right else "wrong", back)
        messages.error(request, _("Choose the three words that they read to you."))
    return render(
        request,
        "programs/compare.html",
        {"tab": "c-people", "offered": found, "back": "c-staff"},
        status=422 if request.method == "POST" else 200,
    )


def told(request: Request, what: str, back: str) -> HttpResponse:
    """Say what became of a link, and go back to where it was made."""
    if what == "right":
        messages.success(request, _("The words match. They work there from now on."))
    elif what == "wrong":
        messages.error(
            request, _("Those were not the words. The link is dead and nothing was opened. You can make a new one.")
        )
    else:
        messages.success(request, _("The link is dead. Nobody can use it any more."))
    return redirect(back)


def keep_link(request: Request, code: str, where: str) -> HttpResponse:
    """Back to `where`, which shows the fresh link this one time. We keep a hash of it, the sealed session the rest."""
    request.session[FRESH_LINK] = code
    return redirect(where)


def fresh_link(request: Request, *, tab: str, back: str) -> HttpResponse | None:
    """The page of a link that was just made; to load it again makes no second one, and shows none."""
    code = request.session.pop(FRESH_LINK, "") if request.method == "GET" else ""
    if not code:
        return None
    link = request.build_absolute_uri(reverse("offer", args=[code]))
    qr = segno.make(link, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff", omitsize=True)
    return render(request, "programs/link.html", {"tab": tab, "link": link, "qr": qr, "back": back})


def _desk(request: Request, program: str) -> Desk:
    for desk in queries.desks(request.actor):
        if desk.program_id == program:
            return desk
    raise NotHere
