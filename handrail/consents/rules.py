"""What a written consent must say before it may be signed, what it covers, and for how long. No clock, no database.

The elements are those of 42 CFR 2.31(a); what must stand alone is 2.31(b) to (d). Where we ask for more than the law,
it says so: a last day always, even beside an event, because no machine sees an event happen.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from handrail.gate.categories import Category

LONGEST_NAME, LONGEST_TEXT = 120, 300
LONGEST = timedelta(days=731)
SOON = timedelta(days=14)
ACCOUNT_FOR = 3  # years: 42 CFR 2.25


class Kind(StrEnum):
    SHARE = "share"
    TREATMENT = "treatment"  # treatment, payment and operations
    NAMED = "named"
    COUNSELLING = "counselling"
    PROCEEDINGS = "proceedings"
    RESEARCH = "research"


#: What opens pages to somebody in the circle. Everything else gives copies, one by one.
OPENS = frozenset({Kind.SHARE, Kind.TREATMENT})
COPIES = tuple(kind for kind in Kind if kind not in OPENS)


class Purpose(StrEnum):
    """Codes of v3-PurposeOfUse stand beside those that have one."""

    TREATMENT = "treatment"  # TREAT
    SUPPORT = "support"  # SUPNWK
    BENEFITS = "benefits"
    OWN_WISH = "own-wish"  # PATRQT: "at the request of the patient" is enough by law
    LEGAL = "legal"  # HLEGAL
    RESEARCH = "research"  # HRESCH


#: A purpose that has a consent of its own is no other consent's.
PURPOSES: dict[str, tuple[Purpose, ...]] = {
    Kind.SHARE: (Purpose.TREATMENT, Purpose.SUPPORT, Purpose.BENEFITS, Purpose.OWN_WISH),
    Kind.TREATMENT: (Purpose.TREATMENT,),
    Kind.NAMED: (Purpose.TREATMENT, Purpose.SUPPORT, Purpose.BENEFITS, Purpose.OWN_WISH),
    Kind.COUNSELLING: (Purpose.TREATMENT, Purpose.OWN_WISH),
    Kind.PROCEEDINGS: (Purpose.LEGAL,),
    Kind.RESEARCH: (Purpose.RESEARCH,),
}

#: The person's own notes. No share opens them, and no other thing stands beside them in a consent.
NOTES = "notes"
THINGS: tuple[str, ...] = (*(str(category) for category in Category), NOTES)


class Status(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    ERROR = "error"  # entered in error


#: How somebody may end one of theirs.
ENDINGS = (Status.REVOKED, Status.ERROR)


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody agrees to. Days are calendar days where the person is; `last_day` is the last one it holds."""

    kind: str
    person: str
    discloser: str
    recipient: str
    things: tuple[str, ...]
    purpose: str
    purpose_words: str = ""
    first_data: date | None = None  # data about days before it stays out
    last_data: date | None = None
    last_day: date | None = None
    event: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing or does not fit: the field, and what to do in plain words."""

    field: str
    why: object


def lacks(terms: Terms, *, today: date, in_circle: bool) -> list[Lack]:
    """Why this cannot be signed yet; empty when every element is there. `in_circle`: the recipient stands in it."""
    found = [*_who(terms, in_circle), *_what(terms), *_what_for(terms), *_until(terms, today)]
    return [Lack(field, why) for field, why in found]


def _who(terms: Terms, in_circle: bool) -> Iterable[tuple[str, object]]:
    if not terms.person.strip():
        yield "signed_name", _("Your name is missing.")
    if not terms.discloser.strip():
        yield "recipient", _("Who gives it out is missing. Ask whoever runs this install.")
    if not terms.recipient.strip():
        yield "recipient", _("Write who receives it: a name, or what they are.")
    if terms.kind in OPENS and not in_circle:
        yield "recipient", _("Choose somebody who stands in your circle.")


def _what(terms: Terms) -> Iterable[tuple[str, object]]:
    things = set(terms.things)
    if not things:
        yield "things", _("Tick at least one thing.")
    if things - set(THINGS):
        yield "things", _("Tick things from the list.")
    if terms.kind == Kind.COUNSELLING and things - {NOTES}:
        yield "things", _("Your own notes need a page of their own. Take the other things out.")
    if terms.kind != Kind.COUNSELLING and NOTES in things:
        yield "things", _("Your own notes need a page of their own. Choose “A copy of my own notes”.")
    if terms.first_data and terms.last_data and terms.last_data < terms.first_data:
        yield "last_data", _("The last day comes before the first. Please look at both.")
    if terms.kind in OPENS and (terms.first_data or terms.last_data):
        yield "first_data", _("What they look at here has no first or last day. Give a copy instead.")


def _what_for(terms: Terms) -> Iterable[tuple[str, object]]:
    allowed = PURPOSES.get(terms.kind, ())
    if not allowed:
        yield "kind", _("Choose what kind it is.")
    elif not terms.purpose:
        yield "purpose", _("Choose what it is for.")
    elif terms.purpose not in allowed:
        alone = terms.purpose in (Purpose.LEGAL, Purpose.RESEARCH)
        other = _("That purpose needs a page of its own. Choose that kind, or another purpose.")
        yield "purpose", other if alone else _("That purpose does not go with this kind. Choose another one.")


def _until(terms: Terms, today: date) -> Iterable[tuple[str, object]]:
    if terms.last_day is None:
        yield "last_day", _("Choose the last day on which it holds.")
    elif terms.last_day < today:
        yield "last_day", _("That day is over. Choose a later one.")
    elif terms.last_day > today + LONGEST:
        yield "last_day", _("Choose a day within two years. You can sign again then.")


def fits(terms: Terms) -> bool:
    """Short enough to be read before it is signed."""
    named = max(len(terms.person), len(terms.discloser), len(terms.recipient))
    return named <= LONGEST_NAME and max(len(terms.purpose_words), len(terms.event)) <= LONGEST_TEXT


def covers(kind: str, things: Collection[str], *, thing: str, purpose: str = "") -> bool:
    """Does a consent in force cover this thing, for this purpose? Notes and proceedings: by their own kind alone."""
    if thing not in things:
        return False
    if (thing == NOTES) != (kind == Kind.COUNSELLING):
        return False
    return not purpose or purpose in PURPOSES.get(kind, ())


def opened(kind: str, things: Collection[str]) -> frozenset[str]:
    """What a signature opens to a place in the circle; empty for kinds that only give copies."""
    if kind not in OPENS:
        return frozenset()
    return frozenset(thing for thing in things if covers(kind, things, thing=thing))


# --- the text and the signature ---------------------------------------------------------------------------------------


def digest_of(text: str) -> str:
    """Names exactly this text, sign by sign."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_same(shown: str, text: str) -> bool:
    """Is what was on the page what is kept? `shown` is the digest that came back with the signature."""
    return hmac.compare_digest(shown.encode(), digest_of(text).encode())


# --- time -------------------------------------------------------------------------------------------------------------


def end_of(day: date, zone: str) -> datetime:
    """The moment after the last one of this day, where the person is."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def stands(status: str, *, expires_at: datetime, now: datetime) -> str:
    """A consent whose time has run out is over, whether or not anybody has written that down yet."""
    return Status.EXPIRED if status == Status.ACTIVE and expires_at <= now else status


def ends_soon(status: str, *, expires_at: datetime, now: datetime) -> bool:
    return stands(status, expires_at=expires_at, now=now) == Status.ACTIVE and expires_at - now <= SOON


def account_since(now: datetime) -> datetime:
    """The moment from which disclosures are accounted for, three years back."""
    try:
        return now.replace(year=now.year - ACCOUNT_FOR)
    except ValueError:  # 29 February
        return now.replace(year=now.year - ACCOUNT_FOR, day=28)


def renewed(terms: Terms, *, last_day: date) -> Terms:
    """The same again, until another day."""
    return replace(terms, last_day=last_day)
