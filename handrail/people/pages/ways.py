"""Ways to be reached: e-mail or texts with a code, this phone by push. None of them is ever needed."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from handrail.delivery import ways
from handrail.delivery.channels import installed
from handrail.gate import Request, open_to
from handrail.kernel.errors import Invalid, NotHere, TooOften
from handrail.people import accounts, queries, reach
from handrail.people.pages.entry import form_page, given

EMAIL = "email"


class EmailForm(forms.Form):
    address = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Please type an e-mail address."),
            "invalid": gettext_lazy("That does not look like an e-mail address."),
            "max_length": gettext_lazy("That is too long for an e-mail address."),
        },
    )


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Mobile number"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={
            "required": gettext_lazy("Please type a mobile number."),
            "max_length": gettext_lazy("That is too long for a phone number."),
        },
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The code that we sent"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Please type the code."),
            "max_length": gettext_lazy("The code has six digits. Please type only those."),
        },
    )


@open_to("signed-in")
@form_page
def ways_page(request: Request) -> HttpResponse:
    """Whichever form was sent is known by its one field."""
    by_text = "number" in request.POST
    mail_form = EmailForm(None if by_text else given(request))
    number_form = NumberForm(given(request) if by_text else None)
    sent, channel, field = (number_form, reach.SMS, "number") if by_text else (mail_form, EMAIL, "address")
    if request.method == "POST" and sent.is_valid() and (way := _begun(request, sent, channel, field)):
        return redirect("way", way=way)
    owner = request.actor.me
    context = {
        "form": sent,
        "mail_form": mail_form,
        "number_form": number_form,
        "ways": ways.list_ways(request.actor, owner=owner),
        "stopped": ways.stopped(request.actor, owner=owner),
        "has_email": installed.has_email(),
        "has_sms": installed.has_sms(),
        "push_key": installed.push_public_key() if installed.has_push() else "",
        "tab": "me",
    }
    return render(request, "people/ways.html", context, status=422 if sent.is_bound else 200)


def _begun(request: Request, form: Any, channel: str, field: str) -> str:
    """The way that was begun; empty where the form now says why not."""
    if not installed.is_installed(channel):
        form.add_error(field, _("This install cannot use that way yet."))
        return ""
    try:
        country = queries.profile(request.actor, owner=request.actor.me).country
        return reach.begin(request.actor, channel=channel, typed=form.cleaned_data[field], country=country)
    except (Invalid, TooOften) as why:
        form.add_error(field, str(why.message))
        return ""


@open_to("signed-in")
@form_page
def way(request: Request, way: str) -> HttpResponse:
    """Type in the code that was sent. An address that is confirmed already goes back to the list."""
    owner = request.actor.me
    found = next((one for one in ways.list_ways(request.actor, owner=owner) if one.id == way), None)
    if found is None:
        raise NotHere
    if found.verified:
        return redirect("ways")
    form = CodeForm(given(request))
    if request.method == "POST" and form.is_valid():
        answer = ways.confirm(request.actor, owner=owner, way=way, code=form.cleaned_data["code"])
        if answer.ok:
            messages.success(request, _("Done. We can reach you there now."))
            return redirect("ways")
        form.add_error("code", _not_fitting(answer.tries_left))
    status = 422 if form.is_bound else 200
    return render(request, "people/way.html", {"form": form, "way": found, "tab": "me"}, status=status)


@open_to("signed-in")
@require_POST
def end_way(request: Request, way: str) -> HttpResponse:
    ways.end(request.actor, owner=request.actor.me, way=way)
    messages.success(request, _("Done. We no longer use it."))
    return redirect("ways")


@open_to("signed-in")
@require_POST
def add_push(request: Request) -> HttpResponse:
    """What `shell/push.js` sends: the browser's own subscription, as JSON. 204, or 422 for what is none."""
    try:
        subscription = json.loads(request.body)
        ways.add_push(
            request.actor,
            owner=request.actor.me,
            subscription=subscription,
            label=accounts.device_of(request),
        )
    except (Invalid, ValueError, RecursionError):  # the last: JSON that is nested a thousand times
        return HttpResponse(status=422)
    return HttpResponse(status=204)


def _not_fitting(tries_left: int) -> str:
    if tries_left:
        return _("That code did not fit. Please look at the newest one and try again.")
    return _("This code no longer works. Please ask for a new one.")
