"""Reading, writing, signing and ending what somebody signs; and what the other side may know of it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.circle import queries as circle
from handrail.consents import actions, queries, rules
from handrail.consents import paper as papers_pdf
from handrail.consents.forms import CopyForm, PlaceForm, SignForm, SpanForm, first_answers
from handrail.consents.queries import Seen
from handrail.consents.rules import OPENS, Kind, Status
from handrail.gate import Request, open_to
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere, TooLate
from handrail.library.statements import statements
from handrail.shell.forms import given


@open_to("signed-in")
@require_safe
def papers(request: Request) -> HttpResponse:
    found = queries.all_of(request.actor, owner=request.actor.me)
    context = {
        "in_force": [each for each in found if each.in_force],
        "drafts": [each for each in found if each.status == Status.DRAFT],
        "over": [each for each in found if each.status not in (Status.ACTIVE, Status.DRAFT)],
    }
    return render(request, "consents/papers.html", {"tab": "me", **context})


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def for_place(request: Request, membership: str) -> HttpResponse:
    """What somebody in the circle would see once this is signed. Ticks that led here are ticked."""
    me = request.actor.me
    member = circle.member(request.actor, owner=me, membership=membership)
    if not member.needs_signature:
        messages.info(request, _("For %(name)s a tick is enough. There is nothing to sign.") % {"name": member.name})
        return redirect("member", membership=membership)
    now = queries.of_place(request.actor, owner=me, membership=membership)
    ticked = [*(now.terms.things if now else ()), *request.GET.getlist("thing")]
    fresh = first_answers(now.terms.kind if now else Kind.SHARE, ticked)
    form = PlaceForm(given(request), holds=member.may_hold, initial=fresh)
    context = {"form": form, "member": member, "now": now, "tab": "people"}
    return _writing(request, form, "consents/for_place.html", context, membership=membership)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    """A copy for somebody, by a page of its own."""
    form = CopyForm(given(request), initial=first_answers(Kind.NAMED, []))
    return _writing(request, form, "consents/add.html", {"form": form, "tab": "me"})


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, consent: str) -> HttpResponse:
    """New words for a draft. What is signed does not change."""
    found = queries.one(request.actor, consent=consent)
    if found.status != Status.DRAFT:
        raise TooLate(_("This is signed. What is signed does not change; you can renew it or take it back."))
    before = {**_answers(found), "span": "day"}
    if found.terms.kind in OPENS:
        member = circle.member(request.actor, owner=request.actor.me, membership=found.membership)
        form: forms.Form = PlaceForm(given(request), holds=member.may_hold, initial=before)
        context = {"form": form, "member": member, "tab": "people"}
        place = {"consent": consent, "membership": found.membership}
        return _writing(request, form, "consents/for_place.html", context, **place)
    form = CopyForm(given(request), initial=before)
    return _writing(request, form, "consents/add.html", {"form": form, "tab": "me"}, consent=consent)


@open_to("signed-in")
@require_safe
def paper(request: Request, consent: str) -> HttpResponse:
    return _paper(request, queries.one(request.actor, consent=consent))


@open_to("signed-in")
@require_POST
def sign(request: Request, consent: str) -> HttpResponse:
    found, form = queries.one(request.actor, consent=consent), SignForm(request.POST)

    def save() -> bool:
        said_here = form.cleaned_data
        actions.sign(request.actor, consent=consent, shown=said_here["shown"], name=said_here["name"])
        return True

    try:
        signed = _took(form, save)
    except actions.ReadAgain as why:
        messages.error(request, str(why.message))
        return _paper(request, queries.one(request.actor, consent=consent), form, status=422)
    if not signed:
        return _paper(request, found, form, status=422)
    text = _("Signed. %(who)s sees it from now on.") if found.opens_pages else _("Signed. You can give out a copy now.")
    messages.success(request, text % {"who": found.terms.recipient})
    return redirect("consent", consent=consent)


@open_to("signed-in")
@require_POST
def end(request: Request, consent: str) -> HttpResponse:
    """Take it back, say that it was a mistake, or throw away a draft."""
    found, do = queries.one(request.actor, consent=consent), request.POST.get("do", "")
    if do == "throw-away":
        actions.throw_away(request.actor, consent=consent)
        messages.success(request, _("It is gone. Nothing was signed."))
        return redirect("consents")
    if do not in (Status.REVOKED, Status.ERROR):
        return redirect("consent", consent=found.id)
    actions.end(request.actor, consent=consent, how=do)
    messages.success(request, _("Done. Nothing more is open under it. They are not told."))
    return redirect("consent", consent=consent)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: Request, consent: str) -> HttpResponse:
    """The same words until a later day, to be signed again."""
    found = queries.one(request.actor, consent=consent)
    form = SpanForm(given(request), initial={"span": "90"})

    def save() -> str:
        day = form.until(_today())
        if day is None:
            raise Invalid(_("Choose the last day on which it holds."), field="last_day")
        return actions.renew(request.actor, consent=consent, zone=_zone(), last_day=day)

    if request.method == "POST" and (made := _took(form, save)):
        return redirect("consent", consent=made)
    context = {"tab": "me", "form": form, "found": found}
    return render(request, "consents/renew.html", context, status=422 if form.errors else 200)


@open_to("signed-in")
@require_safe
def on_paper(request: Request, consent: str) -> HttpResponse:
    found = queries.one(request.actor, consent=consent)
    return render(request, "consents/print.html", {"tab": "me", "found": found, "review": statements().review})


@open_to("signed-in")
@require_safe
def as_pdf(request: Request, consent: str) -> HttpResponse:
    """The person's own copy of what they signed."""
    found = queries.one(request.actor, consent=consent)
    title, *rest = found.blocks
    lines = papers_pdf.pdf(title=title.heading, blocks=rest, foot=title.lines, made_at=found.signed_at or found.made_at)
    return _file(lines, f"page-{_today().isoformat()}.pdf", "application/pdf")


