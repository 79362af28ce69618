import asyncio
import logging
import threading

import pytest
from django.db import connection

from handrail.engine import bell, stream

pytestmark = pytest.mark.django_db(transaction=True)


class Page:
    """The browser's end of one stream."""

    def __init__(self, who):
        self.said: asyncio.Queue = asyncio.Queue()
        self.gone = asyncio.Event()
        self.start = None
        self.task = asyncio.ensure_future(stream.doorbell({"method": "GET"}, self._receive, self._send, who=who))

    async def _receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        if message["type"] == "http.response.start":
            self.start = message
        else:
            await self.said.put(message["body"])

    async def next(self, seconds=3.0):
        return await asyncio.wait_for(self.said.get(), seconds)

    async def close(self):
        self.gone.set()
        await asyncio.wait_for(self.task, 3)


@pytest.fixture(autouse=True)
def own_porch(monkeypatch):
    porch = stream.Porch()
    monkeypatch.setattr(stream, "porch", porch)
    yield
    porch.close()
    stream._asking.submit(lambda: connection.close()).result()


def ring(*people):
    """From another thread, as a page or the worker would."""

    def in_thread():
        bell.ring(people)
        connection.close()

    thread = threading.Thread(target=in_thread)
    thread.start()
    thread.join()


async def opened(person):
    page = Page(lambda scope: person)
    assert stream.RING in await page.next()
    return page


def test_a_ring_reaches_all_pages_of_that_person_and_no_other():
    async def run():
        jo, jo_too, sam = await opened("jo"), await opened("jo"), await opened("sam")
        await asyncio.sleep(1.2)
        await asyncio.to_thread(ring, "jo")
        assert await jo.next() == await jo_too.next() == stream.RING
        assert sam.said.empty()
        for page in (jo, jo_too, sam):
            await page.close()

    asyncio.run(run())


def test_the_stream_says_only_that_something_changed_and_is_kept_nowhere():
    async def run():
        page = await opened("jo")
        headers = dict(page.start["headers"])
        assert headers[b"content-type"] == b"text/event-stream"
        assert headers[b"cache-control"] == b"no-store"
        await page.close()

    asyncio.run(run())
    assert stream.RING == b"event: doorbell\ndata: 1\n\n"


def test_a_quiet_stream_still_says_something(monkeypatch):
    monkeypatch.setattr(stream, "QUIET_SECONDS", 0.05)

    async def run():
        page = await opened("jo")
        assert await page.next() == stream.STILL_HERE
        await page.close()

    asyncio.run(run())


def test_nobody_signed_in_gets_no_stream_and_is_told_not_to_come_back():
    async def run():
        page = Page(lambda scope: None)
        await page.next()
        assert page.start["status"] == 204

    asyncio.run(run())


def test_a_stream_leaves_one_line_in_the_log_and_only_when_it_ends(caplog):
    def lines():
        return [(record.route, record.status) for record in caplog.records if record.name == "handrail.requests"]

    async def run():
        await Page(lambda scope: None).task
        page = await opened("jo")
        assert lines() == [("doorbell", 204)]
        await page.close()

    with caplog.at_level(logging.INFO, logger="handrail.requests"):
        asyncio.run(run())
    assert lines() == [("doorbell", 204), ("doorbell", 200)]


def test_who_cannot_be_asked_gets_no_stream():
    async def run():
        page = Page(lambda scope: 1 / 0)
        await page.next()
        assert page.start["status"] == 204

    asyncio.run(run())


def test_a_stream_ends_when_its_session_has_ended(monkeypatch):
    monkeypatch.setattr(stream, "QUIET_SECONDS", 0.05)
    monkeypatch.setattr(stream, "WHO_SECONDS", 0.1)

    async def run():
        answers = iter(["jo", "jo", None])
        page = Page(lambda scope: next(answers))
        await asyncio.wait_for(page.task, 3)
        assert stream.porch.count("jo") == 0

    asyncio.run(run())


def test_one_person_holds_only_so_many_streams():
    async def run():
        pages = [await opened("jo") for _ in range(stream.STREAMS_A_PERSON)]
        one_more = Page(lambda scope: "jo")
        await one_more.next()
        assert one_more.start["status"] == 429
        for page in pages:
            await page.close()
        assert stream.porch.count("jo") == 0

    asyncio.run(run())


def test_open_streams_do_not_hold_up_a_process_that_ends():
    async def run():
        pages = [await opened(person) for person in ("jo", "jo", "sam")]
        await asyncio.to_thread(stream.porch.hang_up)
        await asyncio.wait_for(asyncio.gather(*(page.task for page in pages)), 2)

    asyncio.run(run())
