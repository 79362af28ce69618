"""What calls back from outside: a phone's service worker, and whoever sends texts for us."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from handrail.delivery import outbox, reports, words
from handrail.delivery.channels import installed
from handrail.delivery.channels.sms import Call, Unsigned
from handrail.gate import open_to
from handrail.kernel.errors import NotHere

log = logging.getLogger(__name__)


@open_to("anyone")
@csrf_exempt  # a service worker has no form; the token is the right, and all it can do is say "arrived"
@require_POST
def push_seen(request: HttpRequest, token: str) -> HttpResponse:
    """204 whether the token is known or not."""
    outbox.arrived(seen_token=token)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


@open_to("anyone")
@csrf_exempt  # a provider has no form of ours; its signature is the right
@require_POST
def sms_heard(request: HttpRequest, ref: str = "") -> HttpResponse:
    """204 for what was signed, known or not; 403 for what was not, or is too old."""
    gateway = installed.sms_gateway()
    if gateway is None:
        raise NotHere
    headers = {name.lower(): value for name, value in request.headers.items()}
    # The address as we gave it out: what stands in the request's Host is not ours to trust.
    call = Call(url=words.origin() + request.get_full_path(), headers=headers, body=request.body, ref=ref)
    try:
        for news in gateway.heard(call):
            reports.take(news)
    except Unsigned as why:
        log.warning("sms.unsigned", extra={"outcome": str(why)})
        return HttpResponse(status=403, headers={"Cache-Control": "no-store"})
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
