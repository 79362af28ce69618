"""Push endpoints come from a browser, so from anybody: they must not lead our requests into a private network.

Looked at twice: its form when it is added, and the addresses it resolves to at every connection. No redirect is ever
followed. On a demo or test install a push service on this very machine may be used.
"""

import ipaddress
import re
import socket
from typing import Any
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from handrail.kernel.errors import Invalid

LONGEST = 2000
# A last part that begins with a letter. What only looks like an address ("127.1", circled digits) is read as one by
# our HTTP client, which then asks no resolver; so a host is a plain name or an address that we read ourselves.
NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{1,62}")
#: IPv6 networks whose last four bytes are an IPv4 address that a gateway may send on to.
HOLDS_IPV4 = tuple(map(ipaddress.IPv6Network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/96")))


class Private(OSError):
    """A name or address that is not on the public internet."""


def require_public(endpoint: str) -> None:
    """Raises Invalid for what cannot be a public push service's address. Asks no name server."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError as why:
        raise Invalid(_("This browser did not give a push address."), field="subscription") from why
    if _is_local_service(parts.scheme, host):
        return
    plain = parts.scheme == "https" and len(endpoint) <= LONGEST and port in (None, 443) and not parts.username
    if not plain or not _is_public_host(host):
        raise Invalid(_("This browser did not give a push address."), field="subscription")


class PublicOnly(AbstractResolver):
    """Resolves names to public addresses only; the connection goes to the very address that was checked."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        public = [one for one in found if not is_private(one["host"]) or _local_services_allowed()]
        if not public:
            raise Private(f"{len(found)} addresses, none public")
        return public

    async def close(self) -> None:
        await self._inner.close()


def is_private(address: str) -> bool:
    """Everything but the public internet: private, loopback, link-local, carrier, multicast, mapped and tunnelled."""
    found: Any = ipaddress.ip_address(address.partition("%")[0])
    inner = [getattr(found, name, None) for name in ("ipv4_mapped", "sixtofour")] if found.version == 6 else []
    if any(found in network for network in HOLDS_IPV4):
        inner.append(ipaddress.IPv4Address(found.packed[-4:]))
    return not all(one.is_global and not one.is_multicast for one in [found, *filter(None, inner)])


def _is_public_host(host: str) -> bool:
    try:
        return not is_private(host)
    except ValueError:
        return NAME.fullmatch(host) is not None


def _is_local_service(scheme: str, host: str) -> bool:
    return _local_services_allowed() and scheme == "http" and host in ("127.0.0.1", "localhost", "::1")


def _local_services_allowed() -> bool:
    return bool(settings.HANDRAIL.demo or settings.HANDRAIL.test_clock)
