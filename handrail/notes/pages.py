"""The page on which one note is shown to somebody, and the list of all that are."""

import re
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from handrail.circle import queries as circle
from handrail.circle import rules
from handrail.gate import Request, open_to
from handrail.kernel import clock
from handrail.kernel.errors import Invalid
from handrail.notes import actions, queries
from handrail.notes.forms import ShowForm

OF_OURS = re.compile(r"/(people/\w+/notes|people/notes|checkin/\w+/show|d/[\d-]{10}/show)")


@dataclass(frozen=True, slots=True)
class Note:
    """A note as the room that keeps it hands it over. `back`: its own page."""

    source: str
    day: date
    words: str
    back: str


def show_note(request: Request, note: Note) -> HttpResponse:
    """Choose who may read it; see who can, and stop."""
    me = request.actor.me
    shown = [each for each in queries.shown(request.actor, owner=me, source=note.source) if each.live]
    readers = {each.membership_id for each in shown}
    members = circle.roster(request.actor, owner=me)
    others = [each for each in members if each.membership_id not in readers and queries.can_be_shown(each)]
    form = ShowForm(request.POST if request.method == "POST" else None, members=others)
    if request.method == "POST" and form.is_valid() and _shown(request, note, form):
        names = [each.name for each in others if each.membership_id in form.cleaned_data["members"]]
        hidden = any(each.hidden for each in queries.shown(request.actor, owner=me, source=note.source))
        text = _("Done. %(name)s can read this note. They are not told.")
        later = _("Done. %(name)s can read this note once you show the day again. They are not told.")
        for name in names:
            messages.success(request, (later if hidden else text) % {"name": name})
        return redirect(request.path)
    context = {"tab": "today", "note": note, "shown": shown, "others": others, "form": form, "members": members}
    return render(request, "notes/show.html", context, status=422 if form.errors else 200)


def _shown(request: Request, note: Note, form: ShowForm) -> bool:
    until = rules.end_of(form.cleaned_data["until"], clock.now(), get_current_timezone_name())
    try:
        actions.show(
            request.actor,
            owner=request.actor.me,
            source=note.source,
            day=note.day,
            words=note.words,
            memberships=form.cleaned_data["members"],
            until=until,
        )
    except Invalid as why:
        form.add_error(why.field, str(why.message))
        return False
    return True


@open_to("signed-in")
@require_safe
def shown(request: Request, membership: str = "") -> HttpResponse:
    """All notes that are or were shown: to everybody, or to one member."""
    me = request.actor.me
    member = circle.member(request.actor, owner=me, membership=membership) if membership else None
    found = queries.shown(request.actor, owner=me, membership=membership)
    context = {
        "tab": "people",
        "member": member,
        "live": [each for each in found if each.live],
        "past": [each for each in found if not each.live],
    }
    return render(request, "notes/shown.html", context)


@open_to("signed-in")
@require_POST
def stop(request: Request, shownnote: str) -> HttpResponse:
    actions.stop(request.actor, shownnote=shownnote)
    messages.success(request, _("Stopped. It cannot be read there any more. They are not told."))
    back = request.POST.get("back", "")
    return redirect(back if OF_OURS.fullmatch(back) else "notes-shown")
