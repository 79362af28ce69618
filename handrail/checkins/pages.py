from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.checkins import actions, charts, hidden, queries, rules, said
from handrail.checkins.answers import Craving, Mood, Need, Sleep, UseKind
from handrail.checkins.forms import CheckInForm, HardDayForm, StartForm
from handrail.circle import queries as circle
from handrail.gate import Request, open_to
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere
from handrail.notes import queries as notes
from handrail.shell.forms import given

SPANS = (7, 30, 90)  # days
LISTED = 30  # days on one page of the list
CRAVINGS = charts.Scale(Craving.choices, from_zero=True)
MOODS = charts.Scale(Mood.choices)
SLEEPS = charts.Scale(Sleep.choices)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its finding as a headline. `empty`: there is nothing to draw. `harder`: cravings are rising."""

    id: str
    what: str
    headline: str
    svg: SafeString
    empty: bool
    harder: bool = False


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def checkin(request: Request) -> HttpResponse:
    """Another check-in, and where every check-in form of the person's own day sends its answers."""
    if request.method != "POST":
        return _checkin_form(request, CheckInForm())
    form = CheckInForm(request.POST)
    if not form.is_valid():
        return _checkin_form(request, form)
    saved = actions.record_checkin(
        request.actor,
        owner=request.actor.me,
        zone=_zone(),
        key=form.cleaned_data["key"],
        answered_at=form.cleaned_data["answered_at"],
        **form.answers(),
    )
    if request.headers.get("HX-Request"):
        return _saved(request, saved)
    return redirect(f"{reverse('today')}?saved=1")


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def checkin_late(request: Request, day: date) -> HttpResponse:
    """A day that went by without a check-in, from memory."""
    today = clock.today(_zone())
    if not rules.may_add_for(day, today):
        raise NotHere
    if day == today:
        return redirect("checkin")
    form = CheckInForm(given(request))
    form.ask_about_that_day()
    if request.method == "POST" and form.is_valid():
        me, key = request.actor.me, form.cleaned_data["key"]
        actions.record_checkin(request.actor, owner=me, zone=_zone(), key=key, day=day, **form.answers())
        messages.success(request, _("Saved. It is marked as added later."))
        return redirect("trends-table")
    return _page(request, "checkins/late.html", form=form, day=day, who_sees=_who_sees(request, day))


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def checkin_change(request: Request, checkin: str) -> HttpResponse:
    """Add sleep, medicine or a note, or change what was said, until midnight."""
    was = queries.one(request.actor, checkin=checkin, zone=_zone())
    initial = {name: getattr(was, name) for name in ("mood", "craving", "sleep", "medicine", "note")}
    form = CheckInForm(given(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_checkin(request.actor, checkin=checkin, zone=_zone(), **form.answers())
        return redirect("today")
    return _page(request, "checkins/change.html", form=form, checkin=was, who_sees=_who_sees(request, was.day))


@open_to("signed-in")
@require_POST
def checkin_undo(request: Request, checkin: str) -> HttpResponse:
    actions.undo_checkin(request.actor, checkin=checkin, zone=_zone())
    if not request.headers.get("HX-Request"):
        messages.success(request, _("Taken back. Nobody sees it any more."))
        return redirect("today")
    today = queries.today(request.actor, owner=request.actor.me, zone=_zone())
    context = {"week": week_picture(today.week), "taken_back": True, "swapped": True}
    if today.checkin:  # an earlier one of today stands again
        return render(
            request, "checkins/checkin.html#swapped", {**context, **saved_context(today.checkin, _members(request))}
        )
    form = CheckInForm()
    context.update(form=form, who_sees=_who_sees(request, clock.today(_zone())))
    return render(request, "checkins/checkin.html#swapped", context)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def hard_day(request: Request, day: date) -> HttpResponse:
    """A day of use: one short page. The day in the address is only where it starts; the form says which day it was."""
    me, today = request.actor.me, clock.today(_zone())
    if not rules.in_living_memory(day, today):
        raise NotHere
    written = {one.day: one for one in queries.hard_days(request.actor, owner=me)}
    was = written.get(day)
    members = _members(request)
    form = HardDayForm(
        given(request),
        members=members,
        today=today,
        taken=written.keys() - {day},
        initial=_hard_day_so_far(day, was, members),
    )
    if request.method == "POST" and form.is_valid():
        kept = _keep_hard_day(request, form, was)
        return redirect("day-noted", day=kept.day)
    is_hidden = day in hidden.hidden_days(request.actor, owner=me)
    return _page(request, "checkins/hard_day.html", form=form, was=was, day=day, hidden=is_hidden)


@open_to("signed-in")
@require_safe
def hard_day_noted(request: Request, day: date) -> HttpResponse:
    """After a hard day was written down: what still counts, what is more dangerous now, and who knows."""
    me = request.actor.me
    noted = next((one for one in queries.hard_days(request.actor, owner=me) if one.day == day), None)
    if noted is None:
        return redirect("day", day=day)
    context = {
        "tab": "today",
        "noted": noted,
        "used": noted.kind == UseKind.USED,
        "days": queries.days(request.actor, owner=me, zone=_zone()).in_recovery,
        "told": _("You hid this day. Nobody has been told.")
        if noted.hidden
        else said.who_is_told(_members(request), noted.told),
        "wants_talk": noted.need == Need.TALK,
    }
    return render(request, "checkins/hard_day_noted.html", context)


@open_to("signed-in")
@require_POST
def hard_day_delete(request: Request, day: date) -> HttpResponse:
    for one in queries.hard_days(request.actor, owner=request.actor.me):
        if one.day == day:
            actions.delete_use_day(request.actor, useday=one.id)
    messages.success(request, _("Deleted. Nothing of it is left here, and nobody sees it any more."))
    return redirect("today")


@open_to("signed-in")
@require_POST
def day_hide(request: Request, day: date) -> HttpResponse:
    """One tap hides a day from every member, another one shows it again. Back to the page with the button."""
    me = request.actor.me
    if request.POST.get("do") == "show":
        actions.show_day(request.actor, owner=me, day=day)
        messages.success(request, _("Your people see that day again, as you share it."))
    else:
        actions.hide_day(request.actor, owner=me, zone=_zone(), day=day)
        messages.success(request, _("Hidden. To your people it looks like a day without a check-in."))
    if request.POST.get("back") == "list":
        until = request.POST.get("until", "")
        same = f"?{urlencode({'until': until})}" if until else ""
        return redirect(f"{reverse('trends-table')}{same}#day-{day}")
    return redirect("day", day=day) if request.POST.get("back") == "day" else redirect("today")


@open_to("signed-in")
@require_safe
def trends(request: Request) -> HttpResponse:
    days = _span_asked(request)
    span = queries.history(request.actor, owner=request.actor.me, zone=_zone(), days=days)
    headlines = said.OF_THE_WEEK if days == rules.WEEK else said.OF_A_TIME
    pictures = [_cravings(span, str(headlines[span.finding])), _moods(span), _sleeps(span)]
    context = {"tab": "today", "span": span, "pictures": pictures, "days": days, "spans": SPANS}
    return render(request, "checkins/trends.html", context)


@open_to("signed-in")
@require_safe
def trends_table(request: Request) -> HttpResponse:
    """The same days in words, a month at a time."""
    me, today = request.actor.me, clock.today(_zone())
    newest = today + timedelta(days=1)  # a day begun further east may be ahead of here
    until = _day_asked(request, newest)
    since = until - timedelta(days=LISTED - 1)
    earliest = queries.earliest_day(request.actor, owner=me)
    context = {
        "tab": "today",
        "since": since,
        "until": min(until, today),
        "shown_until": until if until < newest else None,
        "earlier": since - timedelta(days=1) if earliest and earliest < since else None,
        "later": min(until + timedelta(days=LISTED), newest) if until < newest else None,
        "rows": _with_readers(
            queries.of_days(request.actor, owner=me, zone=_zone(), since=since, until=until),
            notes.readers(request.actor, owner=me),
        ),
        "hard_days": [one for one in queries.hard_days(request.actor, owner=me) if since <= one.day <= until],
        "late_days": [today - timedelta(days=back) for back in range(1, rules.LATE_DAYS + 1)],
    }
    return render(request, "checkins/trends_table.html", context)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def start_day(request: Request) -> HttpResponse:
    """Choose what is counted: the start of recovery, and whether the second number is shown."""
    me = request.actor.me
    days = queries.days(request.actor, owner=me, zone=_zone())
    initial = {"began": days.began, "since_use_hidden": days.since_use_hidden}
    form = StartForm(given(request), initial=initial)
    if request.method == "POST" and form.is_valid() and _keep_start(request, form):
        messages.success(request, _("Saved."))
        return redirect("today")
    return _page(request, "checkins/start_day.html", form=form)


def saved_context(
    saved: queries.CheckedIn, members: Sequence[circle.Member], *, just_now: bool = False
) -> dict[str, Any]:
    """What the card that stands in the place of the form needs. Home shows the same card on Today."""
    return {
        "saved": saved,
        "saved_seen": said.who_sees_saved(members, saved)
        if not saved.hidden
        else _("You hid this day. Only you see it."),
        "just_now": just_now,
        "company": just_now and saved.calls_for_company,
    }


def who_sees(request: Request, members: Sequence[circle.Member], day: date) -> str:
    """The line under the form for a day: a hidden one is seen by nobody, whatever is shared."""
    if day in hidden.hidden_days(request.actor, owner=request.actor.me):
        return _("You hid this day. Only you see it.")
    return said.who_sees(members)


def week_picture(week: queries.Span) -> Picture:
    """Seven days of cravings, today last."""
    return _cravings(week, str(said.OF_THE_WEEK[week.finding]))


def _saved(request: Request, saved: queries.CheckedIn) -> HttpResponse:
    week = queries.week(request.actor, owner=request.actor.me, zone=_zone())
    if saved.undone:  # sent again by a phone after it was taken back: it stays taken back
        context = {"form": CheckInForm(), "who_sees": _who_sees(request, clock.today(_zone()))}
    else:
        context = saved_context(saved, _members(request), just_now=True)
    context.update(week=week_picture(week), swapped=True)
    return render(request, "checkins/checkin.html#swapped", context)


def _checkin_form(request: Request, form: CheckInForm) -> HttpResponse:
    fragment = request.headers.get("HX-Request")
    template = "checkins/checkin.html#form" if fragment else "checkins/checkin.html"
    return _page(request, template, form=form, who_sees=_who_sees(request, clock.today(_zone())))


def _page(request: Request, template: str, **context: Any) -> HttpResponse:
    """A page with a form: 422 when what was sent could not be taken, with everything that was typed still in it."""
    return render(request, template, {"tab": "today", **context}, status=422 if context["form"].errors else 200)


def _who_sees(request: Request, day: date) -> str:
    return who_sees(request, _members(request), day)


def _members(request: Request) -> list[circle.Member]:
    return circle.roster(request.actor, owner=request.actor.me)


def _zone() -> str:
    """Where the person is, as the middleware has set it for this request."""
    return timezone.get_current_timezone_name()


def _hard_day_so_far(day: date, was: queries.HardDay | None, members: Sequence[circle.Member]) -> dict[str, Any]:
    if was is None:
        return {"day": day}
    left_out = [member.membership_id for member in members if member.membership_id not in was.told]
    return {"day": day, "kind": was.kind, "details": was.details, "need": was.need, "left_out": left_out}


def _keep_hard_day(request: Request, form: HardDayForm, was: queries.HardDay | None) -> queries.HardDay:
    answers = {**form.answers(), "told": form.told(), "zone": _zone()}
    if was is not None:
        return actions.change_use_day(request.actor, useday=was.id, **answers)
    return actions.record_use_day(request.actor, owner=request.actor.me, key=form.cleaned_data["key"], **answers)


def _keep_start(request: Request, form: StartForm) -> bool:
    me = request.actor.me
    try:
        actions.set_start(request.actor, owner=me, zone=_zone(), began=form.cleaned_data["began"])
    except Invalid as why:
        form.add_error(why.field, str(why.message))
        return False
    actions.hide_days_since_use(request.actor, owner=me, hidden=form.cleaned_data["since_use_hidden"])
    return True


def _with_readers(
    rows: Sequence[queries.CheckedIn], readers: Mapping[str, list[str]]
) -> list[tuple[queries.CheckedIn, str]]:
    """Each check-in with who can read its note, in words."""
    return [(row, said.who_reads(readers.get(queries.of_checkin(row.id), ()), hidden=row.hidden)) for row in rows]


def _day_asked(request: Request, newest: date) -> date:
    try:
        day = date.fromisoformat(request.GET.get("until", ""))
    except ValueError:
        return newest
    return day if rules.in_living_memory(day, newest) else newest


def _span_asked(request: Request) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked.isdecimal() and int(asked) in SPANS else SPANS[1]


def _cravings(span: queries.Span, headline: str) -> Picture:
    words = [said.in_words(Craving, day.craving) for day in span.days]
    svg = charts.bars([(day.day, day.craving) for day in span.days], CRAVINGS, _sentence(_("Cravings"), span, words))
    empty = span.finding == rules.Finding.NOTHING_YET
    return Picture("cravings", _("Cravings"), headline, svg, empty, harder=span.finding == rules.Finding.RISING)


def _moods(span: queries.Span) -> Picture:
    words = [said.in_words(Mood, day.mood) for day in span.days]
    svg = charts.dots([(day.day, day.mood) for day in span.days], MOODS, _sentence(_("Mood"), span, words))
    return Picture("mood", _("Mood"), said.mood_headline(span.days), svg, not any(day.mood for day in span.days))


def _sleeps(span: queries.Span) -> Picture:
    words = [said.in_words(Sleep, day.sleep) for day in span.days]
    svg = charts.bars([(day.day, day.sleep) for day in span.days], SLEEPS, _sentence(_("Sleep"), span, words))
    return Picture("sleep", _("Sleep"), said.sleep_headline(span.days), svg, not any(day.sleep for day in span.days))


def _sentence(what: str, span: queries.Span, words: list[str]) -> str:
    """Day by day for a week; counted for more, where nobody could listen to every day."""
    if len(span.days) <= rules.WEEK:
        return said.day_by_day(what, list(zip(span.days, words, strict=True)))
    return said.counted(what, words)
