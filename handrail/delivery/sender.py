"""Sends what waits in the outbox: one asyncio loop, a few connections a channel, some of them for calls for help only.

The database is asked in a thread of its own, in three short transactions (`claims`); nothing is sent inside one. What
was sent and could not be recorded yet stays in memory and is recorded as soon as the database takes it.
"""

import asyncio
import contextlib
import heapq
import itertools
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

from django.db import connection

from handrail.delivery import claims
from handrail.delivery.channels import ChannelOut
from handrail.delivery.letters import Letter, Outcome, Result
from handrail.engine.failpoints import failpoint
from handrail.engine.lanes import Lane
from handrail.engine.line import mend
from handrail.kernel import clock

log = logging.getLogger(__name__)
T = TypeVar("T")

POLL_SECONDS = 0.25
RECORD_SECONDS = 0.02  # results wait so long for company; a call for help does not wait
ASK_AGAIN_SECONDS = 1.0  # a claim older than this: is it still allowed?
PAUSE_SECONDS = 0.25  # after the database refused
STOP_SECONDS = 5.0  # what is still in the air then is taken back and sent again under its own key


class Desk:
    """The database's side, in one thread with one connection."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="handrail-desk")

    async def ask(self, function: Callable[..., T], *args: Any, **given: Any) -> T:
        def run() -> T:
            try:
                return function(*args, **given)
            except Exception:
                mend()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    def close(self) -> None:
        self._thread.submit(lambda: connection.close())  # looked up there: it is that thread's own
        self._thread.shutdown(wait=True)


class Recorder:
    """Writes results in batches; keeps them until they are written."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: list[tuple[Letter, Result]] = []
        self._something = asyncio.Event()
        self._urgent = asyncio.Event()
        self._stopping = False

    def add(self, letter: Letter, result: Result) -> None:
        self._waiting.append((letter, result))
        self._something.set()
        if letter.lane == Lane.CALL:
            self._urgent.set()

    def stop(self) -> None:
        self._stopping = True
        self._something.set()
        self._urgent.set()

    async def run(self) -> None:
        """Until stopped and everything is written."""
        while self._waiting or not self._stopping:
            await self._something.wait()
            await _first_of(self._urgent.wait(), RECORD_SECONDS)
            self._something.clear()
            self._urgent.clear()
            batch, self._waiting = self._waiting, []
            if batch and not await self._written(batch):
                self._waiting = batch + self._waiting
                await asyncio.sleep(PAUSE_SECONDS)
            if self._waiting or self._stopping:
                self._something.set()

    async def _written(self, batch: Sequence[tuple[Letter, Result]]) -> bool:
        try:
            await self._desk.ask(claims.record, batch)
        except Exception:
            log.exception("outbox.unrecorded", extra={"count": len(batch)})
            return False
        for letter, result in batch:
            log.info(
                "outbox.tried",
                extra={"kind": letter.kind, "lane": letter.lane.label, "way": letter.channel, "outcome": result.code,
                       "attempts": letter.attempts, "age_s": _age(letter)},
            )  # fmt: skip
        return True


