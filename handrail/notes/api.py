"""Notes that are shown to one member, through the API. A note is shown where it is kept: at its check-in or its day."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from handrail.circle import rules
from handrail.kernel import clock
from handrail.notes import actions, queries
from handrail.people.api import CIRCLE, READ, PersonalToken, who_asks
from handrail.shell.api import Answer, Body, Id, PathId

router = Router(tags=["notes"])


class ShownNote(Answer):
    """One note with one member. `live`: it is shown now; it rests while the place is paused (`resting`) or its day is
    hidden (`hidden`). `words` is empty once it was stopped.
    """

    id: str
    source: str = Field(description="Where it is kept: `checkin:` or `day:`, and an id.")
    day: date
    words: str
    membership: str
    name: str
    since: datetime
    until: datetime | None
    stopped_at: datetime | None
    live: bool
    resting: bool
    hidden: bool


class NewReaders(Body):
    """Who may read it, and until when: the end of today, of Sunday, of a week or a month. Null: until it is stopped."""

    memberships: list[Id] = Field(min_length=1, max_length=100)
    until: Literal["tonight", "sunday", "week", "month"] | None = None


@router.get("/notes/shown", response=list[ShownNote], auth=PersonalToken(READ), summary="Which notes do I show?")
def list_shown_notes(
    request: HttpRequest,
    membership: Annotated[Id | None, Query(description="Only those of this member.")] = None,
) -> list[ShownNote]:
    """Every note that you show or showed to one member: what is shown now first, then the newest first."""
    asking = who_asks(request)
    return _answers(queries.shown(asking.actor, owner=asking.person_id, membership=membership or ""))


@router.delete("/notes/shown/{id:shownnote}", response={204: None}, auth=PersonalToken(CIRCLE), summary="Stop showing")
def stop_showing_note(request: HttpRequest, shownnote: PathId) -> HttpResponse:
    """That member reads that note no more. They are not told. Doing it twice is fine."""
    actions.stop(who_asks(request).actor, shownnote=shownnote)
    return HttpResponse(status=204)


def show(request: HttpRequest, readers: NewReaders, *, source: str, day: date, words: str) -> list[ShownNote]:
    """For the rooms that keep notes: show one of theirs; answers everybody who can read it now."""
    asking = who_asks(request)
    actions.show(
        asking.actor,
        owner=asking.person_id,
        source=source,
        day=day,
        words=words,
        memberships=readers.memberships,
        until=rules.end_of(readers.until or "", clock.now(), asking.zone),
    )
    found = queries.shown(asking.actor, owner=asking.person_id, source=source)
    return _answers([each for each in found if each.live])


def _answers(found: list[queries.Shown]) -> list[ShownNote]:
    return [
        ShownNote(
            id=each.id,
            source=each.source,
            day=each.day,
            words=each.words,
            membership=each.membership_id,
            name=each.name,
            since=each.since,
            until=each.until,
            stopped_at=each.stopped_at,
            live=each.live,
            resting=each.resting,
            hidden=each.hidden,
        )
        for each in found
    ]
