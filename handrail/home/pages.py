"""Today: the first screen of whoever is in recovery. It puts together what the rooms below know."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from handrail.agreements import queries as agreements
from handrail.care import queries as care
from handrail.checkins import pages as checkin_pages
from handrail.checkins import queries as checkins
from handrail.checkins import rules, said
from handrail.checkins.forms import CheckInForm
from handrail.circle import pages as circle_pages
from handrail.circle import queries as circle
from handrail.consents import queries as consents
from handrail.gate import Actor, Request, gated, open_to
from handrail.gate.circle import Known
from handrail.kernel import clock
from handrail.kindness import queries as kindness
from handrail.people import actions as accounts
from handrail.people import queries as people
from handrail.people.locking import Asked
from handrail.people.pages import me as account_pages

RING = 390  # length of the ring's line, in the units of its drawing


@open_to("signed-in")
@require_safe
def today(request: Asked) -> HttpResponse:
    actor, me = request.actor, request.actor.me
    zone = timezone.get_current_timezone_name()
    found = checkins.today(actor, owner=me, zone=zone)
    members = circle.roster(actor, owner=me)
    known = {member.membership_id: Known(member.name, member.role) for member in members}
    context = {
        "tab": "today",
        "zone": zone,
        "greeting": _greeting(_name(actor, owner=me, person=request.user)),
        "own_words": people.own_words(actor, owner=me),
        "coming_up": [*care.coming_up(actor, owner=me), *consents.coming_up(actor, owner=me)],
        "new_staff": [member for member in members if member.new_staff],
        "waiting": agreements.waiting_for_owner(actor, owner=me, known=known),
        **circle_pages.resting(request, members),
        "kind": kindness.with_names(kindness.unread(actor, owner=me), known)[:2],
        "today": found,
        "week": checkin_pages.week_picture(found.week),
        "newcomers": account_pages.newcomers(request),
        "also_here": account_pages.also_here(request),
        **_days(_without_numbers(found.days) if request.discreet.days_hidden else found.days, members),
        **_checkin(request, found, members),
    }
    return render(request, "home/today.html", context)


@open_to("signed-in")
@require_POST
def travel(request: Request) -> HttpResponse:
    """The phone is in another time zone, and the person wants their day to end where they are."""
    me, zone = request.actor.me, request.POST.get("time_zone", "")
    if zone in available_timezones():
        country = people.profile(request.actor, owner=me).country
        accounts.change_place(request.actor, owner=me, time_zone=zone, country=country)
    return redirect("today")


@gated("account.read")
def _name(actor: Actor, *, owner: str, person: Any) -> str:
    """From the account that the session has read already: no query for it."""
    return str(person.name)


def _greeting(name: str) -> str:
    hour = timezone.localtime(clock.now()).hour
    return str(said.GREETINGS[rules.greeting(hour)]) % {"name": name}


def _without_numbers(days: checkins.Days) -> checkins.Days:
    """For somebody who does not want a count on their screen. We go on counting."""
    return replace(days, in_recovery=None, since_use=None, next_mark=None, mark_reached=None, asked=True)


def _days(days: checkins.Days, members: list[circle.Member]) -> dict[str, Any]:
    """The dawn: two counts, the mark ahead, and how far the ring has closed."""
    arc = round(days.share_of_mark * RING)
    return {
        "days": days,
        "mark": said.mark(days.next_mark) if days.next_mark else "",
        "mark_reached": said.mark(days.mark_reached) if days.mark_reached else "",
        "arc": f"{arc} {RING}",
        "since_use": None if days.since_use_hidden else days.since_use,
        "since_use_seen": said.who_sees_days_since_use(members, days.last_use_told),
    }


def _checkin(request: Request, found: checkins.Today, members: list[circle.Member]) -> dict[str, Any]:
    """The form, or in its place the check-in that was made today."""
    if found.checkin:
        just_now = "saved" in request.GET
        return checkin_pages.saved_context(found.checkin, members, just_now=just_now)
    yesterday = found.days.today - timedelta(days=1)
    return {
        "form": CheckInForm(),
        "who_sees": checkin_pages.who_sees(request, members, found.days.today)
        if found.days.hides
        else said.who_sees(members),
        "quiet_since": yesterday if found.quiet_days else None,
    }
