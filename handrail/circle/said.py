"""The access log in plain words."""

from django.utils.translation import gettext as _

from handrail.circle.queries import Look
from handrail.gate.categories import Category

LABELS = {str(category): category.label for category in Category}


def who(look: Look) -> str:
    if look.by_me:
        return _("You")
    if look.by_system:
        return _("Handrail itself")
    return look.name or _("Somebody who has left")


def what(look: Look) -> str:
    """What they did, after the name: "Mum" + "looked at: How I feel, Cravings"."""
    opened = ", ".join(str(LABELS[name]) for name in look.categories if name in LABELS)
    done = {
        "circle.invite": _("made a link to invite somebody"),
        "circle.confirm": _("matched the three words, or took a link back"),
        "circle.end": _("ended somebody’s place in your circle"),
        "circle.leave": _("left your circle"),
        "share.change": _("changed what people see"),
        "call.see": _("opened your call for help"),
        "call.answer": _("answered your call for help"),
        "account.erase": _("asked to erase this account"),
    }.get(look.action)
    if done and look.action != "call.see":
        return done
    if opened:
        return _("looked at: %(what)s") % {"what": opened}
    return done or _("opened your page, and saw nothing of yours")
