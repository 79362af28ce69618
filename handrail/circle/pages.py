import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.circle import actions, queries, rules, said
from handrail.circle import map as circle_map
from handrail.circle.forms import ENDS, EndsForm, InviteForm, OrderForm, OtherForm, PlaceForm
from handrail.gate import Category, Request, open_to
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.library import queries as library
from handrail.people import accounts
from handrail.people import queries as people_known
from handrail.shell.forms import given

CATEGORIES = Category.choices
LABELS = dict(CATEGORIES)


@open_to("signed-in")
@require_safe
def people(request: Request) -> HttpResponse:
    me = request.actor.me
    members = queries.roster(request.actor, owner=me)
    others = queries.others(request.actor, owner=me)
    gaps = said.gaps(queries.gaps(members, others))
    left = queries.left_lately(request.actor, owner=me)
    notes = queries.one_by_one(request.actor, owner=me, members=members)
    context = {
        "tab": "people",
        "members": members,
        "rows": [(member, said.ends(member), notes[member.membership_id]) for member in members],
        "others": others,
        "categories": CATEGORIES,
        "as_matrix": len(members) <= rules.MATRIX_UP_TO,
        "invitations": queries.invitations(request.actor, owner=me),
        "map": _map(members, others),
        "first_gap": gaps[0] if gaps else None,
        "left": left,
        **resting(request, members, left),
        "paused": [member for member in members if member.paused],
        "paused_with_all": any(member.paused_with_all for member in members),
        "can_pause": any(not member.paused for member in members),
        "new_staff": [member for member in members if member.new_staff],
    }
    return render(request, "circle/people.html", context)


@open_to("signed-in")
@require_POST
def sharing(request: Request) -> HttpResponse:
    """Save the matrix, or the boxes of one person: whoever stood on the page is named in `on_page`."""
    wanted = rules.wanted_shares(
        request.POST.getlist("share"), request.POST.getlist("on_page"), [name for name, _label in CATEGORIES]
    )
    me = request.actor.me
    to_sign = queries.to_sign(request.actor, owner=me, wanted=wanted)
    wanted = {place: ticks.difference(to_sign.get(place, ())) for place, ticks in wanted.items()}
    changes = actions.change_shares(request.actor, owner=me, wanted=wanted)
    names = {member.membership_id: member.name for member in queries.roster(request.actor, owner=me)}
    for line in _in_words(changes, names):
        messages.success(request, line)
    if to_sign:
        return _sign_first(request, to_sign, names)
    if not changes:
        messages.success(request, _("Nothing has changed."))
    back = request.POST.get("back", "")
    return redirect(back if re.fullmatch(r"/people/\w+", back) else "people")


def _sign_first(request: Request, to_sign: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> HttpResponse:
    """To the page on which the first of these is signed for; what was ticked is ticked there."""
    membership, categories = next(iter(to_sign.items()))
    text = _("One more step for %(name)s: read this page and sign it. What is not signed stays shut to them.")
    messages.info(request, text % {"name": names.get(membership, "")})
    return redirect(f"{reverse('consent-for', args=[membership])}?{urlencode({'thing': categories}, doseq=True)}")


@open_to("signed-in")
@require_safe
def member(request: Request, membership: str) -> HttpResponse:
    found = queries.member(request.actor, owner=request.actor.me, membership=membership)
    return _member_page(request, found)


@open_to("signed-in")
@require_POST
def ends(request: Request, membership: str) -> HttpResponse:
    """When shares with this member end by themselves."""
    me = request.actor.me
    found = queries.member(request.actor, owner=me, membership=membership)
    moments = _moments()
    form = _ends_form(request, found, moments, request.POST)
    if not form.is_valid():
        return _member_page(request, found, ends=form)
    purpose = form.cleaned_data.get("purpose", "")  # not asked where it was signed
    chosen = {category: moments[choice] for category, choice in form.chosen().items()}
    actions.set_ends(request.actor, owner=me, membership=membership, ends=chosen, purpose=purpose)
    messages.success(request, _("Saved. What ends, ends by itself; nobody is told."))
    return redirect("member", membership=membership)


@open_to("signed-in")
@require_POST
def stop(request: Request, membership: str) -> HttpResponse:
    """One tap: this member sees nothing more."""
    me = request.actor.me
    found = queries.member(request.actor, owner=me, membership=membership)
    actions.stop_all(request.actor, owner=me, membership=membership)
    messages.success(request, _("Done. %(name)s no longer sees anything. They are not told.") % {"name": found.name})
    return redirect("member", membership=membership)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: Request, membership: str) -> HttpResponse:
    """Where a member stands on the map."""
    me = request.actor.me
    found = queries.member(request.actor, owner=me, membership=membership)
    form = PlaceForm(given(request), initial={"closeness": found.closeness, "lean": found.lean})
    if request.method == "POST" and form.is_valid():
        actions.place_on_map(request.actor, owner=me, membership=membership, **form.cleaned_data)
        return redirect("people")
    context = {"tab": "people", "form": form, "name": found.name, "back": reverse("member", args=[membership])}
    return render(request, "circle/place.html", context, status=422 if form.errors else 200)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def other(request: Request, outsider: str | None = None) -> HttpResponse:
    """Add, change or remove somebody who is not in Handrail."""
    me = request.actor.me
    known = {each.id: each for each in queries.others(request.actor, owner=me)}
    if outsider is not None and outsider not in known:
        raise NotHere
    found = known.get(outsider or "")
    if found and request.method == "POST" and request.POST.get("do") == "remove":
        actions.remove_outsider(request.actor, outsider=found.id)
        messages.success(request, _("Taken off your map."))
        return redirect("people")
    form = OtherForm(given(request), initial=asdict(found) if found else {"closeness": 2, "lean": 0})
    if request.method == "POST" and form.is_valid():
        actions.keep_outsider(request.actor, owner=me, outsider=outsider, **form.cleaned_data)
        return redirect("people")
    context = {"tab": "people", "form": form, "other": found}
    return render(request, "circle/other.html", context, status=422 if form.errors else 200)


