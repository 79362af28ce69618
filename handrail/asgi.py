"""The one port: the doorbell's event stream is async code, every page is plain synchronous Django on a thread pool.

A page so keeps one database connection a thread, and thousands of quiet streams hold no thread at all. Nor does what
somebody sends slowly: see `shell/bodies.py`.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.settings")
_django = get_wsgi_application()

# Django is set up from here on.
from django.conf import settings  # noqa: E402

from handrail.engine.stream import doorbell  # noqa: E402
from handrail.gate import open_to  # noqa: E402
from handrail.people import middleware, tokens  # noqa: E402
from handrail.shell.bodies import taken_in  # noqa: E402

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

DOORBELLS = {  # addresses that no URL pattern knows: the table of who may open what reads them from here
    "/doorbell": open_to("signed-in")(middleware.person_of_scope),
    "/api/v1/doorbell": open_to("token")(tokens.person_of_scope),
}
# Any: a2wsgi types the protocol's messages one by one, Django and uvicorn as plain mappings.
_pages: Any = WSGIMiddleware(cast(Any, _django), workers=settings.HANDRAIL.threads)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        await _pages(scope, receive, send)  # start and stop of the server; a websocket is closed at once
        return
    # WSGI cannot tell X_Forwarded_For from X-Forwarded-For: only what a proxy sets or strips may pass.
    scope["headers"] = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    if who := DOORBELLS.get(scope["path"]):
        await doorbell(scope, receive, send, who=who)
    elif whole := await taken_in(scope, receive, send):
        await _pages(scope, whole, send)
