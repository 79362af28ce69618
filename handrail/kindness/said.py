"""Words to lend to somebody who has none just now."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

SUGGESTIONS = (
    _("Thinking of you. No need to reply."),
    _("I am glad you are here."),
    _("You are doing something hard. I see it."),
    _("I am around today if you want company."),
)


def for_days(days: int) -> str:
    """Words for somebody who shares their count."""
    return ngettext("One day. I am proud of you.", "%(n)d days. I am proud of you.", days) % {"n": days}
