"""Reading consents: for the person, all of them; for whoever one lets in, what they may know of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField
from django.urls import reverse
from django.utils.translation import gettext as _

from handrail.care.queries import Upcoming
from handrail.consents import packing, rules, said
from handrail.consents.kinds import PURPOSE_WORDS, SEEN_FOR
from handrail.consents.models import Consent
from handrail.consents.rules import OPENS, Status, Terms
from handrail.consents.said import Block
from handrail.gate import Actor, gated
from handrail.gate import circle as places
from handrail.gate import log as access_log
from handrail.gate.carrying import Values, carried_out
from handrail.gate.circle import NOBODY, Known
from handrail.gate.prepared import Given, PreparedRecords
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.programs.said import shared

LINES_A_PAGE, MOST_LINES = 100, 10_000
GIVE_COPY = "consent.copy"
NOT_CARRIED = ("supersedes", "membership_id", "signed_by", "ended_by")


@dataclass(frozen=True, slots=True)
class Seen:
    """One consent as its person reads it. `status` is what it is at this moment."""

    id: str
    status: str
    version: int
    membership: str
    terms: Terms
    text: str
    digest: str
    zone: str
    made_at: datetime
    signed_at: datetime | None
    signed_name: str
    expires_at: datetime
    ended_at: datetime | None
    ended_how: str
    ends_soon: bool

    @property
    def blocks(self) -> list[Block]:
        """The very text, and under a signed one the signature."""
        found = said.blocks_of(self.text)
        if self.signed_at:
            signed = said.signature(name=self.signed_name, at=self.signed_at, zone=self.zone, digest=self.digest)
            found.append(signed)
        return found

    @property
    def status_words(self) -> str:
        if self.ended_how == packing.MOVED:
            return _("Over: it was signed on another Handrail")
        return said.status(self.status)

    @property
    def in_force(self) -> bool:
        return self.status == Status.ACTIVE

    @property
    def opens_pages(self) -> bool:
        return self.terms.kind in OPENS

    @property
    def things(self) -> str:
        return said.things(self.terms.things)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one consent lets somebody see now, in their words: nothing of what is not shared at this moment."""

    things: str
    purpose: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One line of the accounting: when, what, to whom, under which consent, what for, by which way."""

    number: int
    at: datetime
    who: str
    recipient: str
    things: str
    items: int | None  # in a copy: its lines; else the answers and texts that were opened
    consent: str
    version: int | None
    purpose: str
    channel: str
    refused: bool
    role: str  # what whoever it went to is to the person; may be empty
    copied: bool = False  # given out as a copy, by the person; else opened where it is kept

    @property
    def count(self) -> str:
        """How much it was, in words: empty where nothing was."""
        return said.how_much(self.items, copied=self.copied)


@gated("consent.read")
def all_of(actor: Actor, *, owner: str) -> list[Seen]:
    """In force first, then drafts, then those that are over, newest first."""
    now = clock.now()
    found = [_seen(row, now) for row in Consent.objects.order_by("-made_at", "pk")]
    rank = {Status.ACTIVE: 0, Status.DRAFT: 1}
    return sorted(found, key=lambda each: rank.get(Status(each.status), 2))


@gated("consent.read", about=Consent)
def one(actor: Actor, *, consent: str) -> Seen:
    row = Consent.objects.filter(pk=consent).first()
    if row is None:
        raise NotHere
    return _seen(row, clock.now())


@gated("consent.read")
def of_place(actor: Actor, *, owner: str, membership: str) -> Seen | None:
    """The one in force for somebody in the circle."""
    rows = Consent.objects.filter(membership_id=membership, status=Status.ACTIVE, expires_at__gt=clock.now())
    return next((_seen(row, clock.now()) for row in rows), None)


@gated("consent.read")
def coming_up(actor: Actor, *, owner: str) -> list[Upcoming]:
    """Consents that end within two weeks, for Today. Names nobody but the recipient, and nothing of what it covers."""
    now = clock.now()
    return [
        Upcoming(
            "file-text",
            _("%(who)s: your signature ends") % {"who": row.recipient},
            said.day(date.fromisoformat(row.last_day)),
            reverse("consent", args=[row.pk]),
        )
        for row in _ENDING.rows(now=now, soon=now + rules.SOON)
    ]


_ENDING = PreparedRecords(
    Consent,
    lambda rows: (
        rows(Consent)
        .filter(
            status=Status.ACTIVE,
            expires_at__gt=Given("now", DateTimeField()),
            expires_at__lte=Given("soon", DateTimeField()),
        )
        .order_by("expires_at")
    ),
)


@gated("member.see")
def scopes(actor: Actor, *, owner: str) -> list[Scope]:
    """What the consents behind this actor's places let them see now; empty where nothing rests on one."""
    right = actor.right_to(owner)
    signed = [place for place in right.places if place.consents] if right else []
    found = []
    for place in signed:
        for terms in places.terms_under(owner_id=owner, place=place):
            things, purpose = ", ".join(shared(terms.categories)), str(SEEN_FOR[terms.purpose])
            last_moment = terms.until - timedelta(seconds=1)  # an end at midnight is the end of the day before
            found.append(Scope(things, purpose, last_moment))
    return found


@gated("consent.read")
def accounting(actor: Actor, *, owner: str, before: int | None = None, most: int = LINES_A_PAGE) -> list[Disclosure]:
    """What was opened or given out under consents, or refused, in the last three years; newest first."""
    now = clock.now()
    consents = {row.pk: row for row in Consent.objects.all()}
    known = places.known_in_circle(owner)
    entries = access_log.disclosed(owner, since=rules.account_since(now), before=before, most=most)
    return [_disclosure(entry, consents, known) for entry in entries]


def _disclosure(entry: Any, consents: dict[str, Consent], known: dict[str, Known]) -> Disclosure:
    consent = consents.get(entry.consent)
    place = entry.membership or (consent.membership_id if consent else "")
    name = known.get(entry.membership, NOBODY).name
    return Disclosure(
        number=entry.number,
        at=entry.at,
        who=entry.staff or name or _("You"),
        recipient=consent.recipient if consent else name,
        things=said.things(entry.categories.split(",")),
        items=entry.items,
        consent=entry.consent,
        version=consent.version if consent else None,
        purpose=str(PURPOSE_WORDS[consent.purpose]) if consent else "",
        channel=_channel(entry.channel),
        refused=entry.action.startswith(access_log.REFUSED),
        role=known.get(place, NOBODY).role,
        copied=entry.action == GIVE_COPY,
    )


def _channel(found: str) -> str:
    known = {
        "page": _("on screen"),
        "api": _("through a program of theirs"),
        "pdf": _("as a PDF"),
        "print": _("as a page to print"),
    }
    return known.get(found, found)


def _seen(row: Consent, now: datetime) -> Seen:
    when = {"expires_at": row.expires_at, "now": now}
    return Seen(
        id=row.pk,
        status=rules.stands(row.status, **when),
        version=row.version,
        membership=row.membership_id,
        terms=packing.terms_of(row),
        text=row.text,
        digest=row.text_number,
        zone=row.zone,
        made_at=row.made_at,
        signed_at=row.signed_at,
        signed_name=row.signed_name or "",
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        ended_how=row.ended_how,
        ends_soon=rules.ends_soon(row.status, **when),
    )


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[Values]]:
    return {"consents": carried_out(Consent, owner, without=NOT_CARRIED)}
