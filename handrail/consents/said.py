"""A consent in words: the text that is shown, signed and kept, and the lines around it.

The text is plain: blocks with an empty line between, each with its heading on a line of its own. What is drawn on a
page or on paper is made from it and from nothing else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.consents.kinds import LABELS, MEANS, PURPOSE_WORDS, STATUS_WORDS
from handrail.consents.rules import Kind, Terms
from handrail.library.statements import Statement


@dataclass(frozen=True, slots=True)
class Block:
    heading: str
    lines: tuple[str, ...]


def title(kind: str) -> str:
    return {
        Kind.SHARE: _("I agree to share"),
        Kind.TREATMENT: _("I agree to share for my treatment"),
        Kind.NAMED: _("I agree to give a copy"),
        Kind.COUNSELLING: _("I agree to give a copy of my own notes"),
        Kind.PROCEEDINGS: _("I agree to give a copy for a court or an office"),
        Kind.RESEARCH: _("I agree to give a copy for research"),
    }[Kind(kind)]


def text_of(terms: Terms, statements: Sequence[Statement], *, form_version: str) -> str:
    """Everything that somebody signs, in the order of 42 CFR 2.31(a)."""
    blocks = [
        Block(title(terms.kind), (_("Form of %(version)s.") % {"version": _as_day(form_version)},)),
        Block(_("Whose words and answers these are"), (one_row(terms.person),)),
        Block(_("Who gives them out"), (one_row(terms.discloser),)),
        Block(_("Who gets them"), (one_row(terms.recipient),)),
        Block(_("What"), tuple(_thing(thing) for thing in terms.things)),
        Block(_("From which days"), (_data_days(terms),)),
        Block(_("What for"), (_what_for(terms),)),
        Block(_("For how long"), (_how_long(terms),)),
        *(Block(each.title, (each.text,)) for each in statements),
    ]
    return "\n\n".join("\n".join([block.heading, *block.lines]) for block in blocks)


def blocks_of(text: str) -> list[Block]:
    """The text as it was put together, for a page or for paper."""
    found = [block.split("\n") for block in text.split("\n\n")]
    return [Block(heading, tuple(lines)) for heading, *lines in found]


def one_row(text: str) -> str:
    """Somebody's own words in one line: they cannot pretend to be another block."""
    return " ".join(text.split())


def day(found: date | datetime | None, zone: str = "") -> str:
    if isinstance(found, datetime) and zone:
        found = found.astimezone(ZoneInfo(zone))
    return date_format(found, "j F Y") if found else ""


def _as_day(version: str) -> str:
    """A form is named by the day it is from; whatever else it is called stays as it is."""
    try:
        return day(date.fromisoformat(version))
    except ValueError:
        return version


def moment(found: datetime, zone: str) -> str:
    return date_format(found.astimezone(ZoneInfo(zone)), "j F Y, g:i a")


def things(names: Iterable[str]) -> str:
    return ", ".join(str(LABELS[name]) for name in names if name in LABELS)


def how_much(items: int | None, *, copied: bool) -> str:
    """Lines of a copy and what was opened on screen are not the same thing: each has its own word."""
    if items is None:
        return ""
    if copied:
        return ngettext("%(n)s line in the copy", "%(n)s lines in the copy", items) % {"n": items}
    return ngettext("%(n)s entry opened", "%(n)s entries opened", items) % {"n": items}


def status(found: str) -> str:
    return str(STATUS_WORDS[found])


def _thing(thing: str) -> str:
    return f"{LABELS[thing]}: {MEANS[thing]}"


def _data_days(terms: Terms) -> str:
    since, until = day(terms.first_data), day(terms.last_data)
    if since and until:
        return _("From %(since)s to %(until)s.") % {"since": since, "until": until}
    if since:
        return _("From %(since)s on.") % {"since": since}
    if until:
        return _("All days up to %(until)s.") % {"until": until}
    return _("All days, also those that come while this holds.")


def _what_for(terms: Terms) -> str:
    label, more = str(PURPOSE_WORDS[terms.purpose]), one_row(terms.purpose_words)
    return f"{label}: {more}" if more else f"{label}."


def _how_long(terms: Terms) -> str:
    about = {"day": day(terms.last_day), "event": one_row(terms.event)}
    if terms.event.strip():
        return _("From my signature on, until %(day)s. It ends sooner if this happens: %(event)s") % about
    return _("From my signature on, until %(day)s.") % about


def signature(*, name: str, at: datetime, zone: str, digest: str) -> Block:
    """What stands under a signed text: who, when and how, and the number that names exactly this text."""
    lines = (
        _("%(name)s, on %(when)s") % {"name": one_row(name), "when": moment(at, zone)},
        _("Typed by the person themself, signed in to their own account."),
        _("Number of this text (SHA-256): %(digest)s") % {"digest": digest},
    )
    return Block(_("Signed"), lines)


def scope(*, recipient: str, names: Iterable[str], purpose: str, last_day: date) -> str:
    """What a consent covers, in one line that can go along with a copy (42 CFR 2.32(b))."""
    about = {"who": one_row(recipient), "what": things(names), "why": purpose, "day": day(last_day)}
    return (
        _("Given to %(who)s under a signed consent. It covers: %(what)s. For: %(why)s. In force until %(day)s.") % about
    )
