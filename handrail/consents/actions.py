"""Writing, signing and ending a consent, and giving out a copy under one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handrail.circle import actions as circle
from handrail.consents import packing, rules, said
from handrail.consents.models import Consent
from handrail.consents.rules import ENDINGS, OPENS, THINGS, Status, Terms
from handrail.engine import bell, due
from handrail.gate import Actor, gated
from handrail.gate import circle as places
from handrail.gate import log as access_log
from handrail.gate.opening import GivenOut, opening
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere, TooLate
from handrail.library.statements import statements
from handrail.people import queries as people

SOON, OVER = "consent.soon", "consent.over"
TYPED = "typed-name"


class ReadAgain(TooLate):
    """What was on the page is not what is kept: nothing is signed, and the text is shown again."""

    message = gettext_lazy("The text has changed since you opened it. Please read it again, then sign.")


class NotCovered(TooLate):
    """No consent in force covers this. The refusal stands in the log."""

    code = "not_covered"
    message = gettext_lazy("Nothing was given out: no page that you signed covers this now. Sign one first.")


@gated("consent.write", writes=True)
def write(
    actor: Actor,
    *,
    owner: str,
    zone: str,
    kind: str,
    things: Sequence[str],
    purpose: str,
    last_day: date | None,
    membership: str = "",
    recipient: str = "",
    purpose_words: str = "",
    first_data: date | None = None,
    last_data: date | None = None,
    event: str = "",
    consent: str = "",
) -> str:
    """A draft, or new words for one (`consent`); answers its id. Invalid names the first thing that is missing.

    `membership`: the place that it opens pages to, for the kinds that do; it then says itself who receives.
    """
    opens = kind in OPENS
    terms = Terms(
        kind=kind,
        person=people.profile(actor, owner=owner).name,
        discloser=settings.HANDRAIL.run_by or settings.HANDRAIL.name,
        recipient=_recipient(owner, membership) if opens and membership else recipient,
        things=_in_order(things),
        purpose=purpose,
        purpose_words=said.one_row(purpose_words),
        first_data=first_data,
        last_data=last_data,
        last_day=last_day,
        event=said.one_row(event),
    )
    if opens and membership:
        _require_room(places.member_of(owner, membership), terms.things)
    _require_whole(terms, zone, in_circle=bool(opens and membership))
    row = _draft(consent) if consent else Consent(owner_id=owner, made_at=clock.now())
    return _keep(row, terms, zone, membership=membership if opens else "")


@gated("consent.write", about=Consent, writes=True)
def renew(actor: Actor, *, consent: str, zone: str, last_day: date) -> str:
    """A draft with the same words and a later day. Once it is signed, it takes the place of the older one."""
    old = _row(consent)
    if old.status == Status.DRAFT:
        raise TooLate
    terms = replace(
        rules.renewed(packing.terms_of(old), last_day=last_day),
        discloser=settings.HANDRAIL.run_by or settings.HANDRAIL.name,
        recipient=_recipient(old.owner_id, old.membership_id) if old.membership_id else old.recipient,
    )
    _require_whole(terms, zone, in_circle=bool(old.membership_id))
    row = Consent(owner_id=old.owner_id, made_at=clock.now(), version=old.version + 1, supersedes=old.pk)
    return _keep(row, terms, zone, membership=old.membership_id)


@gated("consent.write", about=Consent, writes=True)
def throw_away(actor: Actor, *, consent: str) -> None:
    """A draft that nobody signed."""
    _draft(consent).delete()


@gated("consent.sign", about=Consent, writes=True)
def sign(actor: Actor, *, consent: str, shown: str, name: str) -> None:
    """Sign exactly what was shown: `shown` is the number of the text on the page. ReadAgain when that has changed."""
    row = _draft(consent)
    if not rules.is_same(shown, row.text):
        raise ReadAgain
    if not name.strip():
        raise Invalid(_("Type your name to sign."), field="name")
    if len(name) > rules.LONGEST_NAME:
        raise Invalid(_("That name is very long. Please shorten it."), field="name")
    now = clock.now()
    if row.expires_at <= now:
        raise Invalid(_("The last day is over by now. Change the text and choose a later one."), field="name")
    _end_earlier(row)
    row.status, row.signed_at = Status.ACTIVE, now
    row.signed_name, row.signed_by, row.signed_how = said.one_row(name), actor.me, TYPED
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as why:  # two drafts for one place, signed at once: the other one stands
        raise TooLate from why
    if row.membership_id:
        places.share(owner_id=row.owner_id, wanted={row.membership_id: rules.opened(row.kind, row.things)})
        circle.look_again(actor, owner=row.owner_id)
    due.schedule(SOON, ref=row.pk, at=max(now, row.expires_at - rules.SOON))
    due.schedule(OVER, ref=row.pk, at=row.expires_at)
    bell.ring([row.owner_id, *_reached(row)])


@gated("consent.end", about=Consent, writes=True)
def end(actor: Actor, *, consent: str, how: str = Status.REVOKED) -> None:
    """Take it back, or say that it was signed by mistake. What rested on it is closed at once; nobody is told."""
    if how not in ENDINGS:
        raise NotHere
    row = _row(consent)
    if rules.stands(row.status, expires_at=row.expires_at, now=clock.now()) != Status.ACTIVE:
        raise TooLate
    _close(row, how, by=actor.me)
    circle.look_again(actor, owner=row.owner_id)
    bell.ring([row.owner_id, *_reached(row)])


@gated("consent.expire", about=Consent, writes=True)
def note_end(actor: Actor, *, consent: str) -> None:
    """Its last day is over. Shares have ended by themselves at that moment; now it is written down, and pages look."""
    row = Consent.objects.select_for_update().filter(pk=consent, status=Status.ACTIVE).first()
    if row is not None and row.expires_at <= clock.now():
        _close(row, Status.EXPIRED, by="")
        circle.look_again(actor, owner=row.owner_id)
        bell.ring([row.owner_id, *_reached(row)])


@gated("consent.expire", about=Consent)
def remind(actor: Actor, *, consent: str) -> None:
    """Two weeks are left: the owner's open pages say so under "Coming up". Nothing leaves the house."""
    row = Consent.objects.filter(pk=consent, status=Status.ACTIVE).first()
    if row is not None:
        bell.ring([row.owner_id])


