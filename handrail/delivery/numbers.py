"""Phone numbers as people type them, and the one form that we keep: +15551234567."""

import hashlib
import hmac
import json

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from handrail.kernel.errors import Invalid
from handrail.kernel.keys import install_keys

TAKES_TEXTS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
LONGEST = 40  # characters, as typed


def tidied(typed: str, *, country: str) -> str:
    """A mobile number in one of the countries that this install sends to. Raises Invalid, which says what to do.

    Texts to some countries and to service numbers cost their sender a great deal, and whoever earns on that looks for
    forms like ours: so the countries are named by the operator, and only what can be a mobile phone is taken.
    """
    try:
        number = phonenumbers.parse(typed[:LONGEST], country or settings.HANDRAIL.country)
    except phonenumbers.NumberParseException as why:
        raise Invalid(_("That does not look like a phone number."), field="number") from why
    if not phonenumbers.is_valid_number(number):
        raise Invalid(_("That does not look like a phone number. Is a digit missing?"), field="number")
    if phonenumbers.region_code_for_number(number) not in _countries():
        raise Invalid(_("This install cannot send texts to that country."), field="number")
    if phonenumbers.number_type(number) not in TAKES_TEXTS:
        raise Invalid(_("That number does not take texts. Please use a mobile number."), field="number")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def shown(number: str) -> str:
    """With spaces, as it is written in its own country."""
    try:
        return phonenumbers.format_number(_parsed(number), PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number


def mark(number: str) -> bytes:
    """Keyed with the install's pepper: without the key file it cannot be compared with a guessed number."""
    return hmac.digest(install_keys().pepper, json.dumps(["number", number]).encode(), hashlib.sha256)


def as_sent(raw: str) -> str:
    """A sender's number as a provider writes it; empty for a name or a short code, which are nobody's phone here."""
    try:
        number = phonenumbers.parse(raw[:LONGEST], settings.HANDRAIL.country)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parsed(number: str) -> PhoneNumber:
    return phonenumbers.parse(number, None)


def _countries() -> frozenset[str]:
    ours = settings.HANDRAIL
    return frozenset(country.upper() for country in (ours.sms_countries or (ours.country,)))
