from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.checkins import queries as checkins
from handrail.circle import queries as circle
from handrail.gate import Category, Request, open_to
from handrail.kernel.errors import NotHere, TooOften
from handrail.kindness import actions, queries, said
from handrail.kindness.forms import NoteForm
from handrail.shell.forms import given


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: Request, owner: str) -> HttpResponse:
    """A member writes a few kind words."""
    stands, right = circle.circle_of(request.actor, owner=owner), request.actor.right_to(owner)
    if right is None or right.as_staff:
        raise NotHere
    form = NoteForm(given(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.send(request.actor, owner=owner, words=form.cleaned_data["words"])
        except TooOften as enough:
            form.add_error(None, str(enough))
        else:
            messages.success(request, _("It is there when %(name)s opens Handrail.") % {"name": stands.called})
            return redirect("s-person", owner=owner)
    days = checkins.days_for_member(request.actor, owner=owner) if Category.DAYS in stands.categories else None
    suggestions = [*([said.for_days(days.in_recovery)] if days and days.in_recovery else []), *said.SUGGESTIONS]
    context = {"tab": "s-today", "form": form, "stands": stands, "suggestions": suggestions}
    return render(request, "kindness/send.html", context, status=422 if form.errors else 200)


@open_to("signed-in")
@require_safe
def kind_notes(request: Request) -> HttpResponse:
    """Everything kind that came, and what is kept aside."""
    me = request.actor.me
    found = queries.notes(request.actor, owner=me)
    context = {
        "tab": "people",
        "notes": [each for each in found if not each.note.aside],
        "aside": [each for each in found if each.note.aside],
        "members": circle.roster(request.actor, owner=me),
        "none_from": queries.wants_none_from(request.actor, owner=me),
    }
    return render(request, "kindness/notes.html", context)


@open_to("signed-in")
@require_POST
def kind_note_done(request: Request, kindnote: str) -> HttpResponse:
    if request.POST.get("do") == "remove":
        actions.remove(request.actor, kindnote=kindnote)
    else:
        actions.put_away(request.actor, kindnote=kindnote)
    return redirect("today" if request.POST.get("back") == "today" else "kind-notes")


@open_to("signed-in")
@require_POST
def kind_notes_from(request: Request, membership: str) -> HttpResponse:
    """Notes from one member: keep them aside from now on, or show them again."""
    change = actions.want_again if request.POST.get("do") == "again" else actions.want_none
    change(request.actor, owner=request.actor.me, membership=membership)
    return redirect(reverse("kind-notes") + "#aside")
