"""What can go wrong, as types. `shell` maps each once to a page, the API once to `problem+json`.

`message` is shown to people: plain, kind, and it names what to do. `status` is an HTTP status, never a 5xx for what
somebody typed.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class HandrailError(Exception):
    """Base of every error that we raise on purpose."""

    status = 400
    code = "bad_request"
    message: str | Promise = _("Something in that did not work. Please check it and try again.")

    def __init__(self, message: str | Promise | None = None, *, field: str | None = None) -> None:
        if message is not None:
            self.message = message
        self.field = field
        super().__init__(str(self.message))


class NotHere(HandrailError):
    """There is no such thing, or not for you: the two look the same from outside."""

    status = 404
    code = "not_here"
    message = _("This page is not here. It may have ended, or the link may be old.")


class SignInNeeded(HandrailError):
    status = 401
    code = "sign_in_needed"
    message = _("Please sign in first.")


class Invalid(HandrailError):
    """Somebody typed or chose something that we cannot take. `field` names where."""

    status = 422
    code = "invalid"


class TooLate(HandrailError):
    """It was possible once and is no longer."""

    status = 409
    code = "too_late"
    message = _("That has already changed. Here is how it is now.")


class TooOften(HandrailError):
    status = 429
    code = "too_often"
    message = _("That was a lot of tries. Please wait a few minutes and try again.")


class NoRoom(HandrailError):
    """The disk is full; the phone keeps what was typed and falls back to calls and texts."""

    status = 507
    code = "no_room"
    message = _("Handrail cannot save right now. If you need someone, call or text them.")
