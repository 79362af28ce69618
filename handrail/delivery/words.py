"""All that a message says outside the house. The same for everybody and everything: a lock screen tells nothing."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override


def subject() -> str:
    with override(settings.LANGUAGE_CODE):
        return _("You have an update")


def body(link: str) -> str:
    """Plain text; `link` is a path of this install."""
    with override(settings.LANGUAGE_CODE):
        return _("You have an update. Open it here:\n\n%(link)s\n") % {"link": origin() + link}


def code_body(code: str) -> str:
    with override(settings.LANGUAGE_CODE):
        return _("Your code is %(code)s\n\nIt works for 30 minutes. If you did not ask for it, do nothing.\n") % {
            "code": code
        }


def origin() -> str:
    """The address that people open this install by, without a slash at the end."""
    ours = settings.HANDRAIL
    return str(ours.origin or f"http://{ours.bind}:{ours.port}").rstrip("/")
