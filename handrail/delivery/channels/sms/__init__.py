"""Text messages. Each provider is a folder with one `gateway.py`, which knows its shapes and does no input or output:
what to ask over HTTP, what its answers mean, and how to read what it tells us later. The channel does the asking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from handrail.delivery.letters import Result


@dataclass(frozen=True, slots=True)
class Text:
    """One text to send. `ref` is what a report names it by."""

    to: str  # +15551234567
    words: str
    ref: str
    urgent: bool
    seconds: int  # for how long it is worth delivering


@dataclass(frozen=True, slots=True)
class Ask:
    """One HTTP request of ours."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One HTTP answer of theirs; `body` is what its JSON held, None for anything else."""

    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request of theirs, as it came. Header names in small letters."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    ref: str = ""  # from the address, where the provider was given one


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a text that we handed over. `for_good`: there is no such phone, or it takes no texts."""

    ref: str
    arrived: bool
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """A text that somebody sent to us. `key` is what the provider calls it."""

    number: str
    words: str
    key: str


class Unsigned(Exception):
    """Not from our provider, changed on the way, or too old to be believed."""


class Gateway(Protocol):
    def ask(self, text: Text) -> Ask: ...

    def result(self, said: Said) -> Result: ...

    def look(self, text: Text) -> Ask | None:
        """How to find out whether a text is there already, after a try whose end nobody heard; None: no way."""
        ...

    def has(self, said: Said, text: Text) -> bool: ...

    def heard(self, call: Call) -> Sequence[Report | Reply]:
        """What a provider tells us. Raises Unsigned."""
        ...
