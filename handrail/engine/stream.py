"""The doorbell: a quiet event stream that tells an open page "something changed", and never what.

The page then asks through the gate like any other request. One thread a process watches the bell for everybody who
listens here, so a thousand quiet pages cost one small query a second.
"""

import asyncio
import contextlib
import logging
import random
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from handrail.engine import wake
from handrail.engine.line import mend
from handrail.engine.models import Bell

log = logging.getLogger(__name__)
requests = logging.getLogger("handrail.requests")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Who = Callable[[Scope], "str | None"]

RING = b"event: doorbell\ndata: 1\n\n"
STILL_HERE = b": \n\n"
STREAMS_A_PERSON = 8  # open pages and devices of one person, in one process
QUIET_SECONDS = 15.0  # a comment after so much silence keeps proxies from hanging up
WHO_SECONDS = 60.0  # how soon an ended session loses its stream
POLL_SECONDS = 1.0
LATE_COMMITS = 1000  # rings that may have taken their number before, and committed after, the newest one seen

HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # proxies pass each line on at once
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


class Listener:
    """One open stream. `ring` may be called from any thread."""

    def __init__(self, person_id: str) -> None:
        self.person_id = person_id
        self.rung = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def ring(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the process is ending
            self._loop.call_soon_threadsafe(self.rung.set)


class Porch:
    """All listeners of this process, and the thread that watches the bell for them."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._over = threading.Event()
        self.ending = False
        self._watcher: threading.Thread | None = None
        self._newest = 0
        self._known: set[int] = set()

    def count(self, person_id: str) -> int:
        return len(self._listeners.get(person_id, ()))

    def enter(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.setdefault(listener.person_id, set()).add(listener)
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="handrail-porch", daemon=True)
                self._watcher.start()

    def leave(self, listener: Listener) -> None:
        with self._lock:
            mine = self._listeners.get(listener.person_id, set())
            mine.discard(listener)
            if not mine:
                self._listeners.pop(listener.person_id, None)

    def hang_up(self) -> None:
        """End every stream, because the process is going: a page that waits for a bell must not hold up its restart."""
        self.ending = True
        with self._lock:
            woken = [listener for mine in self._listeners.values() for listener in mine]
        for listener in woken:
            listener.ring()

    def close(self) -> None:
        """End the watching; streams that are still open hear nothing more."""
        self._over.set()
        self._woken.set()
        if self._watcher is not None:
            self._watcher.join(timeout=5)

    def _watch(self) -> None:
        ear = wake.Ear(self._woken.set)
        ear.start()
        while not self._over.is_set():
            try:
                self._pass_on(self._newly_rung())
            except Exception:
                # the pages' own streams stay open; the next look finds what was missed
                log.exception("doorbell.pause")
                mend()
            self._woken.wait(POLL_SECONDS)
            self._woken.clear()
        ear.close()
        connection.close()

    def _newly_rung(self) -> set[str]:
        """Who was rung since the last look, and a stretch before it: PostgreSQL may commit a lower number later."""
        since = max(0, self._newest - LATE_COMMITS)
        rows = list(Bell.objects.filter(pk__gt=since).values_list("pk", "person_id"))
        fresh = [(pk, person_id) for pk, person_id in rows if pk not in self._known]
        self._known = {pk for pk, _ in rows}
        if rows:
            self._newest = max(self._newest, max(self._known))
        return {person_id for _, person_id in fresh}

    def _pass_on(self, people: set[str]) -> None:
        with self._lock:
            woken = [listener for person_id in people for listener in self._listeners.get(person_id, ())]
        for listener in woken:
            listener.ring()


porch = Porch()
_asking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="handrail-who")


async def doorbell(scope: Scope, receive: Receive, send: Send, *, who: Who) -> None:
    """Serve one stream (ASGI). `who(scope)` is synchronous, runs in a thread, and says whose session this is.

    204 when nobody is signed in, which tells a browser not to come back; 429 above STREAMS_A_PERSON. It leaves one line
    in the log, when it ends.
    """
    start = time.perf_counter()
    status = await _answered(scope, receive, send, who)
    spent = round((time.perf_counter() - start) * 1000, 1)
    requests.info("request", extra={"method": scope["method"], "route": "doorbell", "status": status, "ms": spent})


async def _answered(scope: Scope, receive: Receive, send: Send, who: Who) -> int:
    person_id = await _ask(who, scope)
    if person_id is None:
        return await _answer(send, 204)
    if porch.count(person_id) >= STREAMS_A_PERSON:
        return await _answer(send, 429, (b"retry-after", b"30"))
    listener = Listener(person_id)
    porch.enter(listener)
    hung_up = asyncio.ensure_future(_hang_up(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        # After a restart all pages come back: spread them. And whatever rang meanwhile was missed: ring once.
        pause = random.randint(1000, 4000)  # noqa: S311 (spreads load, guards nothing)
        await _say(send, b"retry: %d\n\n" % pause + RING)
        await _serve(listener, hung_up, send, lambda: _ask(who, scope))
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except OSError:
        pass  # they left while we spoke
    finally:
        hung_up.cancel()
        porch.leave(listener)
    return 200


async def _serve(
    listener: Listener, hung_up: "asyncio.Future[None]", send: Send, ask: Callable[[], Awaitable["str | None"]]
) -> None:
    """Until they hang up or their session ends."""
    loop = asyncio.get_running_loop()
    ask_again_at = loop.time() + WHO_SECONDS
    while not hung_up.done():
        rung = asyncio.ensure_future(listener.rung.wait())
        either: set[asyncio.Future[Any]] = {rung, hung_up}
        await asyncio.wait(either, timeout=QUIET_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        rung.cancel()
        if hung_up.done() or porch.ending:
            return
        if loop.time() >= ask_again_at:
            if await ask() != listener.person_id:
                return
            ask_again_at = loop.time() + WHO_SECONDS
        was_rung = listener.rung.is_set()
        listener.rung.clear()
        await _say(send, RING if was_rung else STILL_HERE)


async def _ask(who: Who, scope: Scope) -> str | None:
    """Fails closed: whoever cannot be recognised gets no stream, and the page polls or reloads."""

    def ask() -> str | None:
        try:
            return who(scope)
        except Exception:
            log.exception("doorbell.who")
            mend()
            return None

    return await asyncio.get_running_loop().run_in_executor(_asking, ask)


async def _hang_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, line: bytes) -> None:
    await send({"type": "http.response.body", "body": line, "more_body": True})


async def _answer(send: Send, status: int, *headers: tuple[bytes, bytes]) -> int:
    started = {"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"no-store"), *headers]}
    await send(started)
    await send({"type": "http.response.body", "body": b""})
    return status
