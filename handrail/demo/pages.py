from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from handrail.demo import actions, queries
from handrail.gate import Request, open_to


@open_to("demo")
@require_POST
def become(request: Request, who: str) -> HttpResponse:
    """Look through the eyes of one of the demo's people. It exists on trial installs alone: see wall four."""
    shown = queries.figure(who)
    if shown is None:
        raise Http404
    actions.become(request, person_id=shown.person_id)
    return redirect(shown.opens)