def give_copy(actor: Actor, *, consent: str, channel: str) -> packing.Copy:
    """Exactly what one consent covers, written down as given out. NotCovered where it is not in force."""
    try:
        return _give_copy(actor, consent=consent, channel=channel)
    except NotCovered:
        _note_refusal(actor, consent=consent)
        raise


@gated("consent.copy", about=Consent, writes=True)
def _give_copy(actor: Actor, *, consent: str, channel: str) -> packing.Copy:
    row = _row(consent)
    if rules.stands(row.status, expires_at=row.expires_at, now=clock.now()) != Status.ACTIVE:
        raise NotCovered
    found = packing.copy_under(actor, row)
    given = GivenOut(row.pk, frozenset(packing.terms_of(row).things), found.items, channel)
    opening().given_out[row.owner_id] = given
    return found


@gated("consent.refuse", about=Consent, writes=True)
def _note_refusal(actor: Actor, *, consent: str) -> None:
    access_log.refused(actor, owner_id=_row(consent).owner_id, action="consent.copy", consent=consent)


def _require_room(member: places.Member, things: Sequence[str]) -> None:
    """A signature opens pages to those who need one; what a place cannot hold, no signature puts there."""
    if not member.needs_signature:
        raise Invalid(
            _("For %(name)s a tick is enough. There is nothing to sign.") % {"name": member.name}, field="kind"
        )
    if not member.may_hold.issuperset(things):
        raise Invalid(_("A program can’t get your calls for help or your place. Take these out."), field="things")


def _require_whole(terms: Terms, zone: str, *, in_circle: bool) -> None:
    if not rules.fits(terms):
        raise Invalid(_("Some of these words are very long. Please shorten them."), field="purpose_words")
    for lack in rules.lacks(terms, today=clock.today(zone), in_circle=in_circle):
        raise Invalid(str(lack.why), field=lack.field)


def _keep(row: Consent, terms: Terms, zone: str, *, membership: str) -> str:
    """Write the draft with the very text that will be shown."""
    content = statements()
    shown = content.of_kind(terms.kind)
    text = said.text_of(terms, shown, form_version=content.version)
    row.membership_id = membership
    row.kind, row.person, row.discloser = terms.kind, terms.person, terms.discloser
    row.recipient, row.things = terms.recipient.strip(), list(terms.things)
    row.purpose, row.purpose_words, row.event = terms.purpose, terms.purpose_words, terms.event
    row.first_data, row.last_data = _iso(terms.first_data), _iso(terms.last_data)
    assert terms.last_day is not None  # `lacks` has asked for it
    row.last_day, row.expires_at = terms.last_day.isoformat(), rules.end_of(terms.last_day, zone)
    row.statements, row.text, row.text_number = [each.id for each in shown], text, rules.digest_of(text)
    row.language, row.form_version, row.zone = content.language, content.version, zone
    row.save()
    return str(row.pk)


def _end_earlier(row: Consent) -> None:
    """One consent in force for a place, and for what it renews: the newer takes the place of the older."""
    live = Consent.objects.select_for_update().filter(status=Status.ACTIVE)
    earlier = live.filter(pk=row.supersedes) if row.supersedes else live.none()
    if row.membership_id:
        earlier = live.filter(membership_id=row.membership_id) | earlier
    for old in earlier:
        _close(old, Status.SUPERSEDED, by=row.owner_id)


def _close(row: Consent, how: str, *, by: str) -> None:
    row.status, row.ended_at, row.ended_by, row.ended_how = how, clock.now(), by, how
    row.save(update_fields=["status", "ended_at", "ended_by", "ended_how"])
    if row.membership_id:
        places.stop_under(owner_id=row.owner_id, consent=row.pk)
    for kind in (SOON, OVER):
        due.cancel(kind, ref=row.pk)


def _reached(row: Consent) -> list[str]:
    """Whose open pages change with it."""
    return places.people_at(row.owner_id, row.membership_id) if row.membership_id else []


def _recipient(owner: str, membership: str) -> str:
    member = places.member_of(owner, membership)
    return f"{member.name} ({member.role_word})"


def _row(consent: str) -> Consent:
    found: Consent | None = Consent.objects.select_for_update().filter(pk=consent).first()
    if found is None:
        raise NotHere
    return found


def _draft(consent: str) -> Consent:
    found = _row(consent)
    if found.status != Status.DRAFT:
        raise TooLate(_("This is signed. What is signed does not change; you can renew it or take it back."))
    return found


def _in_order(things: Sequence[str]) -> tuple[str, ...]:
    chosen = set(things)
    return (*(name for name in THINGS if name in chosen), *sorted(chosen - set(THINGS)))


def _iso(found: date | None) -> str | None:
    return found.isoformat() if found else None


@gated("import.write", writes=True)
def imported(actor: Actor, *, owner: str, data: dict[str, Any]) -> None:
    """What was signed on another install, to be read: it opens nothing here, and nothing is given out under it."""
    packing.take_in(owner, data.get("consents", []))
