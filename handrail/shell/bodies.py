"""What somebody sends is taken in whole by the event loop, before a page's thread is spent on it.

A page reads its form in a thread, and there are few: left to read from the line themselves, as many slow senders as
there are threads would hold up everybody. And a form that broke off on the way is no form: what stood at its end (who
is left out, what is not shared) would count as not said.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

SECONDS = 30.0  # for all of it; the longest form of ours is a few kilobytes
TOO_SLOW = _("That took too long to reach us. Please try again.")
TOO_BIG = _("That is more than we can take.")

requests = logging.getLogger("handrail.requests")


class _TooBig(Exception):
    pass


class _HungUp(Exception):
    pass


async def taken_in(scope: Scope, receive: Receive, send: Send) -> Receive | None:
    """A `receive` that has the whole body at hand. None: there is nothing to go on with, and it was answered here."""
    headers = dict(scope["headers"])
    announced = headers.get(b"content-length", b"0")
    if announced == b"0" and b"transfer-encoding" not in headers:
        return receive
    try:
        if announced.isdigit() and int(announced[:12]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise _TooBig
        async with asyncio.timeout(SECONDS):
            body = await _whole(receive)
    except _HungUp:
        return None
    except TimeoutError:
        await _refuse(scope, send, 408, TOO_SLOW)
        return None
    except _TooBig:
        await _refuse(scope, send, 413, TOO_BIG)
        return None
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def at_hand() -> Message:
        return waiting.pop() if waiting else await receive()

    return at_hand


async def _whole(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _HungUp
        body += message.get("body", b"")
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise _TooBig
        if not message.get("more_body", False):
            return bytes(body)


async def _refuse(scope: Scope, send: Send, status: int, said: str | Promise) -> None:
    requests.info("request", extra={"method": scope["method"], "route": "none", "status": status})
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),  # whatever still comes is not read
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": str(said).encode()})
