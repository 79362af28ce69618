"""The access log and the gaps in plain words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from handrail.circle.queries import Look, Member
from handrail.circle.rules import Gap
from handrail.gate.categories import ONE_BY_ONE, Category, Role
from handrail.gate.circle import Gone
from handrail.gate.log import REFUSED
from handrail.kernel import clock
from handrail.shell.templatetags.shell import last_day

LABELS = {str(category): category.label for category in Category} | {ONE_BY_ONE: gettext_lazy("A note of mine")}


def who(look: Look) -> str:
    if look.by_me:
        return _("You")
    if look.by_system:
        return _("Handrail itself")
    if look.role == Role.PROGRAM and not look.staff:  # from before staff were named
        return _("Somebody at %(program)s") % {"program": look.name}
    return look.staff or look.name or _("Somebody who has left")


def what(look: Look) -> str:
    """What they did, after the name: "Mum" + "looked at: How I feel, Cravings"."""
    opened = ", ".join(str(LABELS[name]) for name in look.categories if name in LABELS)
    if look.action.startswith(REFUSED):
        return _("asked for something that nobody signed for, and got nothing")
    done = {
        "circle.invite": _("made a link to invite somebody"),
        "circle.confirm": _("matched the three words, or took a link back"),
        "circle.add": _("added a program"),
        "circle.release": _("ended the place of their program"),
        "circle.end": _("ended somebody’s place in your circle"),
        "circle.leave": _("left your circle"),
        "circle.return": _("came back to your circle"),
        "circle.rest": _("began or ended a rest"),
        "circle.door": _("shut the door for somebody who left"),
        "share.change": _("changed what people see"),
        "note.show": _("showed a note to somebody, or stopped"),
        "agreement.read": _("opened what you two have agreed on"),
        "agreement.change": _("wrote in what you two have agreed on"),
        "kindness.send": _("sent you a few kind words"),
        "call.see": _("opened your call for help"),
        "call.answer": _("answered your call for help"),
        "account.erase": _("asked to erase this account"),
        "account.keep": _("chose to keep this account"),
        "consent.sign": _("signed for what somebody may see"),
        "consent.end": _("ended what was signed"),
        "consent.copy": _("gave out a copy that was signed for"),
        "export.make": _("packed everything to take along"),
        "export.take": _("took the packed copy"),
    }.get(look.action)
    if done and look.action != "call.see":
        return done
    if opened:
        return _("looked at: %(what)s") % {"what": opened}
    return done or _("opened your page, and saw nothing of yours")


def ends(member: Member) -> str:
    """When what they see ends by itself: "How I feel until Sunday, 22 November."; empty where nothing does."""
    seen = [category for category in Category if category in member.categories]
    moments = [(last_day(member.ends[category]).date(), category) for category in seen if category in member.ends]
    found = []
    for day, each_of in groupby(sorted(moments, key=itemgetter(0)), key=itemgetter(0)):
        things = [str(LABELS[category]) for _day, category in each_of]
        about = {"what": get_text_list(things, _("and")), "day": _day_in_words(day)}
        found.append(
            _("All of it until %(day)s.") % about
            if len(things) == len(seen) > 1
            else _("%(what)s until %(day)s.") % about
        )
    return " ".join(found)


def _day_in_words(day: date) -> str:
    """With its year where that is another one: a signed consent can hold for two."""
    return date_format(day, "l, j F" if day.year == localtime(clock.now()).year else "l, j F Y")


@dataclass(frozen=True, slots=True)
class Rests:
    """Who rests, and who is asked first meanwhile. `nobody`: a call for help would reach nobody right now."""

    text: str
    nobody: bool


def resting(members: Sequence[Member], left: Sequence[Gone] = ()) -> Rests | None:
    """For the person, in words; also when somebody of `left` was the last who got the calls. No reason is guessed."""
    off = [each for each in members if each.off_until]
    on_call = [each for each in members if each.gets_calls]
    nobody = not on_call and bool(left or any(Category.HELP in each.sees for each in off))
    if not off and not nobody:
        return None
    said = [
        _("%(name)s rests until %(day)s.") % {"name": each.name, "day": date_format(localtime(each.off_until), "j F")}
        for each in off
    ]
    if nobody:
        said.append(_("Nobody else gets your call for help right now.") if off else _("Nobody gets your call now."))
    elif any(Category.HELP in each.sees for each in off):
        first = [each.name for each in on_call if each.rung == min(other.rung for other in on_call)]
        words = ngettext("%(others)s is asked first meanwhile.", "%(others)s are asked first meanwhile.", len(first))
        said.append(words % {"others": get_text_list(first, _("and"))})
    return Rests(" ".join(said), nobody)


def all_rests(members: Sequence[Member]) -> str:
    """After "pause all". Whoever was paused alone before keeps what was chosen for them about calls."""
    reached = [member.name for member in members if Category.HELP in member.sees]
    if not reached:
        return _("All sharing is paused. A call for help reaches nobody.")
    text = _("All sharing is paused. A call for help still reaches %(who)s.")
    return text % {"who": get_text_list(reached, _("and"))}


def goes_on(members: Sequence[Member]) -> str:
    """After "go on sharing": whoever was paused alone still is, and is named."""
    still = [member.name for member in members if member.paused]
    if not still:
        return _("Sharing goes on as you had ticked it.")
    text = _("Sharing goes on as you had ticked it. You had paused %(who)s alone: that stays.")
    return text % {"who": get_text_list(still, _("and"))}


SAME_VISIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page: the newest of some looks of the same kind that follow each other closely."""

    at: datetime
    since: datetime
    who: str
    what: str
    role: str  # of whoever came
    by_the_house: bool  # by the person themself or the system, not by somebody else


