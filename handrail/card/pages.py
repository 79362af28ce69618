from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from handrail.card import actions, queries, rules
from handrail.card.forms import NumbersForm
from handrail.circle import queries as circle
from handrail.gate import Request, open_to
from handrail.library import queries as library
from handrail.people import queries as people
from handrail.shell.forms import given


@open_to("signed-in")
@require_safe
def card(request: Request) -> HttpResponse:
    """The card as it is printed, and the same as a text."""
    me = request.actor.me
    found = queries.entries(request.actor, owner=me)
    country = people.profile(request.actor, owner=me).country
    lines = [line for line in library.lines_for(country) if line.call]
    text = rules.as_text(found, [(line.name, line.call) for line in lines])
    context = {
        "tab": "people",
        "entries": found[: rules.MOST_ON_CARD],
        "too_many": found[rules.MOST_ON_CARD :],
        "lines": lines,
        "emergency": library.emergency_number(country),
        "text": text,
        "rows": rules.rows_of(text),
        "text_link": f"sms:?&body={quote(text)}",
    }
    return render(request, "card/card.html", context)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: Request) -> HttpResponse:
    me = request.actor.me
    members = circle.roster(request.actor, owner=me)
    known = queries.numbers(request.actor, owner=me)
    form = NumbersForm(given(request), members=members, known=known)
    if request.method == "POST" and form.is_valid():
        actions.keep_numbers(request.actor, owner=me, phones=form.cleaned_data)
        messages.success(request, _("Saved. Only you see these numbers."))
        return redirect("card")
    return render(request, "card/numbers.html", {"tab": "people", "form": form}, status=422 if form.errors else 200)
