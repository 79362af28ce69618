"""`/healthz`: for whoever watches over this install. Numbers only, nothing about anybody."""

import logging

from django.db import Error as DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from handrail.engine.health import also_told, pulse
from handrail.gate import open_to

log = logging.getLogger(__name__)


@open_to("anyone")
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when web, database and worker all answer; 503 when the database does not or the worker is silent."""
    try:
        found = pulse()
    except DatabaseError:
        log.exception("healthz.database")
        return _answer({"web": "ok", "database": "silent", "worker": "unknown"}, 503)
    worker = {"state": "silent" if found.is_silent else "ok", "age_s": found.worker}
    body: dict[str, object] = {"web": "ok", "database": "ok", "worker": worker, "overdue_s": found.overdue}
    body.update({name: ask() for name, ask in also_told.items()})
    return _answer(body, 503 if found.is_silent else 200)


def _answer(body: dict[str, object], status: int) -> JsonResponse:
    answer = JsonResponse(body, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
