"""All that a message says outside the house. The same for everybody and everything: a lock screen tells nothing."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from handrail.delivery import gsm


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


def text(link: str, code: str) -> str:
    """A text message, in one part if there is any way: a long address of ours is given without what follows it.

    It begins with the install's (neutral) name, because a phone shows a number that nobody knows.
    """
    with override(settings.LANGUAGE_CODE):
        said = _("%(name)s: you have an update. %(link)s (%(code)s)")
        short = _("You have an update. %(link)s (%(code)s)")
    name = settings.HANDRAIL.name
    whole = said % {"name": name, "link": origin() + link, "code": code}
    shorter = [said % {"name": name, "link": origin(), "code": code}, short % {"link": origin(), "code": code}]
    return next((one for one in [whole, *shorter] if gsm.parts(one) == 1), shorter[-1])


def code_text(code: str) -> str:
    with override(settings.LANGUAGE_CODE):
        said = _("%(name)s: your code is %(code)s. It works for 30 minutes. Reply STOP and we send nothing more.")
        return said % {"name": settings.HANDRAIL.name, "code": code}


def origin() -> str:
    """The address that people open this install by, without a slash at the end."""
    ours = settings.HANDRAIL
    return str(ours.origin or f"http://{ours.bind}:{ours.port}").rstrip("/")