@open_to("signed-in")
@require_safe
def gaps(request: Request) -> HttpResponse:
    me = request.actor.me
    found = queries.gaps(queries.roster(request.actor, owner=me), queries.others(request.actor, owner=me))
    return render(request, "circle/gaps.html", {"tab": "people", "gaps": said.gaps(found)})


@open_to("signed-in")
@require_safe
def history(request: Request) -> HttpResponse:
    """What was shared with whom, from when to when."""
    me = request.actor.me
    known = queries.known(request.actor, owner=me)
    lines = [
        {"share": each, "who": known[each.membership_id], "what": LABELS[each.category]}
        for each in queries.history(request.actor, owner=me)
    ]
    return render(request, "circle/history.html", {"tab": "people", "lines": lines})


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, membership: str) -> HttpResponse:
    me = request.actor.me
    found = queries.member(request.actor, owner=me, membership=membership)
    if request.method == "POST":
        actions.end_membership(request.actor, owner=me, membership=membership)
        text = _("%(name)s can no longer see anything. %(name)s gets no message unless you write one.")
        messages.success(request, text % {"name": found.name})
        return redirect("people")
    return render(request, "circle/end.html", {"tab": "people", "member": found})


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: Request) -> HttpResponse:
    me = request.actor.me
    members = [each for each in queries.roster(request.actor, owner=me) if Category.HELP in each.sees]
    form = OrderForm(given(request), members=members)
    if request.method == "POST" and form.is_valid():
        actions.order_ladder(request.actor, owner=me, rungs=form.cleaned_data)
        messages.success(request, _("Saved. When you call for help, they are asked in this order."))
        return redirect("people")
    context = {"tab": "people", "form": form, "wait": settings.HANDRAIL.rung_wait, "resting": said.resting(members)}
    return render(request, "circle/order.html", context, status=422 if form.errors else 200)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request) -> HttpResponse:
    form = InviteForm(given(request))
    if request.method == "POST" and form.is_valid():
        made = actions.invite(request.actor, owner=request.actor.me, **form.cleaned_data)
        return redirect("invitation", invitation=made)
    return render(request, "circle/invite.html", {"tab": "people", "form": form}, status=422 if form.errors else 200)


@open_to("signed-in")
@require_safe
def invitation(request: Request, invitation: str) -> HttpResponse:
    found = queries.invitation(request.actor, invitation=invitation)
    link = request.build_absolute_uri(reverse("join", kwargs={"code": found.code}))
    context = {
        "tab": "people",
        "invited": found,
        "link": link,
        "labels": _labels(found.shares),
        "signs": found.needs_signature,
    }
    if found.state in ("made", "opened"):
        # The link is drawn here, on this machine: no service ever sees it.
        context["qr"] = segno.make(link, error="m").svg_inline(
            scale=5, border=2, dark="#000", light="#fff", omitsize=True
        )
    return render(request, "circle/invitation.html", context)


@open_to("signed-in")
@require_POST
def compare(request: Request, invitation: str) -> HttpResponse:
    """The owner says which words the joiner read out, or takes the link back."""
    phrase = request.POST.get("phrase", "")
    if request.POST.get("do") == "take_back":
        actions.take_back(request.actor, invitation=invitation)
        messages.success(request, _("The link is dead. Nobody can use it any more."))
        return redirect("people")
    if not phrase:
        messages.error(request, _("Choose the three words that they read to you."))
        return redirect("invitation", invitation=invitation)
    if actions.confirm(request.actor, invitation=invitation, phrase=phrase):
        name = queries.invitation(request.actor, invitation=invitation).name
        messages.success(request, _("%(name)s is now in your circle.") % {"name": name})
        to_sign = queries.waits_for_signature(request.actor, invitation=invitation)
        return _sign_first(request, to_sign, dict.fromkeys(to_sign, name)) if to_sign else redirect("people")
    messages.error(
        request, _("Those were not the words. The link is dead and nothing was opened. You can make a new one.")
    )
    return redirect("invite")


