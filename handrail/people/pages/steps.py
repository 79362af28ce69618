"""The second step, passkeys and spare codes: allauth's views, on our paths and in our words."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from handrail.gate import Request, open_to
from handrail.people import accounts, actions, queries
from handrail.people.accounts import SAID
from handrail.people.forms import ChangePassphraseForm
from handrail.people.limits import PASSKEYS_BY_ADDRESS, address_of, spend
from handrail.people.pages.entry import after, ask, form_page, given

PASSKEY_TROUBLE = gettext_lazy("That passkey did not work here. You can use another way.")
IN_ME = {"tab": "me"}
still_you = reauthentication_required(app="handrail")


class Refused422:
    """A form that could not be taken is shown again with the status that says so."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class EnterCode(Refused422, AuthenticateView):  # type: ignore[misc]
    template_name = "people/enter_code.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        context["has_passkey"] = queries.has_passkey(self.stage.login.user.pk)
        return context


class EnterPasskey(LoginWebAuthnView):  # type: ignore[misc]
    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        spend((PASSKEYS_BY_ADDRESS, address_of(request)))
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, PASSKEY_TROUBLE)
        return redirect("enter")


class Again(Refused422, ReauthenticateView):  # type: ignore[misc]
    template_name = "people/again.html"


class AgainByCode(Refused422, ReauthenticateByCodeView):  # type: ignore[misc]
    template_name = "people/again_code.html"


class AgainByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]
    template_name = "people/again_passkey.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, PASSKEY_TROUBLE)
        return redirect(self.passthrough_next_url(reverse("account_reauthenticate")))


class CodeAppOn(Refused422, ActivateTOTPView):  # type: ignore[misc]
    template_name = "people/code_app.html"


class CodeAppOff(DeactivateTOTPView):  # type: ignore[misc]
    template_name = "people/code_app_off.html"


class SpareCodes(ViewRecoveryCodesView):  # type: ignore[misc]
    template_name = "people/spare_codes.html"


class NewSpareCodes(Refused422, GenerateRecoveryCodesView):  # type: ignore[misc]
    template_name = "people/spare_codes_new.html"


class AddPasskey(Refused422, AddWebAuthnView):  # type: ignore[misc]
    """A passkey of ours always signs in by itself, so it is made resident and asks for the finger or the PIN."""

    template_name = "people/passkey_add.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        context["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        credential = form.cleaned_data["credential"]
        auth.WebAuthn.add(self.request.user, name=accounts.device_of(self.request), credential=credential)
        messages.success(self.request, str(SAID["mfa/messages/webauthn_added.txt"]))
        return redirect("sign-in")


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    template_name = "people/passkey_remove.html"
    success_url = reverse_lazy("sign-in")


enter_code = open_to("anyone")(EnterCode.as_view())
enter_passkey = open_to("anyone")(EnterPasskey.as_view())
again = open_to("signed-in")(Again.as_view(extra_context=IN_ME))
again_code = open_to("signed-in")(AgainByCode.as_view(extra_context=IN_ME))
again_passkey = open_to("signed-in")(AgainByPasskey.as_view(extra_context=IN_ME))
code_app_on = open_to("signed-in")(CodeAppOn.as_view(extra_context=IN_ME))
code_app_off = open_to("signed-in")(CodeAppOff.as_view(extra_context=IN_ME))
spare_codes = open_to("signed-in")(SpareCodes.as_view(extra_context=IN_ME))
new_spare_codes = open_to("signed-in")(NewSpareCodes.as_view(extra_context=IN_ME))
passkey_add = open_to("signed-in")(AddPasskey.as_view(extra_context=IN_ME))
passkey_remove = open_to("signed-in")(RemovePasskey.as_view(extra_context=IN_ME))


@open_to("signed-in")
@require_safe
def sign_in(request: Request) -> HttpResponse:
    """How this account is opened: every way in on one page."""
    ways = queries.ways_in(request.actor, owner=request.actor.me)
    return render(request, "people/sign_in.html", {"ways": ways, "tab": "me"})


@open_to("signed-in")
@form_page
def passphrase(request: Request) -> HttpResponse:
    owner = request.actor.me
    profile = queries.profile(request.actor, owner=owner)
    form = ChangePassphraseForm(given(request), name=profile.name)
    if request.method == "POST" and form.is_valid():
        if accounts.is_passphrase(request.actor, passphrase=form.cleaned_data["current"]):
            return _change(request, owner, form.cleaned_data["passphrase"])
        form.add_error("current", _("That is not your passphrase."))
    passkeys = len(queries.ways_in(request.actor, owner=owner).passkeys)
    return ask(request, "people/passphrase.html", form, tab="me", profile=profile, passkeys=passkeys)


@open_to("signed-in")
@require_POST
@still_you
def new_words(request: Request) -> HttpResponse:
    fresh = actions.new_recovery_words(request.actor, owner=request.actor.me)
    accounts.show_words(request, fresh, after=after(request) or reverse("sign-in"), again=True)
    return redirect("start-words")


def _change(request: Request, owner: str, fresh: str) -> HttpResponse:
    actions.change_passphrase(request.actor, owner=owner, passphrase=fresh)
    accounts.keep_signed_in(request, owner)
    actions.end_other_devices(request.actor, owner=owner, session_key=request.session.session_key)
    messages.success(request, _("Done. Your passphrase is new, and every other device is signed out."))
    return redirect("sign-in")