@open_to("signed-in")
@require_POST
def copy(request: Request, consent: str) -> HttpResponse:
    """Exactly what this consent covers, as a file or as a page to print. Written down as given out."""
    as_page = request.POST.get("as") == "page"
    found = actions.give_copy(request.actor, consent=consent, channel="print" if as_page else "pdf")
    if as_page:
        return render(request, "consents/copy.html", {"tab": "me", "copy": found})
    made = papers_pdf.copy(found)
    return _file(made, f"copy-{_today().isoformat()}.pdf", "application/pdf")


@open_to("signed-in")
@require_safe
def scope(request: Request, owner: str) -> HttpResponse:
    """The other side: what a signed page lets them see now, and what the law says about it."""
    stands = circle.circle_of(request.actor, owner=owner)
    found = queries.scopes(request.actor, owner=owner)
    if not found:
        raise NotHere
    context = {"tab": "s-today", "circle": stands, "scopes": found, "law": statements()}
    return render(request, "consents/scope.html", context)


def _paper(request: Request, found: Seen, form: SignForm | None = None, status: int = 200) -> HttpResponse:
    if form is not None:  # what came back was another text: the page offers the one that is kept
        form.data = {**form.data.dict(), "shown": found.digest}  # type: ignore[attr-defined]
    context = {
        "tab": "me",
        "found": found,
        "form": form or SignForm(initial={"shown": found.digest}),
        "review": statements().review,
        "parted": found.membership and found.membership not in _places(request),
    }
    return render(request, "consents/paper.html", context, status=status)


def _places(request: Request) -> set[str]:
    return {member.membership_id for member in circle.roster(request.actor, owner=request.actor.me)}


def _writing(request: Request, form: Any, template: str, context: dict[str, Any], **place: Any) -> HttpResponse:
    """Show the form, or keep the draft and go on to reading it."""

    def save() -> str:
        return actions.write(request.actor, owner=request.actor.me, zone=_zone(), **form.said(_today()), **place)

    if request.method == "POST" and (made := _took(form, save)):
        return redirect("consent", consent=made)
    return render(request, template, context, status=422 if form.errors else 200)


def _answers(found: Seen) -> dict[str, Any]:
    terms = found.terms
    return {name: getattr(terms, name) for name in rules.Terms.__slots__}


def _took(form: forms.Form, save: Callable[[], Any]) -> Any:
    """What `save` answers; None when something could not be taken, which then stands beside its field."""
    if not form.is_valid():
        return None
    try:
        return save()
    except Invalid as why:
        form.add_error(why.field if why.field in form.fields else None, str(why.message))
        return None


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    """A neutral name: it stands in the list of downloads."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


def _zone() -> str:
    return timezone.get_current_timezone_name()


def _today() -> Any:
    return clock.today(_zone())
