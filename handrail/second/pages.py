"""The second passphrase. Behind "is it still you?": a phone that lies open does not tell whether there is one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handrail.gate import Request, open_to
from handrail.kernel.errors import Invalid, TooOften
from handrail.people import queries as accounts
from handrail.people.pages.entry import ask, form_page, given
from handrail.people.pages.steps import still_you
from handrail.second import actions, queries
from handrail.second.forms import AnotherForm, SecondForm


@open_to("signed-in")
@form_page
@still_you
def second(request: Request) -> HttpResponse:
    """How it works and what it cannot do, and the way to make one, or to make another passphrase for it."""
    found = queries.second(request.actor)
    name = accounts.profile(request.actor, owner=request.actor.me).name
    kind = AnotherForm if found else SecondForm
    form = kind(given(request), name=name, initial={"lived_in": True})
    if request.method == "POST" and form.is_valid():
        try:
            (actions.change if found else actions.make)(request.actor, **form.cleaned_data)
        except (Invalid, TooOften) as why:
            form.add_error("passphrase" if isinstance(why, TooOften) else why.field, str(why.message))
        else:
            messages.success(request, _("Done. Try it now: sign out, and sign in with it."))
            return redirect("second")
    return ask(request, "second/second.html", form, second=found, name=name, tab="me")


@open_to("signed-in")
@require_POST
@still_you
def freshen(request: Request) -> HttpResponse:
    actions.freshen(request.actor)
    messages.success(request, _("Done. It looks used again."))
    return redirect("second")


@open_to("signed-in")
@require_POST
@still_you
def remove(request: Request) -> HttpResponse:
    actions.remove(request.actor)
    messages.success(request, _("Done. The second passphrase opens nothing any more."))
    return redirect("second")
