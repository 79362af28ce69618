"""Pages of those who stand around somebody, and the person's own look through their eyes."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone_name
from django.views.decorators.http import require_safe

from handrail.agreements import queries as agreements
from handrail.circle import queries as circle
from handrail.gate import Request, open_to
from handrail.gate.categories import SIGNED_FOR
from handrail.home import seen
from handrail.supporters import queries as supporters
from handrail.supporters.forms import WeekForm


@open_to("signed-in")
@require_safe
def s_today(request: Request) -> HttpResponse:
    template = "home/s_today.html#live" if request.headers.get("HX-Request") else "home/s_today.html"
    cards = seen.cards(request.actor)
    waiting = agreements.waiting_for_member(request.actor, owners=[card.owner_id for card in cards]) if cards else []
    mine = supporters.space(request.actor, owner=request.actor.me, zone=get_current_timezone_name())
    by_profession = bool(cards) and all(card.role in SIGNED_FOR for card in cards)  # family's words are not for them
    context = {
        "tab": "s-today",
        "cards": cards,
        "waiting": waiting,
        "space": mine,
        "form": WeekForm() if cards and mine.asks_now and not by_profession else None,
        "rests": [card for card in cards if card.off_until],
        "by_profession": by_profession,
    }
    return render(request, template, context)


@open_to("signed-in")
@require_safe
def s_person(request: Request, owner: str) -> HttpResponse:
    right = request.actor.right_to(owner)
    if right and right.as_staff:  # they come for a program, and have their own page for that
        return redirect("c-person", owner=owner)
    found = seen.person(request.actor, owner=owner)
    template = "home/s_person.html#live" if request.headers.get("HX-Request") else "home/s_person.html"
    return render(request, template, {"tab": "s-today", "page": found, "card": found.card})


@open_to("signed-in")
@require_safe
def member_see(request: Request, membership: str) -> HttpResponse:
    """The very page that this member would get, drawn with their rights: it cannot say anything else than theirs."""
    me = request.actor.me
    member = circle.member(request.actor, owner=me, membership=membership)
    found = seen.person(circle.seen_by(request.actor, owner=me, membership=membership), owner=me)
    context = {"tab": "people", "page": found, "card": found.card, "previewed": member}
    return render(request, "home/s_preview.html", context)
