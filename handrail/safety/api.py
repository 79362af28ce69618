"""Calls for help through the API: making one, following it, ending it, and answering somebody else's.

Not a way to reach emergency services, and no promise that anybody reads: `stands` says only what is known.
"""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from handrail.kernel.errors import NotHere
from handrail.people.api import CALLS, READ, PersonalToken, who_asks
from handrail.safety import actions, queries
from handrail.shell.api import Answer, Body, Id, PathId, key_of_yours

Words = Annotated[str, Field(max_length=actions.LONGEST_WORDS)]
Place = Annotated[str, Field(max_length=actions.LONGEST_WORDS, description="Seen by those with whom it is shared.")]

Key = Annotated[str, key_of_yours(22)]

router = Router(tags=["calls for help"])


class AskedPerson(Answer):
    """Where they stand: the words of `safety.queries.AskedPerson`."""

    name: str
    membership: str
    stands: str
    since: datetime


class Call(Answer):
    """`nobody_answered`: everybody was asked and nobody has said yes yet. `nobody_left`: there is nobody to ask again.
    `next_at`: when somebody is asked next, `everybody_next`: then all are asked again, and not who comes next.
    """

    id: str
    state: str
    ending: str
    made_at: datetime
    ended_at: datetime | None
    words: str
    place: str
    asked: list[AskedPerson]
    answered_by: str
    nobody_answered: bool
    nobody_left: bool
    seen: bool
    next_at: datetime | None
    everybody_next: bool


class NewCall(Body):
    key: Key
    words: Words = Field("", description="Empty: the words that the page would send.")
    place: Place = ""
    asking: list[Id] | None = Field(
        None, max_length=100, description="Memberships to ask. Null: everybody who may get your calls."
    )


class Ending(Body):
    ending: Literal["okay", "mistake"]


class OpenAlert(Answer):
    owner: str
    call: str


class Alert(Answer):
    """A call of somebody else, as you may see it."""

    id: str
    owner_id: str
    called: str
    state: str
    ending: str
    made_at: datetime
    words: str
    place: str
    my_answer: str
    taken_by: str
    taken_by_me: bool


class MyAnswer(Body):
    answer: Literal["yes", "cannot", "unreached"]


@router.post("/calls", response={201: Call}, auth=PersonalToken(CALLS), summary="Call for help")
def make_call(request: HttpRequest, call: NewCall) -> Status[queries.CallStatus]:
    """Ask your people for help. While a call is going on, this answers that call and makes no second one."""
    asking = who_asks(request)
    made = actions.make_call(asking.actor, owner=asking.person_id, **call.model_dump())
    return Status(201, queries.status(asking.actor, call=made))


@router.get("/calls/open", response=Call, auth=PersonalToken(READ), summary="The call that is going on")
def read_open_call(request: HttpRequest) -> queries.CallStatus:
    """404 while you have no call open."""
    asking = who_asks(request)
    found = queries.open_call(asking.actor, owner=asking.person_id)
    if found is None:
        raise NotHere
    return queries.status(asking.actor, call=found)


@router.get("/calls/{id:call}", response=Call, auth=PersonalToken(READ), summary="Read a call")
def read_call(request: HttpRequest, call: PathId) -> queries.CallStatus:
    asking = who_asks(request)
    return queries.status(asking.actor, call=call)


@router.post("/calls/{id:call}/end", response=Call, auth=PersonalToken(CALLS), summary="End a call")
def end_call(request: HttpRequest, call: PathId, ending: Ending) -> queries.CallStatus:
    """Say that you are okay, or that it was sent by mistake. Everybody who was asked is told, in calm words."""
    asking = who_asks(request)
    actions.end_call(asking.actor, call=call, ending=ending.ending)
    return queries.status(asking.actor, call=call)


@router.get("/alerts", response=list[OpenAlert], auth=PersonalToken(READ), summary="Who is calling me?")
def list_alerts(request: HttpRequest) -> list[OpenAlert]:
    """Calls that you were asked in and that are still going on."""
    asking = who_asks(request)
    return [OpenAlert(owner=owner, call=call) for owner, call in queries.open_alerts(asking.actor).items()]


@router.post("/alerts/{id:call}/seen", response=Alert, auth=PersonalToken(CALLS), summary="Open an alert")
def open_alert(request: HttpRequest, call: PathId) -> queries.Alert:
    """Read a call that you were asked in. The person is shown that you opened it, so only ask for it when you have."""
    asking = who_asks(request)
    return actions.open_alert(asking.actor, call=call)


@router.post("/alerts/{id:call}/answer", response=Alert, auth=PersonalToken(CALLS), summary="Answer an alert")
def answer_alert(request: HttpRequest, call: PathId, answer: MyAnswer) -> queries.Alert:
    """`yes`: you will call now. `cannot`: passed on, without blame. `unreached`: you tried, with or without a yes
    before; passed on too. Passed on means that whoever else can be asked is asked: there may be nobody."""
    asking = who_asks(request)
    actions.answer_call(asking.actor, call=call, answer=answer.answer)
    return actions.open_alert(asking.actor, call=call)
