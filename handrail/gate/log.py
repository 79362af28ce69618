"""The access log: append-only, one hash chain for each owner, read by the owner in plain words.

Written by the gate itself when somebody else came to the records, or when the owner changed who sees what. It says
which categories were really opened, because the sealed fields report each opening.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from handrail.gate.actor import Actor
from handrail.gate.models import LogEntry, LogHead
from handrail.gate.opening import Opening, opening
from handrail.gate.policy import Rule
from handrail.gate.prepared import PreparedAmong
from handrail.gate.rights import Place
from handrail.kernel import clock
from handrail.kernel.errors import NotHere

FIRST = b"\x00" * 32
REFUSED = "refused:"
A_WHILE = timedelta(hours=1)
LOOK_BACK = 1000  # entries: however busy a log is, one more line costs no more than this
MOST_STAFF = 400  # letters; one name and its program have up to 142


def write(here: Opening, rule: Rule) -> None:
    """Each owner's entries, in one short transaction; nothing when only the owner looked at their own.

    One entry for each signed consent that something was opened under, and one for all that needs none.
    """
    owners = sorted(_owners_to_note(here, rule))
    if not owners:
        return
    with transaction.atomic():
        heads, now = _lock_heads(owners), clock.now()
        entries = [_entry(here, head, now, part) for head in heads for part in _parts(here, head.owner_id)]
        LogEntry.objects.bulk_create(entries)
        # As one upsert: the rows are locked and there, and a bulk_update costs several times as much to put together.
        LogHead.objects.bulk_create(
            heads, update_conflicts=True, unique_fields=["owner"], update_fields=["number", "digest"]
        )


def _lock_heads(owners: list[str]) -> list[LogHead]:
    """The heads of these owners, made where missing; in one order everywhere, so that two openings cannot deadlock."""
    heads = _LOCKED.rows(owners)
    if len(heads) == len(owners):
        return heads
    known = {head.owner_id for head in heads}
    fresh = [LogHead(owner_id=owner, digest=FIRST) for owner in owners if owner not in known]
    LogHead.objects.bulk_create(fresh, ignore_conflicts=True)
    return _LOCKED.rows(owners)


_LOCKED = PreparedAmong(
    lambda owners: LogHead.objects.select_for_update().filter(owner_id__in=owners).order_by("owner_id")
)


def newest(owner_id: str, *, before: int | None, most: int) -> list[LogEntry]:
    """The owner's entries, newest first; their gate must be open as a whole."""
    if not opening().allows(owner_id, None):
        raise NotHere
    entries = LogEntry.objects.filter(owner_id=owner_id)
    if before is not None:
        entries = entries.filter(number__lt=before)
    return list(entries.order_by("-number")[:most])


def _owners_to_note(here: Opening, rule: Rule) -> set[str]:
    actor = here.actor
    if actor.is_preview:
        return set()
    if rule.logged or (here.writes and not actor.is_system):
        others = {owner for owner in here.allowed if rule.logged or owner != actor.person_id}
    else:
        others = set()
    return others | {owner for owner, _ in here.touched if owner != actor.person_id and not actor.is_system}


@dataclass(frozen=True, slots=True)
class _Part:
    """What went out under one consent (or under none), and the places that it went through."""

    consent: str
    categories: frozenset[str]
    places: Sequence[Place]
    items: int


def _parts(here: Opening, owner_id: str) -> list[_Part]:
    """By consent. Two programs of one person each account for what their own page covers, and for no more."""
    opened = {category: count for (owner, category), count in here.touched.items() if owner == owner_id}
    right = here.actor.right_to(owner_id) if owner_id != here.actor.person_id else None
    places = right.places if right else ()
    if given := here.given_out.get(owner_id):
        return [_Part(given.consent, given.categories, places[:1], given.items)]
    under: dict[str, set[str]] = {}
    through: dict[str, list[Place]] = {}
    for place in places:
        for category in place.categories.intersection(opened):
            consent = place.consents.get(category, "")
            under.setdefault(consent, set()).add(category)
            if place not in through.setdefault(consent, []):
                through[consent].append(place)
    unshared = opened.keys() - set().union(*under.values())  # a note, an agreement, the name: no share stands behind it
    if unshared or not under:
        under.setdefault("", set()).update(unshared)
    return [
        _Part(consent, frozenset(found), through.get(consent) or places[:1], sum(opened[each] for each in found))
        for consent, found in under.items()
    ]


