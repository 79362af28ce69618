"""Wall four, half one: every view says whom it is open to."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpRequest

if TYPE_CHECKING:
    from handrail.gate.actor import Actor

View = TypeVar("View", bound=Callable[..., Any])

#: anyone: public. signed-in: a person with a session. token: the API, by personal token. demo: trial installs only.
AUDIENCES = frozenset({"anyone", "signed-in", "token", "demo"})


class Request(HttpRequest):
    """A request as views get it: `people.middleware` has always said who is asking. For annotations."""

    actor: "Actor"


def open_to(audience: str) -> Callable[[View], View]:
    if audience not in AUDIENCES:
        raise ValueError(f"no such audience: {audience!r}")

    def declare(view: View) -> View:
        view.open_to = audience  # type: ignore[attr-defined]
        return view

    return declare
