"""The one door to a person's records. See ARCHITECTURE.md for its contract and the five walls."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handrail.gate.actor import Actor
    from handrail.gate.categories import Category, Role
    from handrail.gate.door import gated
    from handrail.gate.records import Record, RecordBetweenTwo
    from handrail.gate.views import Request, open_to

__all__ = ["Actor", "Category", "Record", "RecordBetweenTwo", "Request", "Role", "gated", "open_to"]

_HOMES = {
    "Actor": "actor",
    "Category": "categories",
    "Record": "records",
    "RecordBetweenTwo": "records",
    "Request": "views",
    "Role": "categories",
    "gated": "door",
    "open_to": "views",
}


def __getattr__(name: str) -> Any:
    """Fetched on first use: Django imports this package before models can be loaded."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(name)
