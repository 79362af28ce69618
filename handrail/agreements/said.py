"""Where an agreement stands, in plain words, from the side of whoever reads. Nothing here counts or marks anybody."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from handrail.agreements.queries import AgreementSeen
from handrail.agreements.rules import State


def day(moment: datetime | None) -> str:
    return date_format(localtime(moment), "j F Y") if moment else ""


def stands(found: AgreementSeen) -> str:
    about = {"name": found.name, "day": day(found.changed_at)}
    if not found.live:
        return _("%(name)s is no longer in this circle. It is kept for you alone.") % about
    if found.state == State.ENDED:
        return _("Ended on %(day)s.") % {"day": day(found.ended_at)}
    if found.state == State.AGREED:
        dates = {"day": day(found.agreed_at), "again": day(found.review_at)}
        return _("You both said yes on %(day)s. You look at it again on %(again)s.") % dates
    if found.state == State.REVIEW:
        if found.my_yes:
            return _("You said that it still fits. %(name)s has not said yet.") % about
        return _("A month has passed. Does it still fit? It goes on until one of you changes or ends it.")
    if found.my_yes:
        return _("You offered this on %(day)s. %(name)s has not said yes yet.") % about
    return _("%(name)s offered this on %(day)s. It waits for your yes.") % about


def words_to_third(third: str, name: str) -> str:
    """To send to a third person by whatever way one likes. Handrail sends nothing."""
    if not third.strip():
        return ""
    text = _(
        "Hi %(third)s. %(name)s and I see something in two ways. Would you sit with us for half an hour"
        " and listen to both? You do not have to fix it."
    )
    return text % {"third": third.strip(), "name": name}
