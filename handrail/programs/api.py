"""Programs, and whom a program stands beside, through the API."""

from typing import TYPE_CHECKING, Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from handrail.gate import Actor, Category
from handrail.gate.categories import FOR_PEOPLE
from handrail.people.api import CIRCLE, READ, PersonalToken, who_asks
from handrail.programs import actions, queries
from handrail.shell.api import Answer, Body, PathId

if TYPE_CHECKING:
    Shareable = str
else:
    Shareable = Literal[tuple(word for word in Category.values if word not in FOR_PEOPLE)]

router = Router(tags=["programs"])


class Program(Answer):
    """An organisation of this install that you can add to your circle."""

    id: str
    name: str
    kind: str
    about: str


class Worker(Answer):
    """Somebody who works there now and sees what is shared with the program."""

    name: str
    role: str


class ProgramWithStaff(Program):
    staff: list[Worker]


class NewPlace(Body):
    called: Annotated[str, Field(min_length=1, max_length=60, description="The name that they know you by.")]


class Place(Answer):
    membership: str


class Desk(Answer):
    """A program where you work. `keeper`: you name its staff."""

    program: str
    name: str
    keeper: bool


class Beside(Answer):
    """Somebody whom the program stands beside, and what they share with it now."""

    owner: str
    name: str
    categories: list[str]


class BesidePage(Answer):
    """Up to fifty people, the newest first. `after`: give it back to go on; null on the last page."""

    people: list[Beside]
    after: str | None


@router.get("/programs", response=list[Program], auth=PersonalToken(READ), summary="Which programs are here?")
def list_programs(request: HttpRequest) -> list[Program]:
    return [Program(id=p.id, name=p.name, kind=p.kind, about=p.about) for p in queries.open_programs(_actor(request))]


@router.get("/programs/{id:program}", response=ProgramWithStaff, auth=PersonalToken(READ), summary="Who works there?")
def read_program(request: HttpRequest, program: PathId) -> ProgramWithStaff:
    found = queries.program(_actor(request), program=program)
    staff = queries.staff_of(_actor(request), program=program)
    return ProgramWithStaff(
        id=found.id,
        name=found.name,
        kind=found.kind,
        about=found.about,
        staff=[Worker(name=each.name, role=each.role) for each in staff],
    )


@router.post("/programs/{id:program}/place", response={201: Place}, auth=PersonalToken(CIRCLE), summary="Add a program")
def add_program(request: HttpRequest, program: PathId, place: NewPlace) -> Status[Place]:
    """Put it into your circle. It sees nothing before you share something, also where it stood there before."""
    asking = who_asks(request)
    made = actions.add_program(asking.actor, owner=asking.person_id, program=program, called=place.called)
    return Status(201, Place(membership=made))


@router.get("/desks", response=list[Desk], auth=PersonalToken(READ), summary="Where do I work?")
def list_desks(request: HttpRequest) -> list[Desk]:
    return [Desk(program=d.program_id, name=d.program, keeper=d.keeper) for d in queries.desks(_actor(request))]


@router.get(
    "/programs/{id:program}/people",
    response=BesidePage,
    auth=PersonalToken(READ),
    summary="Whom does my program stand beside?",
)
def list_beside(
    request: HttpRequest,
    program: PathId,
    shares: Annotated[Shareable | None, Query(description="Only those who share this now.")] = None,
    after: Annotated[str, Query(max_length=60, description="Where the page before ended.")] = "",
) -> BesidePage:
    """For those who work there. It opens names and nothing else."""
    category = Category(shares) if shares else None
    found = queries.whom(_actor(request), program=program, category=category, after=after)
    people = [
        Beside(owner=each.owner_id, name=each.called, categories=sorted(each.categories)) for each in found.people
    ]
    return BesidePage(people=people, after=found.after or None)


def _actor(request: HttpRequest) -> Actor:
    asking = who_asks(request)
    return asking.actor
