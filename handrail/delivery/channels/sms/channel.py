"""Sends texts through the install's gateway: one short neutral line, in one part wherever it can be.

A provider keeps no keys of ours, so a text may leave twice when the end of a try was not heard. Where the gateway can
be asked, we look before we send again; and nobody's phone gets it without end (`claims.UNSURE_TRIES`).
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import aiohttp

from handrail.delivery import words
from handrail.delivery.channels.push import TTL_SECONDS
from handrail.delivery.channels.sms import Ask, Gateway, Said, Text
from handrail.delivery.letters import Letter, Outcome, Result
from handrail.delivery.models import Channel
from handrail.engine.lanes import Lane

CONNECT_SECONDS = 5.0
CODE_SECONDS = 30 * 60  # as long as a code works
LONGEST_ANSWER = 64 * 1024  # bytes
CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is mistaken for another


class SmsChannel:
    name = Channel.SMS.value

    def __init__(self, gateway: Gateway, *, connections: int = 8, seconds: float = 15.0) -> None:
        self.connections = connections
        self.seconds = 2 * seconds  # looking and sending
        self._each = seconds
        self._gateway = gateway
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self.connections),
            timeout=aiohttp.ClientTimeout(total=self._each, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, letter: Letter) -> Result:
        if not (isinstance(letter.address, str) and letter.address.startswith("+") and letter.seen_token):
            return Result(Outcome.NEVER, "no number")
        text = written(letter)
        if letter.attempts > 1 and await self._is_there(text):
            return Result(Outcome.HANDED, "sms found")
        return await self._asked(self._gateway.ask(text), self._gateway.result)

    async def _is_there(self, text: Text) -> bool:
        """False too when nobody answers: sent twice is better than not at all."""
        if (ask := self._gateway.look(text)) is None:
            return False
        seen = False

        def read(said: Said) -> Result:
            nonlocal seen
            seen = self._gateway.has(said, text)
            return Result(Outcome.LATER, "looked")

        await self._asked(ask, read)
        return seen

    async def _asked(self, ask: Ask, read: Callable[[Said], Result]) -> Result:
        assert self._session is not None
        try:
            async with self._session.request(
                ask.method, ask.url, headers=ask.headers, json=ask.json, data=ask.form, allow_redirects=False
            ) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return read(Said(answer.status, headers, _opened(await _body(answer))))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as why:
            return Result(Outcome.LATER, f"sms {type(why).__name__}")  # nothing has left
        except aiohttp.InvalidURL:
            return Result(Outcome.LATER, "sms address")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as why:
            return Result(Outcome.UNSURE, f"sms {type(why).__name__}")


def written(letter: Letter) -> Text:
    """A short code is drawn from the letter's key: the same letter sent again says the same, another one does not."""
    return Text(
        to=letter.address,
        words=words.code_text(letter.code) if letter.code else words.text(letter.link, short_code(letter.idem)),
        ref=letter.seen_token or "",
        urgent=letter.lane == Lane.CALL,
        seconds=CODE_SECONDS if letter.code else TTL_SECONDS[letter.lane],
    )


def short_code(idem: str) -> str:
    number = int.from_bytes(hashlib.sha256(idem.encode()).digest()[:8])
    letters = ""
    for _ in range(4):
        number, at = divmod(number, len(CODE_LETTERS))
        letters += CODE_LETTERS[at]
    return letters


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    held = bytearray()
    async for part in answer.content.iter_chunked(8192):
        held += part
        if len(held) > LONGEST_ANSWER:
            return b""
    return bytes(held)


def _opened(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
