"""The channels that this install is set up for."""

import base64
from collections.abc import Sequence

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

from handrail.delivery.channels import ChannelOut
from handrail.delivery.channels.email import EmailChannel, MailServer
from handrail.delivery.channels.push import PushChannel
from handrail.delivery.channels.sms import Gateway
from handrail.delivery.channels.sms.android.gateway import AndroidGateway
from handrail.delivery.channels.sms.channel import SmsChannel
from handrail.delivery.channels.sms.generic.gateway import GenericGateway
from handrail.delivery.channels.sms.twilio.gateway import TwilioGateway
from handrail.delivery.models import Channel
from handrail.delivery.words import origin


def installed_channels() -> Sequence[ChannelOut]:
    """Raises ValueError for a mail address, or a text's form, that cannot be understood."""
    ours = settings.HANDRAIL
    found: list[ChannelOut] = []
    if has_email():
        found.append(EmailChannel(MailServer.read(ours.mail_url), ours.mail_from))
    if has_push():
        found.append(PushChannel(ours.push_key_file, ours.push_contact))
    if gateway := sms_gateway():
        found.append(SmsChannel(gateway))
    return found


def has_email() -> bool:
    return bool(settings.HANDRAIL.mail_url and settings.HANDRAIL.mail_from)


def has_push() -> bool:
    return bool(settings.HANDRAIL.push_contact and settings.HANDRAIL.push_key_file.is_file())


def has_sms() -> bool:
    return bool(settings.HANDRAIL.sms_by)


def has_any() -> bool:
    """Whether anything can leave this house at all."""
    return has_email() or has_push() or has_sms()


def sms_gateway() -> Gateway | None:
    """Who sends texts for this install. Raises ValueError for what is no such thing, which `./run serve` refuses."""
    ours = settings.HANDRAIL
    url, user, password, key = ours.sms_url, ours.sms_user, ours.sms_password, ours.sms_report_key
    match ours.sms_by:
        case "":
            return None
        case "twilio":
            return TwilioGateway(url=url, user=user, password=password, sender=ours.sms_from, our_address=origin())
        case "phone":
            return AndroidGateway(url=url, user=user, password=password, report_key=key)
        case "http":
            asked = {"method": ours.sms_method, "body": ours.sms_body, "header": ours.sms_header}
            return GenericGateway(url=url, **asked, sender=ours.sms_from, report_key=key)
    raise ValueError(f"HANDRAIL_SMS_BY: {ours.sms_by!r} should be twilio, phone or http")


def is_installed(channel: str) -> bool:
    """Whether this install can send by this channel at all."""
    known = {Channel.EMAIL: has_email, Channel.PUSH: has_push, Channel.SMS: has_sms}
    return Channel(channel) in known and known[Channel(channel)]()


def push_public_key() -> str:
    """What a browser subscribes with: the install's public P-256 point, uncompressed, base64url (RFC 8292)."""
    key = Vapid02.from_file(str(settings.HANDRAIL.push_key_file)).public_key
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
