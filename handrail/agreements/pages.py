"""What two have agreed on, as pages. Both sides use the same views; `Pair` says from which side somebody comes."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.agreements import actions, pair, queries, said
from handrail.agreements.forms import LinesForm, NoteForm, RepairForm, TopicForm
from handrail.agreements.kinds import GUIDES, Kind
from handrail.agreements.pair import Pair
from handrail.agreements.queries import AgreementSeen, Together
from handrail.agreements.rules import Side
from handrail.circle import queries as circle
from handrail.gate import Request, open_to
from handrail.kernel.errors import Invalid, NotHere
from handrail.shell.forms import given


@open_to("signed-in")
@require_safe
def together(request: Request, **place: str) -> HttpResponse:
    """Everything that one pair keeps together."""
    two = _pair(request, **place)
    found = queries.together(request.actor, **two.keys)
    drafts = queries.drafts(request.actor, owner=request.actor.me, membership=two.membership)
    context = {
        **_frame(two),
        "cards": _cards(two, found, set(drafts)),
        "past": [(each, said.stands(each)) for each in found.agreements if each.over],
        "open_topics": [topic for topic in found.topics if topic.talked_at is None],
        "together": found,
    }
    return _page(request, "agreements/together.html", context)


@open_to("signed-in")
@require_safe
def kept(request: Request) -> HttpResponse:
    """All agreements of this person's circle, those with people who have left too."""
    found = queries.kept(request.actor, owner=request.actor.me)
    context = {"tab": "people", "found": [(each, said.stands(each)) for each in found]}
    return render(request, "agreements/kept.html", context)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request, kind: str, **place: str) -> HttpResponse:
    """One's own lines: kept for oneself, or offered to the other."""
    two, actor = _pair(request, **place), request.actor
    if kind not in Kind.values:
        raise NotHere
    live = [each for each in queries.together(actor, **two.keys).agreements if each.kind == kind and not each.over]
    stands = live[0] if live else None
    lines = queries.lines_to_write(actor, two, kind=kind, agreed=stands.mine if stands else ())
    form = LinesForm(given(request), guide=GUIDES[kind], side=two.side, lines=lines)

    def save() -> str:
        if request.POST.get("do") == "offer":
            return actions.offer(actor, **two.keys, kind=kind, lines=form.lines())
        actions.keep_lines(actor, membership=two.membership, kind=kind, side=two.side, lines=form.lines())
        return ""

    if request.method == "POST" and (done := _took(form, save)) is not None:
        if done:
            messages.success(request, _("Offered. %(name)s can read it now.") % {"name": two.name})
            return redirect("agreement", agreement=done)
        messages.success(request, _("Kept for you. Nobody else can read it."))
        return redirect(_urls(two)["home"])
    context = {**_frame(two), "form": form, "guide": GUIDES[kind], "title": Kind(kind).label, "stands": stands}
    return render(request, "agreements/write.html", context, status=422 if form.errors else 200)


@open_to("signed-in")
@require_safe
def agreement(request: Request, agreement: str) -> HttpResponse:
    found = queries.agreement(request.actor, agreement=agreement)
    return _page(request, "agreements/agreement.html", _one(found))


@open_to("signed-in")
@require_safe
def on_paper(request: Request, agreement: str) -> HttpResponse:
    found = queries.agreement(request.actor, agreement=agreement)
    return render(request, "agreements/print.html", _one(found))


@open_to("signed-in")
@require_POST
def answer(request: Request, agreement: str) -> HttpResponse:
    """Yes to the words on the page, an end, or (for the owner, once it is over) away with it."""
    found, do = queries.agreement(request.actor, agreement=agreement), request.POST.get("do")
    if do == "end":
        actions.end(request.actor, agreement=agreement)
        messages.success(request, _("It has ended. %(name)s can see that, and no reason.") % {"name": found.name})
    elif do == "remove":
        actions.remove(request.actor, agreement=agreement)
        messages.success(request, _("It is gone."))
        return redirect("agreed-kept")
    elif do == "yes":
        said_to = request.POST.get("version", "")
        version = int(said_to) if said_to.isascii() and said_to.isdigit() and len(said_to) < 10 else 0
        both = actions.say_yes(request.actor, agreement=agreement, version=version)
        asked = _("Saved. %(name)s is asked too.") % {"name": found.name}
        messages.success(request, _("You have both said yes.") if both else asked)
    return redirect("agreement", agreement=agreement)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def topics(request: Request, **place: str) -> HttpResponse:
    """What the two want to talk about when they next sit down together."""
    two = _pair(request, **place)
    form = TopicForm(given(request))
    if request.method == "POST":
        done = _took(form, lambda: actions.add_topic(request.actor, **two.keys, text=form.cleaned_data["text"]))
        if done is not None:
            return redirect(_urls(two)["topics"])
    found = queries.together(request.actor, **two.keys).topics
    context = {
        **_frame(two),
        "form": form,
        "open": [topic for topic in found if topic.talked_at is None],
        "talked": [topic for topic in found if topic.talked_at is not None],
    }
    return _page(request, "agreements/topics.html", context, status=422 if form.errors else 200)


