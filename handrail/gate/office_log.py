"""The office log: who made or ended a program, a place at one or a post of the install. Append-only, one chain.

It holds ids and nothing of anybody's records: names are looked up when it is read, and go with the account. Its digests
are keyed with the key file, and so is its end: whoever has the database alone can neither change an entry nor write
one, nor cut some off. What it cannot show: the whole log gone, or it all put back as it was in an older copy.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from handrail.gate.actor import Actor
from handrail.gate.categories import PostKind
from handrail.gate.log import FIRST
from handrail.gate.models import OfficeEntry, OfficeHead, Program, Staff
from handrail.kernel import clock
from handrail.kernel.keys import install_keys

ONE = 1  # there is one head
AT_ONCE = 2000
PERSON = "person:"


@dataclass(frozen=True, slots=True)
class Act:
    """One line. `by` and `about` are accounts, `by` empty for the machine; their names as they are at that program."""

    number: int
    at: datetime
    action: str
    by: str
    by_name: str
    about: str
    about_name: str
    program: str
    post_word: str


@dataclass(frozen=True, slots=True)
class Checked:
    broken_at: int | None = None
    newly: bool = False


def note(actor: Actor, action: str, *, program: str = "", post: str = "", about: str = "") -> None:
    """Write down what was just done, after all that it locks, so that two acts cannot wait for each other.

    `about`: the account whose place or post it is.
    """
    OfficeHead.objects.bulk_create([OfficeHead(id=ONE, digest=FIRST, seal=_seal(0, FIRST))], ignore_conflicts=True)
    head = OfficeHead.objects.select_for_update().get(pk=ONE)
    last = OfficeEntry.objects.aggregate(last=Max("number"))["last"] or 0  # past the head if somebody set that back
    entry = OfficeEntry(
        number=max(head.number, last) + 1, at=clock.now(), actor=actor.name_in_log,
        action=action, program=program, post=post, about=about,
    )  # fmt: skip
    entry.digest = digest_of(entry, bytes(head.digest))
    entry.save(force_insert=True)
    head.number, head.digest = entry.number, entry.digest
    head.seal = _seal(head.number, entry.digest)
    head.save(update_fields=["number", "digest", "seal"])


def newest(*, before: int | None, most: int) -> list[Act]:
    """The newest `most` acts, or the newest before number `before`. Three queries."""
    rows = OfficeEntry.objects.all() if before is None else OfficeEntry.objects.filter(number__lt=before)
    found = list(rows.order_by("-number")[:most])
    places = {entry.program for entry in found if entry.program}
    programs = dict(Program.objects.filter(pk__in=places).values_list("pk", "name"))
    staff = Staff.objects.filter(program_id__in=places).order_by("since", "id")
    names = {(row.program_id, row.person_id): row.name for row in staff}
    return [_act(entry, programs, names) for entry in found]


def check() -> Checked:
    """Follow the whole chain, and remember the first entry that does not fit."""
    with transaction.atomic():
        head = OfficeHead.objects.select_for_update().filter(pk=ONE).first()  # nobody writes on meanwhile
        broken_at = _first_that_does_not_fit(head)
        before = head.broken_at if head else None
        if broken_at is not None and head is None:  # somebody took the head away: the entries show it
            head = OfficeHead(id=ONE, digest=FIRST, seal=FIRST)
            head.save(force_insert=True)
        OfficeHead.objects.filter(pk=ONE).update(broken_at=broken_at)
    return Checked(broken_at, newly=broken_at is not None and before is None)


def broken_at() -> int | None:
    """What the last look found."""
    found: int | None = OfficeHead.objects.filter(pk=ONE).values_list("broken_at", flat=True).first()
    return found


def began() -> bool:
    return OfficeHead.objects.exists() or OfficeEntry.objects.exists()


def digest_of(entry: OfficeEntry, before: bytes) -> bytes:
    said = [
        entry.number, entry.at.isoformat(), entry.actor, entry.action, entry.program, entry.post, entry.about
    ]  # fmt: skip
    return hmac.digest(install_keys().pepper, b"office log|" + before + json.dumps(said).encode(), hashlib.sha256)


def _seal(number: int, digest: bytes) -> bytes:
    return hmac.digest(install_keys().pepper, f"office log ends|{number}|".encode() + digest, hashlib.sha256)


def _first_that_does_not_fit(head: OfficeHead | None) -> int | None:
    number, digest = 0, FIRST
    while rows := list(OfficeEntry.objects.filter(number__gt=number).order_by("number")[:AT_ONCE]):
        for entry in rows:
            fits = hmac.compare_digest(bytes(entry.digest), digest_of(entry, digest))
            if entry.number != number + 1 or not fits:
                return number + 1
            number, digest = entry.number, bytes(entry.digest)
    if head is None:
        return number or None
    ends = head.number == number and bytes(head.digest) == digest
    return None if ends and hmac.compare_digest(bytes(head.seal), _seal(number, digest)) else number + 1


def _act(entry: OfficeEntry, programs: dict[str, str], names: dict[tuple[str, str], str]) -> Act:
    by = entry.actor.removeprefix(PERSON) if entry.actor.startswith(PERSON) else ""
    return Act(
        number=entry.number,
        at=entry.at,
        action=entry.action,
        by=by,
        by_name=names.get((entry.program, by), ""),
        about=entry.about,
        about_name=names.get((entry.program, entry.about), ""),
        program=programs.get(entry.program, ""),
        post_word=str(PostKind(entry.post).label) if entry.post else "",
    )
