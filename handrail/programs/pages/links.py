"""What somebody sees who was handed a link to a place at a program or to a post."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from handrail.circle import queries as circle
from handrail.gate import Request, open_to
from handrail.gate.categories import PostKind
from handrail.people import accounts
from handrail.people.pages.entry import INVITED
from handrail.programs import actions, queries


@open_to("anyone")
@require_safe
def offer(request: Request, link: str) -> HttpResponse:
    found = queries.landing(code=link)
    if found.usable:
        request.session[INVITED] = link  # so that an account can be made where sign-up needs an invitation
    context = {"landing": found, "code": link, "signed_in": request.actor.person_id is not None}
    return render(request, "programs/offer.html", context)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: Request, link: str) -> HttpResponse:
    """POST uses the link. A GET comes from the sign-in page and only shows the button again."""
    if request.method != "POST":
        return redirect("offer", link=link)
    actions.use_link(request.actor, code=link)
    request.session.pop(INVITED, None)
    found = queries.landing(code=link)
    if found.post_word:
        messages.success(request, _("You hold this post now: %(post)s.") % {"post": found.post_word})
        if found.post == PostKind.MODERATOR:
            messages.info(request, _("It opens no page yet. There are no groups and messages here to look after."))
        return redirect("o-home" if queries.runs_the_install(request.actor) else "me")
    if not circle.roster(request.actor, owner=request.actor.me):
        accounts.switch_view(request, "staff")  # whoever has a circle of their own keeps their own pages first
        messages.info(
            request, _("You now see the pages of staff. Your own day is still there: Me, then Open my own day.")
        )
    return redirect("offer-wait", link=link)


@open_to("signed-in")
@require_safe
def wait(request: Request, link: str) -> HttpResponse:
    template = "programs/wait.html#live" if request.headers.get("HX-Request") else "programs/wait.html"
    return render(
        request, template, {"tab": "c-people", "waiting": queries.waiting(request.actor, code=link), "code": link}
    )