def lines(looks: Iterable[Look]) -> list[Line]:
    """The log for its owner. A page that stays open asks again by itself: that is one visit, and one line."""
    found: list[Line] = []
    places: dict[tuple[str, str], int] = {}  # where the same line stands already: two of one visit may take turns
    for look in looks:  # newest first
        line = Line(look.at, look.at, who(look), what(look), look.role, look.by_me or look.by_system)
        before = places.get((line.who, line.what))
        if before is not None and not line.by_the_house and found[before].since - line.at <= SAME_VISIT:
            found[before] = replace(found[before], since=line.at)
        else:
            places[line.who, line.what] = len(found)
            found.append(line)
    return found


NAMED = 3  # names in one heading


@dataclass(frozen=True, slots=True)
class GapInWords:
    title: str
    why: str
    ask: str  # words to send, in quotation marks on the page; may be empty
    places: Sequence[tuple[str, str]] = ()  # (name, membership) of those about whom something can be said


def gaps(found: Sequence[Gap]) -> list[GapInWords]:
    """What is thin, each thing once: what is the same for several people names all of them."""
    same = [(kind, list(each_of)) for kind, each_of in groupby(found, key=lambda each: each.kind)]
    return [
        replace(
            gap(kind, [each.name for each in each_of if each.name]),
            places=[(each.name, each.place) for each in each_of if each.place],
        )
        for kind, each_of in same
    ]


def gap(kind: str, names: Sequence[str] = ()) -> GapInWords:
    """Why it matters and what to say next. Nothing here is a mark; a small circle can carry well."""
    name = {"name": get_text_list(list(names), _("and"))}
    worded = {
        "nobody": lambda: GapInWords(
            _("Who could be the first?"),
            _("One person is enough to start. Think of somebody who was glad to hear from you."),
            _("I am working on my recovery. Would you stand beside me? You would not have to do much."),
        ),
        "no_calls": lambda: GapInWords(
            _("Nobody gets your call for help yet"),
            _("When it is hard, one tap should reach somebody. Tick “My call for help” for one person."),
            _("May I call on you when it gets hard? You can always say that you can’t right now."),
        ),
        "one_answers": lambda: GapInWords(
            _("Only %(name)s gets your call for help") % name,
            _("%(name)s may be asleep or at work. A second person makes both of you safer.") % name,
            _("Would you be the one I can call on Sunday evenings?"),
        ),
        "only_in_app": lambda: GapInWords(
            ngettext("%(name)s gets no message when you call", "%(name)s get no message when you call", len(names))
            % name,
            ngettext(
                "%(name)s sees a call for help only when they open Handrail. They can change that in Me.",
                "They see a call for help only when they open Handrail. Each of them can change that in Me.",
                len(names),
            )
            % name,
            _("Could you add your e-mail or this phone in Handrail, under Me? Then my call reaches you."),
        ),
        "one_carries": lambda: GapInWords(
            _("You lean on %(name)s most of the time") % name,
            _("That is a lot for one person, and you would miss them if they need a rest."),
            _("Could I come to you with small things now and then?"),
        ),
        "no_close": lambda: GapInWords(
            _("No family or friend yet"),
            _("People who knew you before can hold on to who you are."),
            _("I would like you to know how I am doing. May I send you a link?"),
        ),
        "no_been_there": lambda: GapInWords(
            _("Nobody yet who has been there"),
            _("A sponsor, mentor or peer knows it from inside. Meetings are a good place to ask."),
            _("I like how you talk about recovery. Could we have a coffee?"),
        ),
        "no_trained": lambda: GapInWords(
            _("No counsellor or doctor yet"),
            _("They help with medicine, plans and papers. A clinic’s number on your map is a start."),
            _("I am looking for help with opioids. Which visit could I get first?"),
        ),
        "no_group": lambda: GapInWords(
            _("No group yet"),
            _("In a group you are one of many. Online counts too."),
            _("I am new. May I just listen today?"),
        ),
        "not_leaned_on": lambda: GapInWords(
            _("You rarely lean on %(name)s") % name,
            _("That may be fine. People who said yes are often glad to be asked for something small."),
            _("No big thing: would you walk with me on Saturday?"),
        ),
        "unsaid": lambda: GapInWords(
            _("You have not said how often you lean on %(name)s") % name
            if len(names) <= NAMED
            else _("You have not said how often you lean on %(n)s of your people") % {"n": len(names)},
            _("If you say it, your map shows when one person carries a lot. Only you see that."),
            "",
        ),
    }
    return worded[kind]()
