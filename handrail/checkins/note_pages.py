"""Showing what was written on one day to somebody: the page is that of `notes/`, the words are ours."""

from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from handrail.checkins import queries
from handrail.gate import Request, open_to
from handrail.kernel.errors import NotHere
from handrail.notes.pages import Note, show_note


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def show_checkin(request: Request, checkin: str) -> HttpResponse:
    found = queries.one(request.actor, checkin=checkin, zone=timezone.get_current_timezone_name())
    if not found.note:
        raise NotHere
    back = f"{reverse('trends-table')}?until={found.day.isoformat()}"
    return show_note(request, Note(queries.of_checkin(checkin), found.day, found.note, back))


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def show_day(request: Request, day: date) -> HttpResponse:
    for one in queries.hard_days(request.actor, owner=request.actor.me):
        if one.day == day and one.details:
            note = Note(queries.of_hard_day(one.id), day, one.details, reverse("day", args=[day]))
            return show_note(request, note)
    raise NotHere
