"""The office log in plain words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handrail.gate.office_log import Act

WORDS = {
    "program.make": gettext_lazy("added the program %(program)s"),
    "program.close": gettext_lazy("closed the program %(program)s, and all its places ended"),
    "keeper.offer": gettext_lazy("made a link for whoever names the staff of %(program)s"),
    "keeper.begin": gettext_lazy("let %(about)s begin at %(program)s, to name its staff"),
    "staff.begin": gettext_lazy("let %(about)s begin at %(program)s"),
    "staff.end": gettext_lazy("ended the place of %(about)s at %(program)s"),
    "staff.leave": gettext_lazy("stopped working at %(program)s"),
    "staff.gone": gettext_lazy("no longer works at %(program)s: the account is gone"),
    "post.offer": gettext_lazy("made a link to this post: %(post)s"),
    "post.withdraw": gettext_lazy("took back a link to this post: %(post)s"),
    "post.take": gettext_lazy("took this post: %(post)s. The link was made by %(about)s"),
    "post.end": gettext_lazy("ended a post of %(about)s: %(post)s"),
    "post.gone": gettext_lazy("no longer holds this post: %(post)s. The account is gone"),
}
OTHER = gettext_lazy("did something here")
MARK = 4  # letters of an account that tell it apart, as beside the posts


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    by: str  # the account; empty for the machine and for whoever reads
    who: str
    what: str


def line(act: Act, *, me: str) -> Line:
    return Line(act.at, "" if act.by == me else act.by, _who(act, me), _what(act, me))


def _who(act: Act, me: str) -> str:
    if act.by == me:
        return _("You")
    if not act.by:
        return _("Somebody at the machine")
    return act.by_name or _("Account %(mark)s…") % {"mark": act.by[:MARK]}


def _what(act: Act, me: str) -> str:
    """What they did, after the name: "You" + "ended a post of account Abcd…: Moderator"."""
    words = WORDS.get(act.action, OTHER)
    return str(words) % {"program": act.program or _("a program"), "post": act.post_word, "about": _about(act, me)}


def _about(act: Act, me: str) -> str:
    if act.about == me:
        return _("you")
    if not act.about:
        return _("somebody at the machine")
    return act.about_name or _("account %(mark)s…") % {"mark": act.about[:MARK]}
