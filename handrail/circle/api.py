"""The circle and what each member sees, through the API."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from handrail.circle import actions, queries
from handrail.gate import Category
from handrail.gate.categories import EVERYTHING
from handrail.gate.circle import Member as Place
from handrail.people.api import CIRCLE, READ, PersonalToken, who_asks
from handrail.shell.api import Answer, Body, PathId

if TYPE_CHECKING:
    CategoryWord = str
else:
    CategoryWord = Literal[tuple(Category.values)]

router = Router(tags=["circle"])


class Member(Answer):
    """Somebody who stands around you. `rung` 1 is asked first when you call for help."""

    membership: str
    name: str
    role: str
    rung: int
    since: datetime
    off_until: datetime | None = Field(description="They rest until then: no call is put to them.")
    shares: list[str] = Field(description="The kinds that are ticked for them. While you pause them, these rest.")
    sees: list[str] = Field(description="Of these, what they see at this moment.")
    paused: bool


class Shares(Answer):
    """What one member sees, kind by kind. Notes are in no kind: `/notes/shown` lists those that you show."""

    membership: str
    name: str
    categories: list[str] = Field(description="The kinds that are ticked for them. While you pause them, these rest.")
    sees: list[str] = Field(description="Of these, what they see at this moment.")
    paused: bool = Field(description="A call for help may still reach them: then it is in `sees`.")


class NewShares(Body):
    categories: Annotated[
        list[CategoryWord],
        Field(
            max_length=len(EVERYTHING),
            description="All kinds that are ticked for them from now on. Empty: none. Notes that you show stay shown:"
            " each is stopped at `DELETE /notes/shown/{id}`.",
        ),
    ]


class CircleOf(Answer):
    """Somebody in whose circle you stand. A list of what they share would tell a quiet day from a share that ended."""

    owner: str
    name: str
    role: str
    gets_calls: bool = Field(description="If they call for help, you are told.")


@router.get("/circle", response=list[Member], auth=PersonalToken(READ), summary="Who stands around me?")
def read_circle(request: HttpRequest) -> list[Member]:
    """Everybody in your circle, in the order in which they are asked for help."""
    return [
        Member(
            membership=place.membership_id,
            name=place.name,
            role=place.role,
            rung=place.rung,
            since=place.since,
            off_until=place.off_until,
            shares=sorted(place.categories),
            sees=sorted(place.sees),
            paused=place.paused,
        )
        for place in _roster(request)
    ]


@router.get("/circles", response=list[CircleOf], auth=PersonalToken(READ), summary="Whose circles am I in?")
def list_circles(request: HttpRequest) -> list[CircleOf]:
    """Never shared and no longer shared look the same."""
    asking = who_asks(request)
    return [
        CircleOf(owner=each.owner_id, name=each.called, role=each.role, gets_calls=Category.HELP in each.categories)
        for each in queries.circles(asking.actor)
    ]


@router.get("/shares", response=list[Shares], auth=PersonalToken(READ), summary="Who sees what?")
def list_shares(request: HttpRequest) -> list[Shares]:
    """Each member of your circle with what is ticked for them, what they see of it now, and whether you pause them."""
    return [_shares(place) for place in _roster(request)]


@router.put("/shares/{id:membership}", response=Shares, auth=PersonalToken(CIRCLE), summary="Set what a member sees")
def set_shares(request: HttpRequest, membership: PathId, shares: NewShares) -> Shares:
    """Tick exactly these kinds for one member. They are not told. A pause goes on; notes that you show stay shown."""
    asking = who_asks(request)
    actions.change_shares(asking.actor, owner=asking.person_id, wanted={membership: shares.categories})
    return _shares(queries.member(asking.actor, owner=asking.person_id, membership=membership))


def _roster(request: HttpRequest) -> list[Place]:
    asking = who_asks(request)
    return queries.roster(asking.actor, owner=asking.person_id)


def _shares(place: Place) -> Shares:
    return Shares(
        membership=place.membership_id,
        name=place.name,
        categories=sorted(place.categories),
        sees=sorted(place.sees),
        paused=place.paused,
    )