@open_to("anyone")
@require_safe
def join(request: Request, code: str) -> HttpResponse:
    found = queries.landing(code=code)
    if found.fresh:
        actions.look_at(code=code)
    if found.usable:
        request.session["invited_by"] = code  # so that an account can be made where sign-up needs an invitation
    context = {"landing": found, "code": code, "signed_in": request.actor.person_id is not None}
    return render(request, "circle/join.html", context)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: Request, code: str) -> HttpResponse:
    """POST uses the link. A GET comes from the sign-in page and only shows the button again."""
    if request.method == "POST":
        actions.ask_to_join(request.actor, code=code)
        request.session.pop("invited_by", None)
        if not queries.roster(request.actor, owner=request.actor.me):
            accounts.switch_view(request, "supporter")  # whoever has a circle of their own keeps their own pages first
        return redirect("join-wait", code=code)
    return redirect("join", code=code)


@open_to("signed-in")
@require_safe
def wait(request: Request, code: str) -> HttpResponse:
    context = {"tab": "s-today", "waiting": queries.waiting(request.actor, code=code), "code": code}
    return render(
        request, "circle/wait.html#live" if request.headers.get("HX-Request") else "circle/wait.html", context
    )


@open_to("signed-in")
@require_POST
def door(request: Request, membership: str) -> HttpResponse:
    """Somebody left, and does not come back by themself."""
    me = request.actor.me
    gone = queries.known(request.actor, owner=me).get(membership)
    if gone is None:
        raise NotHere
    actions.shut_door(request.actor, owner=me, membership=membership)
    messages.success(request, _("Done. If you want %(name)s back one day, send a new link.") % {"name": gone.name})
    return redirect("people")


@open_to("signed-in")
@require_safe
def seen(request: Request) -> HttpResponse:
    before = request.GET.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < 16 else None
    looks = queries.who_looked(request.actor, owner=request.actor.me, before=number)
    context = {
        "tab": "me",
        "lines": said.lines(looks),
        "older": looks[-1].number if len(looks) == queries.LOOKS_A_PAGE else 0,
    }
    return render(request, "circle/seen.html", context)


def resting(request: Request, members: Sequence[queries.Member], left: Sequence[queries.Gone] = ()) -> dict[str, Any]:
    """Who rests, in words; with phone lines where nobody is left to call."""
    found = said.resting(members, left)
    if found is None or not found.nobody:
        return {"resting": found}
    country = people_known.profile(request.actor, owner=request.actor.me).country
    return {"resting": found, "lines": library.lines_for(country)}


def _map(members: Sequence[queries.Member], others: Sequence[queries.Other]) -> dict[str, Any]:
    figures = queries.figures(members, others)
    nodes = circle_map.place(figures)
    return {
        "nodes": nodes,
        "more": len(figures) - len(nodes),
        "words": circle_map.in_words(nodes),
        "width": circle_map.WIDTH,
        "height": circle_map.HEIGHT,
        "centre": circle_map.CENTRE,
        "orbits": circle_map.ORBITS.values(),
    }


def _member_page(request: Request, found: queries.Member, ends: EndsForm | None = None) -> HttpResponse:
    context = {
        "tab": "people",
        "member": found,
        "came_and_went": queries.came_and_went(request.actor, owner=request.actor.me, member=found),
        "things": [(name, label, found.ends.get(name)) for name, label in CATEGORIES if name in found.may_hold],
        "ends": ends or _ends_form(request, found, _moments()),
        "notes": queries.one_by_one(request.actor, owner=request.actor.me, members=[found])[found.membership_id],
        "notes_can_be_shown": not (found.program_id or found.needs_signature),
    }
    return render(request, "circle/member.html", context, status=422 if ends else 200)


def _moments() -> dict[str, datetime | None]:
    """When each choice of an end is over, from now on and where the person is."""
    zone, now = get_current_timezone_name(), clock.now()
    return {str(choice): rules.end_of(choice, now, zone) for choice, _label in ENDS}


def _ends_form(
    request: Request, found: queries.Member, moments: Mapping[str, datetime | None], sent: QueryDict | None = None
) -> EndsForm:
    signed = queries.signed_until(request.actor, owner=request.actor.me, member=found)
    return EndsForm(sent, member=found, labels=LABELS, moments=moments, signed=signed)


def _in_words(changes: Iterable[actions.Change], names: dict[str, str]) -> list[str]:
    """ "Done. Mum no longer sees: How I feel. They are not told." One line a person and direction."""
    grouped: dict[tuple[str, bool], list[str]] = {}
    for change in changes:
        grouped.setdefault((change.membership_id, change.shared), []).append(change.category)
    lines = []
    for (membership, shared), categories in grouped.items():
        said_name, what = names.get(membership, ""), ", ".join(str(label) for label in _labels(categories))
        if shared:
            lines.append(_("Done. %(name)s now also sees: %(what)s.") % {"name": said_name, "what": what})
        else:
            text = _("Done. %(name)s no longer sees: %(what)s. They are not told.")
            lines.append(text % {"name": said_name, "what": what})
    return lines


def _labels(categories: Iterable[str]) -> list[str]:
    return [str(label) for name, label in CATEGORIES if name in set(categories)]
