from allauth.account.adapter import get_adapter
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from handrail.demo import queries
from handrail.gate import open_to
from handrail.people.models import Person


@open_to("demo")
@require_POST
def become(request: HttpRequest, who: str) -> HttpResponse:
    """Look through the eyes of one of the demo's people. It exists on trial installs alone: see wall four."""
    shown = queries.figure(who)
    if shown is None:
        raise Http404
    logout(request)
    get_adapter(request).login(request, Person.objects.get(pk=shown.person_id))
    return redirect(shown.opens)
