"""All addresses of the house, and one of each with real things behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from handrail.asgi import DOORBELLS


@dataclass(frozen=True)
class Address:
    route: str  # "a/<id:call>"
    view: Any
    names: tuple[str, ...]
    arguments: tuple[str, ...]

    @property
    def is_bell(self) -> bool:
        """Answered by the event loop, before any page: the view says whose doorbell it is."""
        return f"/{self.route}" in DOORBELLS

    def path(self, values: dict[str, Any]) -> str:
        """The path with the values that belong into it: `route:name` before `name`."""
        pattern = self.route
        for name in self.arguments:
            value = values.get(f"{self.route}:{name}", values.get(name))
            if value is None:
                raise LookupError(f"{self.route}: tests/architecture/filled.py has no {name!r}")
            start = pattern.index(f":{name}>") if f":{name}>" in pattern else pattern.index(f"<{name}>")
            opening = pattern.rindex("<", 0, start + 1)
            pattern = pattern[:opening] + str(value) + pattern[pattern.index(">", start) + 1 :]
        return f"/{pattern}"


def addresses() -> list[Address]:
    """One for each route, and the doorbells beside them; a route with several names counts once."""
    found = {path[1:]: Address(path[1:], who, (), ()) for path, who in DOORBELLS.items()}
    for route, space, pattern in _walk(get_resolver().url_patterns, "", ""):
        before = found.get(route)
        names = (*(before.names if before else ()), *([space + pattern.name] if pattern.name else []))
        arguments = tuple(pattern.pattern.converters)
        found[route] = Address(route, before.view if before else pattern.callback, names, arguments)
    return list(found.values())


def _walk(patterns: list[URLPattern | URLResolver], before: str, space: str) -> Iterator[tuple[str, str, URLPattern]]:
    """(route, name space with its colon, pattern)"""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        else:
            yield route, space, pattern
