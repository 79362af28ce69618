"""The REST API, version 1: the routes of every room put together, with one kind of error.

Same actions and queries as the pages, so the gate decides here as it does there. Only a personal token opens it; a
cookie is never looked at, which is why no route needs a CSRF token.
"""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

from handrail.agreements.api import router as agreements
from handrail.checkins.api import router as checkins
from handrail.circle.api import router as circle
from handrail.consents.api import router as consents
from handrail.gate import open_to
from handrail.kernel.errors import HandrailError, Invalid, NotHere, SignInNeeded
from handrail.library.statements import notice
from handrail.notes.api import router as notes
from handrail.people.api import router as people
from handrail.programs.api import router as programs
from handrail.safety.api import router as safety
from handrail.shell.api import PROBLEM_TYPE
from handrail.supporters.api import router as supporters

log = logging.getLogger("handrail.api")
Handler = Callable[..., HttpResponse]


class Broken(HandrailError):
    status = 500
    code = "broken"
    message = _("Something went wrong on our side. It has been written down.")


class WrongMethod(HandrailError):
    status = 405
    code = "wrong_method"
    message = _("This address does not take that method.")


def problem(request: HttpRequest, error: HandrailError) -> HttpResponse:
    """One of our typed errors as `application/problem+json` (RFC 9457)."""
    told: dict[str, Any] = {
        "type": f"{reverse('api-docs')}#{error.code}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": str(error.message),
        "code": error.code,
    }
    if error.field:
        told["field"] = error.field
    response = JsonResponse(told, status=error.status, content_type=PROBLEM_TYPE)
    if isinstance(error, SignInNeeded):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _only_known_parameters(run: Handler) -> Handler:
    """A mistyped parameter is an error too: left alone, it would quietly answer another question."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]  # ninja decorates the bound method
    queries = (model for model in operation.models if model.__ninja_param_source__ == "query")
    known = {name for model in queries for name in model.model_fields}

    @wraps(run)
    def checked(request: HttpRequest, **given: Any) -> HttpResponse:
        for name in request.GET:
            if name not in known:
                return problem(request, Invalid(_("This address does not take that parameter."), field=name))
        return run(request, **given)

    return checked


class Version1(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)


api = Version1(title="Handrail", version="1", urls_namespace="api-v1", openapi_url=None, docs_url=None)
api.add_decorator(_only_known_parameters, mode="view")
for room in (people, checkins, notes, circle, programs, agreements, safety, supporters, consents):
    api.add_router("", room)


@api.exception_handler(HandrailError)
def _ours(request: HttpRequest, error: HandrailError) -> HttpResponse:
    return problem(request, error)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(request, SignInNeeded(_("Send a personal token: `Authorization: Bearer hr_...`.")))


@api.exception_handler(ValidationError)
def _not_as_declared(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Names the first thing that does not fit. What was sent is not repeated: it may be somebody's words."""
    first = error.errors[0]
    source, *path = first["loc"]
    where = ".".join(str(part) for part in (path[1:] if source == "body" else path))  # a body's own name is no field
    said = first["msg"].removeprefix("Value error, ")
    return problem(request, Invalid(f"{where}: {said}" if where else said, field=where or None))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, HandrailError(_("This is not JSON that we can read.")))


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: kept in the log, told without any of it."""
    log.error("api.broken", exc_info=error)
    return problem(request, Broken())


def _with_notice(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What was opened under a signed consent carries the notice, and where to read what the consent covers."""
    under = asking.actor.under if (asking := getattr(request, "auth", None)) else {}
    if under:
        response.headers["Handrail-Notice"] = notice()
        response.headers["Link"] = ", ".join(
            f'<{reverse("s-consent", args=[o])}>; rel="terms-of-service"' for o in under
        )
    return response


def _with_problems(view: Handler) -> Handler:
    """The router's own answer to a wrong method, in the one form that all errors have."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        response = _with_notice(request, view(request, *args, **given))
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        told = problem(request, WrongMethod())
        told.headers["Allow"] = response.headers["Allow"]
        return told

    return answered


@open_to("anyone")
@csrf_exempt
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Every other address under /api/."""
    return problem(request, NotHere())


def routes() -> list[URLPattern]:
    """The API's addresses, each declared as open to a token: its operations take nothing else (see the tests)."""
    patterns, _app, _namespace = api.urls
    found = [pattern for pattern in patterns if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    for pattern in found:
        pattern.callback = open_to("token")(_with_problems(pattern.callback))
    return found
