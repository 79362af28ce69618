"""What must be true before `./run serve` starts. Everything that is missing is named in one go."""

import json
import os
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

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
    yield from _text_refusals(environment)
    yield from _key_refusals(environment)


def cautions(environment: Environment) -> Iterator[str]:
    """What does not keep an install from starting, and should not stay so."""
    mail = environment.mail_url and environment.mail_from
    if not (mail or environment.push_contact or environment.sms_by):
        yield (
            "Nobody can be reached outside the app, not even in a call for help: set mail (HANDRAIL_MAIL_URL and"
            " HANDRAIL_MAIL_FROM), push (HANDRAIL_PUSH_CONTACT) or text messages (HANDRAIL_SMS_BY)."
        )


def _is_origin(text: str) -> bool:
    """TLS, or this machine itself for a trial of the real thing."""
    parts = urlsplit(text)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"})
    return safe and bool(parts.hostname) and not (parts.path or parts.query or parts.fragment or parts.username)


#: What each kind of text gateway cannot do without.
TEXTS_NEED = {
    "twilio": ("sms_user", "sms_password", "sms_from"),
    "phone": ("sms_url", "sms_user", "sms_password"),
    "http": ("sms_url", "sms_body"),
}


def _text_refusals(environment: Environment) -> Iterator[str]:
    """Found out now, not by the first call for help."""
    kind = environment.sms_by
    if not kind:
        return
    if kind not in TEXTS_NEED:
        yield f"HANDRAIL_SMS_BY is {kind!r}: it should be twilio, phone or http, or empty."
        return
    if missing := [f"HANDRAIL_{name.upper()}" for name in TEXTS_NEED[kind] if not getattr(environment, name)]:
        yield f"HANDRAIL_SMS_BY is {kind}, which needs {', '.join(missing)}."
    elif kind == "http" and (fault := _form_fault(environment)):
        yield fault


def _form_fault(environment: Environment) -> str:
    body, header = environment.sms_body.strip(), environment.sms_header
    if environment.sms_method.upper() not in ("POST", "PUT", "GET"):
        return "HANDRAIL_SMS_METHOD should be POST, PUT or GET."
    if "{to}" not in body or "{text}" not in body:
        return "HANDRAIL_SMS_BODY should hold {to} and {text}: the number and the words."
    if header and not all(part.strip() for part in header.partition(":")):
        return "HANDRAIL_SMS_HEADER should be `Name: value`."
    try:
        json.loads(body) if body.startswith("{") else parse_qsl(body, strict_parsing=True)
    except ValueError:
        return "HANDRAIL_SMS_BODY should be JSON, or a form as `to={to}&text={text}`."
    return ""


def _key_refusals(environment: Environment) -> Iterator[str]:
    path = environment.key_file
    if not path.is_file():
        yield f"There is no key file at {path}: put this install's own back, or make the first one with `./run keys`."
    elif not os.access(path, os.R_OK):
        yield f"The key file {path} cannot be read by this user."
    elif path.stat().st_mode & 0o077:
        yield f"The key file {path} is open to others: chmod 600 it."