def _entry(here: Opening, head: LogHead, now: datetime, part: _Part) -> LogEntry:
    """The next entry of this chain; the head moves on to it."""
    given = here.given_out.get(head.owner_id)
    if part.consent and part.places:
        here.actor.under[head.owner_id] = part.consent
    entry = LogEntry(
        owner_id=head.owner_id,
        number=head.number + 1,
        at=now,
        actor=here.actor.name_in_log,
        membership=part.places[0].membership_id if part.places else "",
        action=here.action,
        categories=",".join(sorted(part.categories)),
        channel=given.channel if given else here.actor.channel,
        consent=part.consent,
        items=part.items if part.consent else None,
        staff="; ".join(place.staff for place in part.places)[:MOST_STAFF],
    )
    entry.digest = digest_of(entry, bytes(head.digest))
    head.number, head.digest = entry.number, entry.digest
    return entry


def refused(actor: Actor, *, owner_id: str, action: str, place: Place | None = None, consent: str = "") -> None:
    """Write down that something under a signed consent was refused, once an hour for each recipient and action."""
    said, membership = f"{REFUSED}{action}"[:60], place.membership_id if place else ""
    with transaction.atomic():
        (head,), now = _lock_heads([owner_id]), clock.now()
        same = LogEntry.objects.filter(
            owner_id=owner_id, action=said, membership=membership, consent=consent,
            number__gt=max(0, head.number - LOOK_BACK), at__gt=now - A_WHILE,
        )  # fmt: skip
        if same.exists():
            return
        entry = LogEntry(
            owner_id=owner_id, number=head.number + 1, at=now, actor=actor.name_in_log, membership=membership,
            action=said, channel=actor.channel, staff=(place.staff if place else "")[:MOST_STAFF], consent=consent,
        )  # fmt: skip
        entry.digest = digest_of(entry, bytes(head.digest))
        entry.save(force_insert=True)
        head.number, head.digest = entry.number, entry.digest
        head.save()


def disclosed(owner_id: str, *, since: datetime, before: int | None, most: int) -> list[LogEntry]:
    """What was opened or given out under a signed consent, or refused, since then; newest first."""
    if not opening().allows(owner_id, None):
        raise NotHere
    signed_or_refused = ~Q(consent="") | Q(action__startswith=REFUSED)
    entries = LogEntry.objects.filter(signed_or_refused, owner_id=owner_id, at__gte=since)
    if before is not None:
        entries = entries.filter(number__lt=before)
    return list(entries.order_by("-number")[:most])


def digest_of(entry: LogEntry, before: bytes) -> bytes:
    said = [
        entry.id, entry.owner_id, entry.number, entry.at.isoformat(), entry.actor,
        entry.membership, entry.action, entry.categories, entry.channel,
    ]  # fmt: skip
    if entry.staff or entry.consent:  # columns that came later: what was written before them still holds
        said += [entry.staff, entry.consent]
    if entry.items is not None:
        said += [entry.items]
    return hashlib.sha256(before + json.dumps(said).encode()).digest()


def carried_out(owner_id: str) -> list[dict[str, Any]]:
    """Every entry as plain values, oldest first, for the owner who takes it with them."""
    if not opening().allows(owner_id, None):
        raise NotHere
    names = ("number", "at", "actor", "membership", "action", "categories", "channel", "staff", "consent", "items")
    rows = LogEntry.objects.filter(owner_id=owner_id).order_by("number").values(*names)
    return [{**row, "at": row["at"].isoformat()} for row in rows]
