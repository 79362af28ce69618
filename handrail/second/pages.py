"""The second passphrase. Behind "is it still you?": a phone that lies open does not tell whether there is one."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handrail.gate import Request, open_to
from handrail.kernel.errors import Invalid, NotHere, TooOften
from handrail.people import queries as accounts
from handrail.people.pages.entry import form_page, given
from handrail.people.pages.steps import still_you
from handrail.second import actions, queries
from handrail.second.forms import AnotherForm, PinForm, SecondForm


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
    return _page(request, found, form, PinForm())


@open_to("signed-in")
@require_POST
@still_you
def change_pin(request: Request) -> HttpResponse:
    """The PIN that opens the second view on the lock screen."""
    found = queries.second(request.actor)
    if found is None:
        raise NotHere
    form = PinForm(request.POST)
    if form.is_valid():
        try:
            actions.change_pin(request.actor, pin=form.chosen())
        except Invalid as why:
            form.add_error("pin", str(why.message))
        else:
            messages.success(request, _("Done. Try it now: lock the app, and open it with that PIN."))
            return redirect("second")
    name = accounts.profile(request.actor, owner=request.actor.me).name
    return _page(request, found, AnotherForm(name=name), form)


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


def _page(request: Request, found: queries.Second | None, form: Form, pin_form: PinForm) -> HttpResponse:
    """`form` makes a second passphrase or changes it, `pin_form` its PIN: at most one of them was sent."""
    name = accounts.profile(request.actor, owner=request.actor.me).name
    context = {"form": form, "pin_form": pin_form, "second": found, "name": name, "tab": "me"}
    sent = pin_form if pin_form.is_bound else form
    return render(request, "second/second.html", {**context, "sent": sent}, status=422 if sent.is_bound else 200)