class Counter:
    """One channel: its letters in hand and its connections, of which a quarter serves calls for help alone."""

    def __init__(self, channel: ChannelOut, desk: Desk, recorder: Recorder, hungry: asyncio.Event) -> None:
        self.channel = channel
        self.reserved = max(1, channel.connections // 4)
        self._desk = desk
        self._recorder = recorder
        self._hungry = hungry
        self._queues: dict[Lane, list[tuple[int, Letter]]] = {Lane.CALL: [], Lane.ROUTINE: []}
        self._order = itertools.count()
        self._in_hand = {Lane.CALL: 0, Lane.ROUTINE: 0}
        self._changed = asyncio.Condition()
        self._stopping = False

    def room(self, lane: Lane) -> int:
        """How many more letters may be claimed: at most two a connection are in hand."""
        if lane == Lane.CALL:
            return 2 * self.channel.connections - sum(self._in_hand.values())
        open_to_all = self.channel.connections - self.reserved
        return min(2 * open_to_all - self._in_hand[Lane.ROUTINE], self.room(Lane.CALL))

    async def put(self, letters: Sequence[Letter]) -> None:
        async with self._changed:
            for letter in letters:
                heapq.heappush(self._queues[letter.lane], (next(self._order), letter))
                self._in_hand[letter.lane] += 1
            self._changed.notify_all()

    async def run(self) -> None:
        """Serve until stopped; what nobody has begun to send goes back untried."""
        lanes = [[Lane.CALL]] * self.reserved + [list(Lane)] * (self.channel.connections - self.reserved)
        await asyncio.gather(*(self._serve(mine) for mine in lanes))

    async def stop(self) -> None:
        async with self._changed:
            self._stopping = True
            self._changed.notify_all()

    async def _serve(self, lanes: Sequence[Lane]) -> None:
        while (letter := await self._next(lanes)) is not None:
            result = await self._sent(letter)
            self._recorder.add(letter, result)
            self._in_hand[letter.lane] -= 1
            if self._in_hand[letter.lane] <= self.channel.connections // 2:
                self._hungry.set()

    async def _next(self, lanes: Sequence[Lane]) -> Letter | None:
        async with self._changed:
            while True:
                for lane in lanes:
                    if self._queues[lane]:
                        return heapq.heappop(self._queues[lane])[1]
                if self._stopping:
                    return None
                await self._changed.wait()

    async def _sent(self, letter: Letter) -> Result:
        try:
            if self._stopping:
                return Result(Outcome.UNSENT, "stopping")
            if clock.monotonic() - letter.claimed_at > ASK_AGAIN_SECONDS and not await self._desk.ask(
                claims.is_still_wanted, letter
            ):
                return Result(Outcome.CLOSED, Outcome.CLOSED)
            if letter.seconds_left() < self.channel.seconds:  # somebody else may begin before we are done
                return Result(Outcome.UNSENT, "lease")
            failpoint("outbox.sending")
            result = await self.channel.send(letter)
            failpoint("outbox.sent")
        except Exception:
            # a fault of ours in one letter must not stop the others
            log.exception("outbox.error", extra={"kind": letter.kind, "way": letter.channel})
            return Result(Outcome.LATER, "error")
        return result


class Sender:
    """All channels of one worker."""

    def __init__(self, worker: str, channels: Sequence[ChannelOut], *, lease: timedelta) -> None:
        self._worker = worker
        self._channels = channels
        self._lease = lease
        self._stopping = False
        self.woken = asyncio.Event()
        self.turned_at = clock.monotonic()

    async def run(self) -> None:
        """Until `stop`; then what is in hand is finished and recorded."""
        desk = Desk()
        recorder = Recorder(desk)
        counters = [Counter(channel, desk, recorder, self.woken) for channel in self._channels]
        for channel in self._channels:
            await channel.open()
        recording = asyncio.create_task(recorder.run())
        serving = [asyncio.create_task(counter.run()) for counter in counters]
        try:
            await self._claim_and_wait(desk, counters, [recording, *serving])
            for counter in counters:
                await counter.stop()
            await asyncio.wait(serving, timeout=STOP_SECONDS) if serving else None
        finally:
            recorder.stop()
            await asyncio.wait([recording], timeout=STOP_SECONDS)
            for channel in self._channels:
                await channel.close()
            desk.close()

    def wake(self) -> None:
        self.woken.set()

    def stop(self) -> None:
        self._stopping = True
        self.woken.set()

    async def _claim_and_wait(
        self, desk: Desk, counters: Sequence[Counter], hands: "Sequence[asyncio.Task[None]]"
    ) -> None:
        while not self._stopping:
            for hand in hands:
                if hand.done():  # cannot be; if it is, the whole process starts anew rather than limp
                    raise RuntimeError("a part of the sender ended") from hand.exception()
            self.woken.clear()
            try:
                claimed = sum([await self._claim(desk, counter, lane) for lane in Lane for counter in counters])
                self.turned_at = clock.monotonic()
            except Exception:
                # a locked or lost database, a full disk: what waits is still on it, what is in hand goes on
                log.exception("outbox.pause")
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if not claimed:
                await _first_of(self.woken.wait(), POLL_SECONDS)

    async def _claim(self, desk: Desk, counter: Counter, lane: Lane) -> int:
        room = counter.room(lane)
        if room <= 0:
            return 0
        letters = await desk.ask(
            claims.claim, counter.channel.name, lane, worker=self._worker, lease=self._lease, limit=room
        )
        await counter.put(letters)
        return len(letters)


class SendingThread(threading.Thread):
    """The sender as a part of the worker's house (`engine.worker.Part`)."""

    def __init__(self, worker: str, channels: Callable[[], Sequence[ChannelOut]], *, lease: timedelta) -> None:
        super().__init__(name="sending", daemon=True)
        self._worker, self._channels, self._lease = worker, channels, lease
        self._sender: Sender | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = False
        self._began_at = clock.monotonic()

    @property
    def turned_at(self) -> float:
        return self._sender.turned_at if self._sender else self._began_at

    def wake(self) -> None:
        self._tell(Sender.wake)

    def stop(self) -> None:
        self._over = True
        self._tell(Sender.stop)

    def run(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        self._sender = Sender(self._worker, self._channels(), lease=self._lease)
        self._loop = asyncio.get_running_loop()
        if self._over:
            self._sender.stop()
        await self._sender.run()

    def _tell(self, word: Callable[[Sender], None]) -> None:
        if self._loop is not None and self._sender is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(word, self._sender)


async def _first_of(waiting: Awaitable[Any], seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(waiting, seconds)


def _age(letter: Letter) -> float:
    return round((clock.now() - letter.due_at).total_seconds(), 3)
