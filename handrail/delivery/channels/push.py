"""Web push (RFC 8030): encrypted for one browser (RFC 8291), signed by this install (VAPID, RFC 8292).

What is inside is a path and a token, never a word; the service worker shows the one neutral line and calls back.
"""

import base64
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from handrail.delivery.endpoints import Private, PublicOnly, require_public
from handrail.delivery.letters import Letter, Outcome, Result
from handrail.delivery.models import Channel
from handrail.engine.lanes import Lane
from handrail.kernel import clock
from handrail.kernel.errors import Invalid

TTL_SECONDS = {Lane.CALL: 4 * 60 * 60, Lane.ROUTINE: 24 * 60 * 60}  # without one, a phone that is off gets nothing
SIGNED_FOR = timedelta(hours=12)
SIGNED_AGAIN_AFTER = timedelta(hours=6)
GONE = (404, 410)
CONNECT_SECONDS = 5.0
RECORD_SIZE = 4096


class PushChannel:
    name = Channel.PUSH.value

    def __init__(self, key_file: Path, contact: str, *, connections: int = 64, seconds: float = 15.0) -> None:
        self.connections = connections
        self.seconds = seconds
        self._vapid = Vapid02.from_file(str(key_file))
        self._contact = contact
        self._signed: dict[str, tuple[str, float]] = {}
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self.connections, resolver=PublicOnly()),
            timeout=aiohttp.ClientTimeout(total=self.seconds, connect=CONNECT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, letter: Letter) -> Result:
        assert self._session is not None
        try:
            endpoint = letter.address["endpoint"]
            require_public(endpoint)
            body = _encrypted(letter)
        except (Invalid, KeyError, TypeError, ValueError, http_ece.ECEException):
            return Result(Outcome.NEVER, "no push address")
        try:
            async with self._session.post(
                endpoint, data=body, headers=self._headers(endpoint, letter), allow_redirects=False
            ) as answer:
                return _result(answer)
        except aiohttp.ClientConnectorError as why:
            private = isinstance(why.os_error, Private)
            return Result(Outcome.NEVER if private else Outcome.LATER, "private" if private else "push connect")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as why:
            return Result(Outcome.LATER, f"push {type(why).__name__}")

    def _headers(self, endpoint: str, letter: Letter) -> dict[str, str]:
        return {
            "Authorization": self._signature(endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL_SECONDS[letter.lane]),
            "Topic": topic(letter.idem),
            "Urgency": "high",
        }

    def _signature(self, endpoint: str) -> str:
        """One signature serves a push service for hours; making one for each letter would cost as much as all else."""
        parts = urlsplit(endpoint)
        audience = f"{parts.scheme}://{parts.netloc}"
        now = clock.now().timestamp()
        signed, made_at = self._signed.get(audience, ("", 0.0))
        if not signed or not 0 <= now - made_at < SIGNED_AGAIN_AFTER.total_seconds():
            claims = {"sub": self._contact, "aud": audience, "exp": int(now + SIGNED_FOR.total_seconds())}
            signed = str(self._vapid.sign(claims)["Authorization"])
            self._signed[audience] = signed, now
        return signed


def topic(idem: str) -> str:
    """The same letter sent twice replaces itself in the push service. 32 characters, as RFC 8030 asks."""
    return base64.urlsafe_b64encode(hashlib.sha256(idem.encode()).digest()[:24]).decode()


def _encrypted(letter: Letter) -> bytes:
    payload = json.dumps({"link": letter.link, "seen": f"/push/seen/{letter.seen_token}"}).encode()
    return bytes(
        http_ece.encrypt(
            payload,
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=_decoded(letter.address["p256dh"]),
            auth_secret=_decoded(letter.address["auth"]),
            rs=RECORD_SIZE,
            version="aes128gcm",
        )
    )


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _result(answer: aiohttp.ClientResponse) -> Result:
    code = f"http {answer.status}"
    if 200 <= answer.status < 300:
        return Result(Outcome.HANDED, code)
    if answer.status in GONE:
        return Result(Outcome.NEVER, code)
    return Result(Outcome.LATER, code, _asked_wait(answer))


def _asked_wait(answer: aiohttp.ClientResponse) -> timedelta | None:
    asked: Any = answer.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(asked), 3600)) if asked.isdigit() else None
