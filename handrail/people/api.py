"""Who asks through the API: a personal token with scopes. And who that is."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router
from ninja.security import HttpBearer

from handrail.gate import Actor
from handrail.kernel.errors import HandrailError, SignInNeeded
from handrail.people import limits, queries, tokens
from handrail.shell.api import Answer

BY_TOKEN = limits.Limit("api", 3600)  # an hour
READ, CHECKINS, CALLS, CIRCLE = "read", "checkins", "calls", "circle"


class OutOfScope(HandrailError):
    """The token is good, but was not made for this."""

    status = 403
    code = "out_of_scope"
    message = _("This token was not made for that. You can make another one in Me.")


@dataclass(frozen=True, slots=True)
class Asking:
    """What a route knows of who asks."""

    actor: Actor
    person_id: str
    scopes: frozenset[str]
    zone: str  # an IANA name


def who_asks(request: HttpRequest) -> Asking:
    """In a route: what `PersonalToken` answered, which django-ninja keeps on the request."""
    found: Asking = request.auth  # type: ignore[attr-defined]
    return found


class PersonalToken(HttpBearer):
    """`Authorization: Bearer hr_...` of a live token that holds `scope`. A cookie is never looked at."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Asking:
        bearer = tokens.person_of_token(token)
        if bearer is None:
            raise SignInNeeded(_("This token is not known, or it has been ended."))
        limits.spend((BY_TOKEN, token))
        if self.scope not in bearer.scopes:
            raise OutOfScope
        actor = Actor.person(bearer.person_id, channel="api")
        request.actor = actor  # type: ignore[attr-defined]  # ninja hands over a plain request
        return Asking(actor, bearer.person_id, bearer.scopes, bearer.time_zone)


router = Router(tags=["me"])


class Me(Answer):
    id: str
    name: str
    time_zone: str
    country: str
    language: str
    joined_on: date
    scopes: list[str]


@router.get("/me", response=Me, auth=PersonalToken(READ), summary="Who am I?")
def me(request: HttpRequest) -> Me:
    """Whose token this is, and what it may do."""
    asking = who_asks(request)
    found = queries.profile(asking.actor, owner=asking.person_id)
    return Me(
        id=found.person_id,
        name=found.name,
        time_zone=found.time_zone,
        country=found.country,
        language=found.language,
        joined_on=found.joined_on,
        scopes=sorted(asking.scopes),
    )
