"""Resting, leaving and coming back through the API. What somebody writes for themself stays on the page."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from handrail.gate import Actor
from handrail.people.api import CIRCLE, READ, Asking, PersonalToken, who_asks
from handrail.shell.api import Answer, Body, Id, Moment, PathId
from handrail.supporters import actions, queries

MOST_CIRCLES = 100

router = Router(tags=["standing beside somebody"])


class Rest(Answer):
    """Whether you rest from one person's calls. `last`: nobody else gets them now."""

    owner: str
    name: str
    off_until: datetime | None
    last: bool


class NewRest(Body):
    owners: Annotated[list[Id], Field(min_length=1, max_length=MOST_CIRCLES, description="From whose calls you rest.")]
    until: Annotated[Moment, Field(description="When you are back; in the next three months.")]
    although_last: list[Id] = Field(
        [], max_length=MOST_CIRCLES, description="Of whom you know that nobody else gets the calls."
    )


class LeftCircle(Answer):
    """A circle that you left and may come back to until then."""

    place: str
    name: str
    until: datetime


@router.get("/rest", response=list[Rest], auth=PersonalToken(READ), summary="Do I rest?")
def read_rest(request: HttpRequest) -> list[Rest]:
    """Every circle that you stand in."""
    return _rests(who_asks(request))


def _rests(asking: Asking) -> list[Rest]:
    """With fresh eyes: what the actor of this request knows may be from before the change."""
    eyes = Actor.person(asking.person_id, channel=asking.actor.channel)
    return [
        Rest(owner=each.owner_id, name=each.called, off_until=each.off_until, last=each.last)
        for each in queries.standing(eyes)
    ]


@router.put("/rest", response=list[Rest], auth=PersonalToken(CIRCLE), summary="Rest from calls")
def begin_rest(request: HttpRequest, rest: NewRest) -> list[Rest]:
    """No calls are put to you and no messages leave for you until then. They read that you rest; you say no reason.

    409 `last_on_call` where nobody else gets the calls and `although_last` does not say that you know.
    """
    asking = who_asks(request)
    actions.rest(asking.actor, owners=set(rest.owners), until=rest.until, although_last=rest.although_last)
    return _rests(asking)


@router.delete("/rest", response=list[Rest], auth=PersonalToken(CIRCLE), summary="Be back from a rest")
def end_rest(request: HttpRequest) -> list[Rest]:
    """Ends it in every circle. Doing it twice is fine."""
    asking = who_asks(request)
    resting = [each.owner_id for each in queries.standing(asking.actor) if each.off_until]
    actions.end_rest(asking.actor, owners=resting)
    return _rests(asking)


@router.post(
    "/circles/{id:owner}/leave", response=list[LeftCircle], auth=PersonalToken(CIRCLE), summary="Leave a circle"
)
def leave_circle(request: HttpRequest, owner: PathId) -> list[LeftCircle]:
    """You see nothing of theirs from now on. For 24 hours it can be undone."""
    asking = who_asks(request)
    actions.leave(asking.actor, owner=owner)
    return list_left(request)


@router.get("/circles/left", response=list[LeftCircle], auth=PersonalToken(READ), summary="What have I just left?")
def list_left(request: HttpRequest) -> list[LeftCircle]:
    """Circles that you can still come back to."""
    asking = who_asks(request)
    space = queries.space(asking.actor, owner=asking.person_id, zone=asking.zone)
    return [LeftCircle(place=each.place, name=each.called, until=each.until) for each in space.left]


@router.post("/circles/left/{id:place}/return", response={204: None}, auth=PersonalToken(CIRCLE), summary="Come back")
def come_back(request: HttpRequest, place: PathId) -> HttpResponse:
    """Everything is as it was. 409 once the day is over, or when they have shut the door."""
    asking = who_asks(request)
    actions.come_back(asking.actor, place=place)
    return HttpResponse(status=204)
