"""The channels that this install is set up for."""

import base64
from collections.abc import Sequence

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

from handrail.delivery.channels import ChannelOut
from handrail.delivery.channels.email import EmailChannel, MailServer
from handrail.delivery.channels.push import PushChannel
from handrail.delivery.models import Channel


def installed_channels() -> Sequence[ChannelOut]:
    """Raises ValueError for a mail address that cannot be understood."""
    ours = settings.HANDRAIL
    found: list[ChannelOut] = []
    if has_email():
        found.append(EmailChannel(MailServer.read(ours.mail_url), ours.mail_from))
    if has_push():
        found.append(PushChannel(ours.push_key_file, ours.push_contact))
    return found


def has_email() -> bool:
    return bool(settings.HANDRAIL.mail_url and settings.HANDRAIL.mail_from)


def has_push() -> bool:
    return bool(settings.HANDRAIL.push_contact and settings.HANDRAIL.push_key_file.is_file())


def is_installed(channel: str) -> bool:
    """Whether this install can send by this channel at all."""
    return {Channel.EMAIL: has_email, Channel.PUSH: has_push}.get(Channel(channel), lambda: False)()


def push_public_key() -> str:
    """What a browser subscribes with: the install's public P-256 point, uncompressed, base64url (RFC 8292)."""
    key = Vapid02.from_file(str(settings.HANDRAIL.push_key_file)).public_key
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
