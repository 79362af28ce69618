"""The OpenAPI document: what ninja knows of the routes, plus the errors that all of them share, and the doorbell."""

from functools import cache
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings

from handrail.interop.api import api
from handrail.kernel.errors import HandrailError, Invalid, NoRoom, NotHere, SignInNeeded, TooLate, TooOften
from handrail.people.actions import SCOPES
from handrail.people.api import OutOfScope, PersonalToken
from handrail.shell.api import PROBLEM_TYPE, Problem

PREFIX = "api/v1"
ANY_ROUTE: tuple[type[HandrailError], ...] = (SignInNeeded, OutOfScope, Invalid, TooOften)
WITH_BODY = (HandrailError,)
WITH_WRITING = (TooLate, NoRoom)
ERRORS = (HandrailError, SignInNeeded, OutOfScope, NotHere, TooLate, Invalid, TooOften, NoRoom)
PROBLEM = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


@cache
def document() -> dict[str, Any]:
    """The whole document; the same for everybody, so it is made once."""
    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    made["info"]["title"] = settings.HANDRAIL.name
    made["info"]["description"] = (
        "Every route needs a personal token, made in Me and ended there: `Authorization: Bearer hr_...`."
        " Nothing is open here that its person could not open on the pages. Not a way to reach emergency services."
    )
    scopes = _scopes()
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            _declare_errors(operation, path=path, method=method)
            operation["x-scope"] = scopes[operation["operationId"]]
    made["paths"][f"/{PREFIX}/doorbell"] = {"get": _doorbell()}
    made["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    return made


def _scopes() -> dict[str, str]:
    """{operation id: scope that its token must hold}."""
    return {
        api.get_openapi_operation_id(operation): cast(PersonalToken, operation.auth_callbacks[0]).scope
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
    }


def _declare_errors(operation: dict[str, Any], *, path: str, method: str) -> None:
    errors = list(ANY_ROUTE)
    if operation.get("requestBody"):
        errors += WITH_BODY
    if "{" in path:
        errors.append(NotHere)
    if method != "get":
        errors += WITH_WRITING
    for error in errors:
        operation["responses"][error.status] = {"description": str(error.message), "content": PROBLEM}
    for status, response in operation["responses"].items():
        if int(status) >= HTTPStatus.BAD_REQUEST:
            response["content"] = PROBLEM


def _doorbell() -> dict[str, Any]:
    """Served by the event loop beside Django (see `handrail/asgi.py`), so ninja does not know it."""
    return {
        "operationId": "doorbell",
        "summary": "Listen for changes",
        "description": (
            "An event stream. `event: doorbell` says only that something changed for you, never what: then ask again."
            " A comment comes every 15 seconds. It rings once at the start, for what you may have slept through."
        ),
        "tags": ["doorbell"],
        "parameters": [],
        "security": [{"PersonalToken": []}],
        "x-scope": "any",
        "responses": {
            200: {"description": "The stream", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
            204: {"description": "This token is not known, or it has been ended: do not come back."},
            429: {"description": "More than 8 streams of one person. Try again in 30 seconds."},
        },
    }


def scopes_in_words() -> list[tuple[str, str]]:
    return [(name, str(words)) for name, words in SCOPES.items()]
