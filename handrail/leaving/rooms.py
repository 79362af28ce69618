"""Which rooms hold something of a person. They say so themselves: `exported` in queries, `imported` in actions."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

Data = dict[str, list[dict[str, Any]]]


@cache
def _that_say(module: str, function: str) -> list[Callable[..., Any]]:
    found = []
    for room in apps.get_app_configs():
        name = f"{room.name}.{module}"
        if room.name.startswith("handrail.") and find_spec(name) is not None:
            found.append(getattr(import_module(name), function, None))
    return [each for each in found if each is not None]


def exporters() -> list[Callable[..., Data]]:
    """Each gives {kind of record: rows as plain values} of one owner."""
    return _that_say("queries", "exported")


def importers() -> list[Callable[..., None]]:
    """Each takes from such data what is its own."""
    return _that_say("actions", "imported")
