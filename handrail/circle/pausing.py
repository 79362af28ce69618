"""Pausing what is shared, with everybody or with one member, and going on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from handrail.circle import actions, queries, said
from handrail.gate import Request, open_to


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: Request) -> HttpResponse:
    """Pause all sharing. A call for help is asked about on its own: it may still reach people."""
    me = request.actor.me
    if request.method == "POST" and request.POST.get("do") == "resume":
        actions.resume(request.actor, owner=me)
        messages.success(request, said.goes_on(queries.roster(request.actor, owner=me)))
        return redirect("people")
    if request.method == "POST":
        keeps_help = request.POST.get("keeps_help") != "no"
        actions.pause(request.actor, owner=me, keeps_help=keeps_help)
        messages.success(request, said.all_rests(queries.roster(request.actor, owner=me)))
        return redirect("people")
    anybody = any(not member.paused for member in queries.roster(request.actor, owner=me))
    return render(request, "circle/pause.html", {"tab": "people", "anybody": anybody})


@open_to("signed-in")
@require_POST
def pause_member(request: Request, membership: str) -> HttpResponse:
    """Pause or resume one member."""
    me = request.actor.me
    if request.POST.get("do") == "resume":
        actions.resume(request.actor, owner=me, membership=membership)
        messages.success(request, _("Sharing goes on as you had ticked it."))
    else:
        keeps_help = request.POST.get("keeps_help") == "yes"
        actions.pause(request.actor, owner=me, membership=membership, keeps_help=keeps_help)
        messages.success(request, _("Sharing is paused. They are not told."))
    return redirect("member", membership=membership)