@open_to("signed-in")
@require_safe
def topics_on_paper(request: Request, **place: str) -> HttpResponse:
    """The list for the table of a talk, with the notes that each side has shared with the other, and no others."""
    two = _pair(request, **place)
    found = queries.together(request.actor, **two.keys).topics
    context = {**_frame(two), "open": [topic for topic in found if topic.talked_at is None]}
    return render(request, "agreements/topics_print.html", context)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: Request, topic: str) -> HttpResponse:
    """One topic: tick it, or keep a note on it."""
    actor = request.actor
    owner, membership, found = queries.topic(actor, topic=topic)
    two = _pair(request, membership=membership) if owner == actor.me else _pair(request, owner=owner)
    do = request.POST.get("do")
    if request.method == "POST" and do in ("talked", "open"):
        actions.tick_topic(actor, topic=topic, talked=do == "talked")
        return redirect(_urls(two)["topics"])
    if request.method == "POST" and do == "remove":
        actions.remove_topic(actor, topic=topic)
        messages.success(request, _("Taken off the list."))
        return redirect(_urls(two)["topics"])
    own = queries.draft(actor, owner=actor.me, membership=membership, subject=f"topic:{topic}") or ""
    form = NoteForm(given(request), name=two.name, initial={"note": own, "shared": bool(found.my_note)})
    if request.method == "POST" and _took(form, lambda: _keep_note(request, topic, form)) is not None:
        messages.success(request, _("Saved."))
        return redirect("agreed-topic", topic=topic)
    context = {**_frame(two), "topic": found, "form": form}
    return render(request, "agreements/topic.html", context, status=422 if form.errors else 200)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: Request, **place: str) -> HttpResponse:
    """Steps after a disagreement, each side for themself; one note may be shared."""
    two, actor = _pair(request, **place), request.actor
    do = request.POST.get("do")
    if request.method == "POST" and do == "take_back":
        actions.take_note_back(actor, **two.keys)
        messages.success(request, _("Taken back. %(name)s no longer sees it.") % {"name": two.name})
        return redirect(_urls(two)["again"])
    answers = queries.repair_answers(actor, two)
    form = RepairForm(given(request), initial=answers)

    def save() -> str:
        actions.keep_repair(actor, membership=two.membership, answers=form.cleaned_data)
        if do == "share":
            actions.share_note(actor, **two.keys, text=form.cleaned_data["say"])
        return ""

    if request.method == "POST" and _took(form, save) is not None:
        shared = _("Shared. %(name)s can read that one part.") % {"name": two.name}
        messages.success(request, shared if do == "share" else _("Kept for you. Nobody else can read it."))
        return redirect(_urls(two)["again"])
    found = queries.together(actor, **two.keys)
    context = {
        **_frame(two),
        "form": form,
        "my_note": found.my_note,
        "their_note": found.their_note,
        "third_people": _others_around(request, two),
        "ask_third": said.words_to_third(answers.get("third", ""), two.name),
    }
    return render(request, "agreements/again.html", context, status=422 if form.errors else 200)


def _pair(request: Request, *, membership: str = "", owner: str = "") -> Pair:
    if membership:
        return pair.with_member(request.actor, membership=membership)
    return pair.with_owner(request.actor, owner=owner)


def _urls(two: Pair) -> dict[str, str]:
    """The addresses of this pair, on the side of whoever asks."""
    before, argument = ("", two.membership) if two.side is Side.OWNER else ("s-", two.owner)
    person = reverse("member" if two.side is Side.OWNER else "s-person", args=[argument])
    names = {"home": "agreed", "topics": "agreed-topics", "paper": "agreed-topics-print", "again": "agreed-again"}
    return {"person": person, **{name: reverse(before + route, args=[argument]) for name, route in names.items()}}


def _write_url(two: Pair, kind: str) -> str:
    if two.side is Side.OWNER:
        return reverse("agreed-write", args=[two.membership, kind])
    return reverse("s-agreed-write", args=[two.owner, kind])


def _frame(two: Pair) -> dict[str, Any]:
    return {"tab": "people" if two.side is Side.OWNER else "s-today", "pair": two, "urls": _urls(two)}


def _one(found: AgreementSeen) -> dict[str, Any]:
    two = Pair(found.owner, found.membership, found.side, found.name)
    change = "" if found.over else _write_url(two, found.kind)
    return {**_frame(two), "agreed": found, "stands": said.stands(found), "change": change}


def _cards(two: Pair, found: Together, drafts: set[str]) -> list[dict[str, Any]]:
    """One card for each kind of agreement, begun or not."""
    live = {each.kind: each for each in found.agreements if not each.over}
    return [
        {
            "title": kind.label,
            "about": GUIDES[kind].about,
            "agreed": live.get(kind),
            "stands": said.stands(live[kind]) if kind in live else "",
            "draft": kind in drafts,
            "write": _write_url(two, kind),
        }
        for kind in Kind
    ]


def _others_around(request: Request, two: Pair) -> list[str]:
    """Names for the owner to choose a third person from. A member is shown nobody of somebody else's circle."""
    if two.side is not Side.OWNER:
        return []
    members = circle.roster(request.actor, owner=two.owner)
    names = [member.name for member in members if member.membership_id != two.membership]
    return names + [other.name for other in circle.others(request.actor, owner=two.owner)]


def _keep_note(request: Request, topic: str, form: NoteForm) -> str:
    note = form.cleaned_data
    actions.keep_note(request.actor, topic=topic, text=note["note"], shared=note["shared"])
    return ""


def _page(request: Request, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page, or its live part alone when the doorbell rang."""
    live = "#live" if request.headers.get("HX-Request") else ""
    return render(request, template + live, context, status=status)


def _took(form: forms.Form, save: Callable[[], str]) -> str | None:
    """What `save` answers; None when something could not be taken, which then stands beside its field."""
    if not form.is_valid():
        return None
    try:
        return save()
    except Invalid as why:
        form.add_error(why.field if why.field in form.fields else None, str(why.message))
        return None
