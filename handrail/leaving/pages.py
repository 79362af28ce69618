"""Taking everything along, going for good, moving in."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from handrail.gate import Request, open_to
from handrail.kernel.errors import HandrailError
from handrail.leaving import actions, queries
from handrail.leaving.forms import MoveInForm
from handrail.people import queries as people
from handrail.people.pages.entry import form_page
from handrail.people.pages.steps import still_you

IN_ME = {"tab": "me"}


@open_to("signed-in")
@form_page
@still_you
def export(request: Request) -> HttpResponse:
    if request.method == "POST":
        actions.pack(request.actor)
        messages.success(request, _("Done. Your copy is ready."))
        return redirect("export")
    ready = queries.archive(request.actor, owner=request.actor.me)
    return render(request, "leaving/export.html", {"ready": ready, **IN_ME})


@open_to("signed-in")
@require_safe
@still_you
def export_file(request: Request, archive: str) -> HttpResponse:
    name, content = queries.taken(request.actor, archive=archive)
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@open_to("signed-in")
@form_page
@still_you
def erase(request: Request) -> HttpResponse:
    if "now" in (request.GET.get("when"), request.POST.get("when")):
        if request.POST.get("sure") == "yes":
            return _gone(request)
        return render(request, "leaving/erase_now.html", IN_ME)  # one tap alone erases nothing
    if request.method == "POST" and request.POST.get("when") == "later":
        actions.ask_to_erase(request.actor)
        messages.success(request, _("Your account will be erased in seven days. Until then you can keep it."))
        return redirect("erase")
    at = people.erase_at(request.actor, owner=request.actor.me)
    status = 422 if request.method == "POST" else 200
    return render(request, "leaving/erase.html", {"at": at, **IN_ME}, status=status)


def _gone(request: Request) -> HttpResponse:
    """Erase, and take from this browser whatever it kept of us: cookies, pages, check-ins that were not sent yet."""
    actions.erase(request.actor)
    logout(request)
    response = redirect("gone")
    response.headers["Clear-Site-Data"] = '"*"'
    return response


@open_to("signed-in")
@require_POST
def keep(request: Request) -> HttpResponse:
    actions.keep_account(request.actor)
    messages.success(request, _("Good. Your account stays as it is."))
    return redirect("me")


@open_to("anyone")
@require_safe
def gone(request: Request) -> HttpResponse:
    """The receipt. It says nothing about anybody, so it is the same for all."""
    return render(request, "leaving/gone.html")


@open_to("signed-in")
@form_page
def move_in(request: Request) -> HttpResponse:
    form = MoveInForm(request.POST, request.FILES) if request.method == "POST" else MoveInForm()
    if form.is_bound and form.is_valid():
        try:
            names = actions.move_in(request.actor, content=form.cleaned_data["file"])
            return render(request, "leaving/moved_in.html", {"names": names, **IN_ME})
        except HandrailError as why:
            form.add_error("file", str(why.message))
    return render(request, "leaving/import.html", {"form": form, **IN_ME}, status=422 if form.is_bound else 200)
