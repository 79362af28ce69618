"""Check-ins through the API: the same actions and queries as the pages."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from ninja.responses import Status
from pydantic import Field

from handrail.checkins import actions, queries
from handrail.checkins.answers import Craving, Mood, Sleep
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere
from handrail.notes.api import NewReaders, ShownNote
from handrail.notes.api import show as show_note
from handrail.people.api import CHECKINS, CIRCLE, READ, PersonalToken, who_asks
from handrail.shell.api import WHOLE, Answer, Body, Day, Moment, PathId, key_of_yours

PathDay = Annotated[Day, Path()]
LONGEST_SPAN = 366  # days
NOT_SENT: Any = None

Key = Annotated[str, key_of_yours(actions.LONGEST_KEY)]

router = Router(tags=["check-ins"])


def _scale(choices: Any) -> Any:
    """The bounds of a scale, with its words in the description: "1 rough, 2 low, ..."."""
    words = ", ".join(f"{choice.value} {choice.name.lower().replace('_', ' ')}" for choice in choices)
    return Field(ge=min(choices.values), le=max(choices.values), description=words)


MoodNumber = Annotated[int, _scale(Mood), WHOLE]
CravingNumber = Annotated[int, _scale(Craving), WHOLE]
SleepNumber = Annotated[int, _scale(Sleep), WHOLE]
MedicineWord = Literal["taken", "not_taken", "none"]
Note = Annotated[str, Field(max_length=actions.LONGEST_NOTE, description="Seen by nobody else, until you show it.")]


class CheckIn(Answer):
    id: str
    day: date
    at: datetime
    late: bool
    mood: int | None
    craving: int | None
    sleep: int | None
    medicine: str | None
    note: str | None
    may_change: bool
    hidden: bool


class NewCheckIn(Body):
    key: Key
    mood: MoodNumber
    craving: CravingNumber | None = None
    sleep: SleepNumber | None = None
    medicine: MedicineWord | None = None
    note: Note | None = None
    day: Day | None = Field(None, description="For an entry from memory: one of the last 7 days. Empty: today.")
    answered_at: Moment | None = Field(None, description="When it was answered, if there was no signal then.")


class CheckInChange(Body):
    """Only what is sent is changed; null clears an answer."""

    mood: MoodNumber = NOT_SENT
    craving: CravingNumber | None = None
    sleep: SleepNumber | None = None
    medicine: MedicineWord | None = None
    note: Note | None = None


@router.get("/checkins", response=list[CheckIn], auth=PersonalToken(READ), summary="List check-ins")
def list_checkins(
    request: HttpRequest,
    since: Annotated[Day | None, Query(description="First day. Empty: 30 days ago.")] = None,
    until: Annotated[Day | None, Query(description="Last day. Empty: today.")] = None,
) -> list[queries.CheckedIn]:
    """Your own check-ins about the days from `since` to `until`, newest first; at most 366 days at once."""
    asking = who_asks(request)
    last = until or clock.today(asking.zone)
    first = since or max(last, date.min + timedelta(days=30)) - timedelta(days=30)
    if not 0 <= (last - first).days < LONGEST_SPAN:
        raise Invalid(_("Ask for at most 366 days, the first day first."), field="since")
    return queries.of_days(asking.actor, owner=asking.person_id, zone=asking.zone, since=first, until=last)


@router.post("/checkins", response={201: CheckIn}, auth=PersonalToken(CHECKINS), summary="Save a check-in")
def record_checkin(request: HttpRequest, checkin: NewCheckIn) -> Status[queries.CheckedIn]:
    """Save how you are. Nobody is told; who may see it is what you share."""
    asking = who_asks(request)
    said = checkin.model_dump()
    return Status(201, actions.record_checkin(asking.actor, owner=asking.person_id, zone=asking.zone, **said))


@router.get("/checkins/{id:checkin}", response=CheckIn, auth=PersonalToken(READ), summary="Read a check-in")
def read_checkin(request: HttpRequest, checkin: PathId) -> queries.CheckedIn:
    asking = who_asks(request)
    return queries.one(asking.actor, checkin=checkin, zone=asking.zone)


@router.patch("/checkins/{id:checkin}", response=CheckIn, auth=PersonalToken(CHECKINS), summary="Change a check-in")
def change_checkin(request: HttpRequest, checkin: PathId, change: CheckInChange) -> queries.CheckedIn:
    """Add or change answers until midnight of its day."""
    asking = who_asks(request)
    said = change.model_dump(exclude_unset=True)
    return actions.change_checkin(asking.actor, checkin=checkin, zone=asking.zone, **said)


@router.delete("/checkins/{id:checkin}", response={204: None}, auth=PersonalToken(CHECKINS), summary="Take it back")
def undo_checkin(request: HttpRequest, checkin: PathId) -> HttpResponse:
    """Wipe every answer of a check-in, until midnight of its day. Doing it twice is fine."""
    asking = who_asks(request)
    actions.undo_checkin(asking.actor, checkin=checkin, zone=asking.zone)
    return HttpResponse(status=204)


@router.put("/days/{day}/hidden", response={204: None}, auth=PersonalToken(CHECKINS), summary="Hide a day")
def hide_day(request: HttpRequest, day: PathDay) -> HttpResponse:
    """To everybody in your circle it is a day without a check-in. Doing it twice is fine."""
    asking = who_asks(request)
    actions.hide_day(asking.actor, owner=asking.person_id, zone=asking.zone, day=day)
    return HttpResponse(status=204)


@router.delete("/days/{day}/hidden", response={204: None}, auth=PersonalToken(CHECKINS), summary="Show a day again")
def show_day(request: HttpRequest, day: PathDay) -> HttpResponse:
    """Back to what you share with each member."""
    asking = who_asks(request)
    actions.show_day(asking.actor, owner=asking.person_id, day=day)
    return HttpResponse(status=204)


@router.post(
    "/checkins/{id:checkin}/shown", response={201: list[ShownNote]}, auth=PersonalToken(CIRCLE), summary="Show its note"
)
def show_note_of_checkin(request: HttpRequest, checkin: PathId, readers: NewReaders) -> Status[list[ShownNote]]:
    """Let members read the note of this check-in. They are not told. Answers who can read it now."""
    asking = who_asks(request)
    found = queries.one(asking.actor, checkin=checkin, zone=asking.zone)
    if not found.note:
        raise NotHere
    source = queries.of_checkin(checkin)
    return Status(201, show_note(request, readers, source=source, day=found.day, words=found.note))


@router.post(
    "/days/{day}/shown", response={201: list[ShownNote]}, auth=PersonalToken(CIRCLE), summary="Show a hard day’s note"
)
def show_note_of_day(request: HttpRequest, day: PathDay, readers: NewReaders) -> Status[list[ShownNote]]:
    """Let members read what you wrote about this day of use. They are not told. 404 where nothing is written."""
    asking = who_asks(request)
    for one in queries.hard_days(asking.actor, owner=asking.person_id):
        if one.day == day and one.details:
            source = queries.of_hard_day(one.id)
            return Status(201, show_note(request, readers, source=source, day=day, words=one.details))
    raise NotHere
