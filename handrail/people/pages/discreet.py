"""What other eyes see: the app lock, the cover, lighter words. And what is neutral for everybody anyway."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from handrail.gate import open_to
from handrail.kernel.errors import Invalid
from handrail.people import discreet as chosen
from handrail.people.forms import LockForm, LooksForm
from handrail.people.locking import Asked
from handrail.people.pages.entry import ask, form_page, given
from handrail.people.pages.steps import still_you


@open_to("signed-in")
@form_page
def discreet(request: Asked) -> HttpResponse:
    now = request.discreet
    looks = {"cover": now.cover, "soft_help": now.soft_help, "days_hidden": now.days_hidden}
    form = LooksForm(given(request), initial=looks)
    if request.method == "POST" and form.is_valid():
        chosen.change_looks(request.actor, owner=request.actor.me, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("discreet")
    return ask(request, "people/discreet.html", form, now=now, tab="me")


@open_to("signed-in")
@form_page
@still_you
def app_lock(request: Asked) -> HttpResponse:
    """Whoever finds the phone open must not be able to change what locks it: this asks for the passphrase again."""
    now = request.discreet
    form = LockForm(given(request), initial={"lock_after": now.lock_after or 5})
    if request.method == "POST" and form.is_valid():
        pin = "" if form.cleaned_data["no_pin"] else form.cleaned_data["pin"] or None
        after = form.cleaned_data["lock_after"] or None
        try:
            chosen.change_lock(request.actor, owner=request.actor.me, lock_after=after, pin=pin)
        except Invalid as why:
            form.add_error(why.field, str(why.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("discreet")
    return ask(request, "people/app_lock.html", form, now=now, tab="me")
