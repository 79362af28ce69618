"""Every setting of an install: environment variables `HANDRAIL_*`, read once, typed, with the words for the README.

A `.env` file beside `manage.py` is read where present; the real environment wins, and can name another file or none.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

PREFIX = "HANDRAIL_"
ENV_FILE = PREFIX + "ENV_FILE"


class BadSetting(Exception):
    """A setting cannot be understood; the text names it and says what it should look like."""


class Posture(StrEnum):
    """Under which rules this install shares what people say about themselves. Said by its operator, never guessed."""

    PART2 = "part2"  # 42 CFR Part 2: care workers and programs see what a signed consent covers, and no more
    CIRCLE = "circle"  # a family or a mutual-aid group: ticks are enough


def _setting(default: Any, doc: str) -> Any:
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class Environment:
    home: Path = _setting(Path("var"), "Folder for everything the install keeps: database, keys, sockets.")
    demo: bool = _setting(False, "`1` seeds invented people and shows the demo bar. Never on a real install.")
    database_url: str = _setting("", "`postgres://user:password@host:port/name`; empty means SQLite inside HOME.")
    key_path: str = _setting("", "The install's key file (mode 0600). Empty: `key.json` inside HOME.")
    secret_key: str = _setting("", "Signs cookies: 50 random characters. Empty is only allowed for a trial run.")
    allowed_hosts: tuple[str, ...] = _setting((), "Host names that people reach this install by, comma between.")
    origin: str = _setting("", "Address people open, `https://help.example.org`; links in messages start with it.")
    bind: str = _setting("127.0.0.1", "Address the web process listens on.")
    port: int = _setting(8000, "Port the web process listens on.")
    behind_proxy: bool = _setting(False, "`1` when a proxy on this machine ends TLS and sets X-Forwarded-*.")
    threads: int = _setting(8, "Page threads in the web process.")
    name: str = _setting("Handrail", "What the install is called, on the phone's home screen too. Keep it neutral.")
    leave_url: str = _setting("https://www.weather.gov/", "Where `Leave this page` goes: a dull, busy public site.")
    country: str = _setting("US", "Country pack for phone lines: US, CA, GB or AU.")
    time_zone: str = _setting("America/New_York", "IANA time zone for people who have not chosen theirs.")
    mail_url: str = _setting(
        "", "`smtp://user:password@host:587` (STARTTLS where offered) or `smtps://`. Empty: no mail."
    )
    mail_from: str = _setting("", "Sender address of every e-mail.")
    operator_email: str = _setting("", "Who is written to when something here needs a person. Empty: the log alone.")
    push_contact: str = _setting("", "`mailto:` address that push services may write to. Empty: no web push.")
    sms_by: str = _setting(
        "", "Who sends text messages: `twilio`, `phone` (SMS Gateway for Android) or `http` (any other). Empty: nobody."
    )
    sms_url: str = _setting("", "Address that a text is sent to. Empty is enough for `twilio`.")
    sms_user: str = _setting("", "`twilio`: the account's SID. `phone`: the gateway's user name.")
    sms_password: str = _setting("", "`twilio`: the account's auth token. `phone`: the gateway's password.")
    sms_from: str = _setting("", "Number or sender that texts come from; `twilio`: a messaging service (`MG...`) too.")
    sms_method: str = _setting("POST", "`http`: POST, PUT or GET.")
    sms_body: str = _setting(
        '{"to": "{to}", "text": "{text}", "from": "{from}", "id": "{id}"}',
        "`http`: what is sent, as JSON or as a form (`to={to}&text={text}`); a GET puts the form into the address.",
    )
    sms_header: str = _setting("", "`http`: a header that lets us in, `Authorization: Bearer ...`.")
    sms_report_key: str = _setting(
        "", "`phone`, `http`: signs what is reported to `/sms/heard`, the STOP that a phone sends too."
    )
    sms_countries: tuple[str, ...] = _setting(
        (), "Countries whose mobile numbers get texts, `US,CA`; others can cost a lot. Empty: COUNTRY alone."
    )
    sms_codes_an_hour: int = _setting(60, "Codes by text that the whole install sends in an hour at most: each costs.")
    rung_minutes: float = _setting(10.0, "Minutes that a rung of the ladder has before the next one is asked.")
    posture: Posture = _setting(
        Posture.PART2,
        "`part2`: care workers and programs see only what a signed consent covers (42 CFR Part 2; the safe choice when"
        " in doubt). `circle`: a family or mutual-aid group, where ticks are enough.",
    )
    run_by: str = _setting("", "Who runs this install, as written consents name it. Empty: the install's name.")
    open_sign_up: bool = _setting(True, "`0`: new accounts only through an invitation.")
    log_level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR.")
    env_file: str = _setting(".env", "File that holds such lines, beside `run`. Empty: none is read (tests say so).")
    test_clock: str = _setting("", "Tests only: file with an offset in seconds. The real thing refuses it.")
    failpoint: str = _setting(
        "", "Tests only: place in the code where the process kills itself. The real thing refuses it."
    )
    test_database_url: str = _setting("", "Tests only: PostgreSQL for the second run of the data tests.")

    @property
    def key_file(self) -> Path:
        return Path(self.key_path) if self.key_path else self.home / "key.json"

    @property
    def push_key_file(self) -> Path:
        return self.home / "push.pem"

    @property
    def rung_wait(self) -> timedelta:
        return timedelta(minutes=self.rung_minutes)

    @classmethod
    def read(cls, base: Path, environ: Mapping[str, str] = os.environ) -> "Environment":
        """Settings from `as_given`; a relative HOME starts at `base`."""
        known = {PREFIX + item.name.upper(): item for item in fields(cls)}
        raw = as_given(base, environ)
        unknown = sorted(name for name in raw if name.startswith(PREFIX) and name not in known)
        if unknown:
            raise BadSetting(f"{', '.join(unknown)}: no such setting (see the README)")
        given = {item.name: _typed(name, item.default, raw[name]) for name, item in known.items() if name in raw}
        home = Path(given.get("home", Path("var")))
        return cls(**{**given, "home": home if home.is_absolute() else base / home})


def as_given(base: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """`base/.env`, or the file that `environ` names instead, and `environ` as text; the real environment wins."""
    name = environ.get(ENV_FILE, ".env").strip()
    return {**(_dotenv(base / name) if name else {}), **environ}


def _typed(name: str, default: Any, text: str) -> Any:
    text = text.strip()
    if isinstance(default, bool):
        if text.lower() not in {"0", "1", "true", "false", "yes", "no", ""}:
            raise BadSetting(f"{name}: {text!r} should be 1 or 0")
        return text.lower() in {"1", "true", "yes"}
    if isinstance(default, StrEnum):
        known = [str(each) for each in type(default)]
        if text and text not in known:
            raise BadSetting(f"{name}: {text!r} should be {' or '.join(known)}")
        return type(default)(text) if text else default
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        return type(default)(text) if not isinstance(default, Path) else Path(text)
    except ValueError as why:
        raise BadSetting(f"{name}: {text!r} should be a number") from why


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.removeprefix("export ").partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, _, value in pairs}
