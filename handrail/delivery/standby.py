"""Should the worker be dead: the process in which somebody called for help sends that call itself.

It gives the worker a moment, then claims what still waits under the same leases and consent, so nothing goes out twice
and a living worker notices nothing of it. It goes on until all has left or a worker is heard of again.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection

from handrail.delivery import claims
from handrail.delivery.channels import ChannelOut
from handrail.delivery.channels.installed import has_any, installed_channels
from handrail.delivery.letters import Letter, Outcome, Result
from handrail.delivery.models import Outbox
from handrail.engine.health import pulse
from handrail.engine.lanes import Lane
from handrail.engine.line import mend
from handrail.kernel import clock
from handrail.kernel.ids import new_id

log = logging.getLogger(__name__)

WORKERS_TURN_SECONDS = 1.0
AGAIN_SECONDS = 5.0
AT_MOST_SECONDS = 3600.0
LEASE = timedelta(seconds=60)

_lock = threading.Lock()
_watched: set[str] = set()


def watch(matter: str) -> None:
    """Look after the calls for help of this matter, from now on and in a thread of its own."""
    with _lock:
        if matter in _watched or not has_any():
            return
        _watched.add(matter)
    threading.Thread(target=_stand_by, args=(matter,), name="handrail-standby", daemon=True).start()


def _stand_by(matter: str) -> None:
    until, wait = clock.monotonic() + AT_MOST_SECONDS, WORKERS_TURN_SECONDS
    try:
        while clock.monotonic() < until:
            time.sleep(wait)
            wait = AGAIN_SECONDS
            if not _is_needed(matter):
                return
            _try(matter)
    finally:
        with _lock:
            _watched.discard(matter)
        connection.close()


def _is_needed(matter: str) -> bool:
    """Something waits although it is ready, and nobody has come for it."""
    try:
        waiting = Outbox.objects.filter(matter=matter, lane=Lane.CALL, state=Outbox.WAITING)
        return waiting.filter(attempts=0).exists() or (waiting.exists() and pulse().is_silent)
    except Exception:
        log.exception("standby.pause")
        mend()
        return True


def _try(matter: str) -> None:
    try:
        asyncio.run(_send_all(matter))
    except Exception:
        log.exception("standby.error")
        mend()


async def _send_all(matter: str) -> None:
    for channel in installed_channels():
        letters = await asyncio.to_thread(_claim, matter, channel)
        if letters:
            await _send(channel, letters)


async def _send(channel: ChannelOut, letters: Sequence[Letter]) -> None:
    await channel.open()
    try:
        results = await asyncio.gather(*(channel.send(letter) for letter in letters), return_exceptions=True)
    finally:
        await channel.close()
    await asyncio.to_thread(_record, letters, results)
    log.warning("standby.sent", extra={"way": channel.name, "count": len(letters)})


def _claim(matter: str, channel: ChannelOut) -> list[Letter]:
    try:
        limit = channel.connections
        return claims.claim(channel.name, Lane.CALL, worker=new_id(), lease=LEASE, limit=limit, matter=matter)
    finally:
        connection.close()


def _record(letters: Sequence[Letter], results: Sequence[Result | BaseException]) -> None:
    try:
        claims.record(
            [
                (letter, result if isinstance(result, Result) else Result(Outcome.LATER, "error"))
                for letter, result in zip(letters, results, strict=True)
            ]
        )
    finally:
        connection.close()
