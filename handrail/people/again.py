"""allauth's forms for codes and passkeys, with our limits, our words and no way to make them fall over.

allauth keeps its own counts in a cache that each process has for itself; the limits here hold over all of them.
"""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from handrail.kernel.errors import TooOften
from handrail.people import limits
from handrail.people.forms import PassphraseField

NOT_UNDERSTOOD = _("That passkey did not work here. Please try again, or use another way.")


def code_field() -> forms.CharField:
    return forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none"}),
        error_messages={"required": _("Please type the code.")},
    )


class AgainForm(ReauthenticateForm):  # type: ignore[misc]
    """Asks "is it still you?" by passphrase. allauth reads the field by this name."""

    password = PassphraseField(label=_("Your passphrase"))

    def clean_password(self) -> str:
        try:
            return str(super().clean_password())
        except ValidationError as why:
            raise ValidationError(_("That is not your passphrase. Please try again.")) from why


class _Code(forms.Form):
    """A code fits once, and only so many are tried an hour, whatever process answers."""

    user: Any
    code = code_field()

    def clean_code(self) -> str:
        limits.spend((limits.CODES_BY_PERSON, self.user.pk))
        code = str(super().clean_code())  # type: ignore[misc]
        try:
            limits.spend((limits.CODE_USED, f"{self.user.pk}|{code}"))
        except TooOften as why:
            raise ValidationError(_("That code was used already. Please wait for the next one.")) from why
        limits.give_back((limits.CODES_BY_PERSON, self.user.pk))
        return code


class CodeForm(_Code, AuthenticateForm):  # type: ignore[misc]
    code = code_field()


class CodeAgainForm(_Code, ReauthenticateByCodeForm):  # type: ignore[misc]
    code = code_field()


class FirstCodeForm(_Code, ActivateTOTPForm):  # type: ignore[misc]
    code = code_field()


class _Passkey(forms.Form):
    """What a browser sends is anybody's words until it is checked: whatever does not fit is one kind answer."""

    def clean_credential(self) -> Authenticator:
        try:
            found: Authenticator = super().clean_credential()  # type: ignore[misc]
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as why:
            raise ValidationError(NOT_UNDERSTOOD) from why
        return found


class PasskeyForm(_Passkey, AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeySignInForm(_Passkey, LoginWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyAgainForm(_Passkey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """No name is asked for: a passkey is called after the device it was made on."""

    name = None
    passwordless = None

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as why:
            raise ValidationError(NOT_UNDERSTOOD) from why
        return cleaned
