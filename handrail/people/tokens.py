"""API tokens: whose is this, and what may it do? Asked by the API for every request, before there is an actor."""

import hmac
import re
from dataclasses import dataclass
from typing import Any

from handrail.gate import Actor, gated
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import LENGTH
from handrail.people.actions import TOKEN_PREFIX, digest_of
from handrail.people.models import Person, Token

FORM = re.compile(rf"{TOKEN_PREFIX}_([A-Za-z0-9]{{{LENGTH}}})_([A-Za-z0-9_-]{{32}})")


@dataclass(frozen=True, slots=True)
class Bearer:
    person_id: str
    scopes: frozenset[str]
    time_zone: str


def person_of_token(raw: str) -> Bearer | None:
    """Who a token speaks for; None for one that is wrong, ended, or of an account that is closed."""
    parts = FORM.fullmatch(raw.strip())
    if parts is None:
        return None
    try:
        bearer: Bearer | None = _check(Actor.system("token"), token=parts[1], secret=parts[2])
    except NotHere:
        return None
    return bearer


def person_of_scope(scope: Any) -> str | None:
    """The person whose token an ASGI request carries in `Authorization: Bearer`. Blocking."""
    given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"]
    kind, _space, raw = (given[0] if len(given) == 1 else "").partition(" ")
    bearer = person_of_token(raw) if kind.lower() == "bearer" else None
    return bearer.person_id if bearer else None


@gated("account.change", about=Token, writes=True)
def _check(actor: Actor, *, token: str, secret: str) -> Bearer | None:
    held = Token.objects.get(pk=token)
    if held.ended_at is not None or not hmac.compare_digest(bytes(held.digest), digest_of(secret)):
        return None
    person = Person.objects.here_by_id(held.owner_id)
    if person is None:
        return None
    today = clock.now().date()
    if held.used_on != today:
        Token.objects.filter(pk=token).update(used_on=today)
    return Bearer(held.owner_id, frozenset(held.scopes), person.time_zone)
