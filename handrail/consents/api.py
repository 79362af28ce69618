"""What was signed, what was given out, and taking something back, through the API. One signs on the page alone."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from handrail.consents import actions, queries
from handrail.people.api import CIRCLE, READ, PersonalToken, who_asks
from handrail.shell.api import WHOLE, Answer, PathId

router = Router(tags=["written consent"])


class Consent(Answer):
    """A page that you signed or may sign. `number` names exactly its text (SHA-256)."""

    id: str
    status: str
    version: int
    kind: str
    recipient: str
    things: list[str]
    purpose: str
    last_day: date | None
    signed_at: datetime | None
    ended_at: datetime | None
    text: str
    number: str


class Disclosure(Answer):
    """Something that was opened or given out under what you signed, or refused."""

    number: int
    at: datetime
    who: str
    recipient: str
    what: str
    items: int | None = Field(description="Of a copy: its lines. Else the answers and texts that were opened.")
    purpose: str
    how: str
    consent: str
    version: int | None
    refused: bool


@router.get("/consents", response=list[Consent], auth=PersonalToken(READ), summary="What did I sign?")
def list_consents(request: HttpRequest) -> list[Consent]:
    """Those in force first. Only you get them."""
    asking = who_asks(request)
    return [_consent(each) for each in queries.all_of(asking.actor, owner=asking.person_id)]


@router.get("/disclosures", response=list[Disclosure], auth=PersonalToken(READ), summary="What was given out?")
def list_disclosures(
    request: HttpRequest,
    before: Annotated[
        Annotated[int, Field(ge=1, le=2**53), WHOLE] | None, Query(description="Only numbers below this one.")
    ] = None,
) -> list[Disclosure]:
    """Of the last three years, newest first, at most 100 at once."""
    asking = who_asks(request)
    return [
        Disclosure(
            number=each.number, at=each.at, who=each.who, recipient=each.recipient, what=each.things,
            items=each.items, purpose=each.purpose, how=each.channel, consent=each.consent, version=each.version,
            refused=each.refused,
        )
        for each in queries.accounting(asking.actor, owner=asking.person_id, before=before)
    ]  # fmt: skip


@router.post("/consents/{id:consent}/end", response=Consent, auth=PersonalToken(CIRCLE), summary="Take it back")
def end_consent(request: HttpRequest, consent: PathId) -> Consent:
    """What is open under it closes at once. They are not told."""
    asking = who_asks(request)
    actions.end(asking.actor, consent=consent)
    return _consent(queries.one(asking.actor, consent=consent))


def _consent(found: queries.Seen) -> Consent:
    return Consent(
        id=found.id, status=found.status, version=found.version, kind=found.terms.kind,
        recipient=found.terms.recipient, things=list(found.terms.things), purpose=found.terms.purpose,
        last_day=found.terms.last_day, signed_at=found.signed_at, ended_at=found.ended_at, text=found.text,
        number=found.digest,
    )  # fmt: skip
