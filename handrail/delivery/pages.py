"""The phone's call-back: its service worker tells that a push has arrived."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from handrail.delivery import outbox
from handrail.gate import open_to


@open_to("anyone")
@csrf_exempt  # a service worker has no form; the token is the right, and all it can do is say "arrived"
@require_POST
def push_seen(request: HttpRequest, token: str) -> HttpResponse:
    """204 whether the token is known or not."""
    outbox.arrived(seen_token=token)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
