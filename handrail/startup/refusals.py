"""What must be true before `./run serve` starts. Everything that is missing is named in one go."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from handrail.kernel.environment import Environment

SHORTEST_SECRET = 40  # characters


def refusals(environment: Environment) -> Iterator[str]:
    """One line for each reason not to start; nothing is asked of the database yet."""
    if environment.demo:
        yield "HANDRAIL_DEMO is set: invented people do not belong on a real install."
    if environment.test_clock:
        yield "HANDRAIL_TEST_CLOCK is set: a real install keeps real time."
    if environment.failpoint:
        yield "HANDRAIL_FAILPOINT is set: it makes the process kill itself."
    if len(environment.secret_key) < SHORTEST_SECRET:
        yield "HANDRAIL_SECRET_KEY is missing or short: 50 random characters (`head -c 40 /dev/urandom | base64`)."
    if not environment.allowed_hosts or "*" in environment.allowed_hosts:
        yield "HANDRAIL_ALLOWED_HOSTS is missing: the host names people reach this install by."
    if not _is_origin(environment.origin):
        yield "HANDRAIL_ORIGIN is missing: the address people open, https:// and a host name, nothing after it."
    yield from _key_refusals(environment)


def _is_origin(text: str) -> bool:
    """TLS, or this machine itself for a trial of the real thing."""
    parts = urlsplit(text)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"})
    return safe and bool(parts.hostname) and not (parts.path or parts.query or parts.fragment or parts.username)


def _key_refusals(environment: Environment) -> Iterator[str]:
    path = environment.key_file
    if not path.is_file():
        yield f"There is no key file at {path}: put this install's own back, or make the first one with `./run keys`."
    elif not os.access(path, os.R_OK):
        yield f"The key file {path} cannot be read by this user."
    elif path.stat().st_mode & 0o077:
        yield f"The key file {path} is open to others: chmod 600 it."
