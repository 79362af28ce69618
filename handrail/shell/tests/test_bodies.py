"""Slow, endless and broken-off forms: none of them costs anybody else their page, none of them is half taken."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from handrail.asgi import application
from handrail.shell import bodies

Receive = Callable[[], Awaitable[dict[str, Any]]]
FORM = (b"content-type", b"application/x-www-form-urlencoded")
COOKIE = (b"cookie", b"c=" + b"a" * 32)  # with it, the check of a form reads the form


async def ask(method: str, path: str, receive: Receive, *headers: tuple[bytes, bytes]) -> int | None:
    """The status of one request to the whole application; None when nobody was answered."""
    said: list[dict[str, Any]] = []
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "scheme": "http", "http_version": "1.1", "client": ("127.0.0.1", 1),
        "server": ("testserver", 80), "headers": [(b"host", b"testserver"), *headers],
    }  # fmt: skip

    async def send(message: Any) -> None:
        said.append(message)

    await application(scope, receive, send)
    return said[0]["status"] if said else None


def sent(*messages: dict[str, Any]) -> Receive:
    left = list(messages)

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    return receive


def piece(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def length(count: int) -> tuple[bytes, bytes]:
    return (b"content-length", str(count).encode())


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, 20))


def test_many_who_send_slowly_keep_nobody_from_the_help_page(settings) -> None:
    async def work() -> int | None:
        enough = asyncio.Event()

        async def never_done() -> dict[str, Any]:
            await enough.wait()
            return {"type": "http.disconnect"}

        slow = [
            asyncio.create_task(ask("POST", "/enter", never_done, FORM, COOKIE, length(100)))
            for _ in range(settings.HANDRAIL.threads)
        ]
        await asyncio.sleep(0.2)
        try:
            return await asyncio.wait_for(ask("GET", "/help/now", sent()), 5)
        finally:
            enough.set()
            await asyncio.gather(*slow)

    assert run(work()) == 200


def test_who_sends_too_slowly_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SECONDS", 0.05)

    async def work() -> int | None:
        async def never() -> dict[str, Any]:
            await asyncio.Event().wait()
            raise AssertionError

        return await ask("POST", "/enter", never, FORM, COOKIE, length(100))

    assert run(work()) == 408


def test_a_form_that_broke_off_on_the_way_is_not_taken() -> None:
    cut_off = sent(piece(b"csrfmiddlewaretoken=x&kind=used"), {"type": "http.disconnect"})
    assert run(ask("POST", "/enter", cut_off, FORM, COOKIE, length(100))) is None


@pytest.mark.parametrize("headers", [[length(1_000_001)], [(b"transfer-encoding", b"chunked")]])
def test_more_than_we_can_take_is_refused_before_it_is_kept(headers: list[tuple[bytes, bytes]]) -> None:
    endless = sent(*[piece(b"x" * 100_000)] * 11)
    assert run(ask("POST", "/enter", endless, FORM, COOKIE, *headers)) == 413


def test_a_form_in_pieces_arrives_whole() -> None:
    async def work() -> bytes:
        receive = sent(piece(b"one="), piece(b"1&two=2", more=False))
        whole = await bodies.taken_in({"headers": [length(11)]}, receive, sent)  # type: ignore[arg-type]
        assert whole is not None
        return (await whole())["body"]

    assert run(work()) == b"one=1&two=2"
