"""Fills an empty install with people: each with 30 check-ins, a circle of four, shares, a plan for the week.

Somebody new was kind, an agreement waits for an answer, and the page that the physician's shares rest on ends soon:
so each Today asks and draws what it can.

The rows are what the house's own actions write, made by its own models inside the gate and sealed with each owner's own
key. Two things differ: they go in by the thousand, and nobody has a passphrase. A door is 32 random bytes, which is
what the real one looks like to the database, because argon2id would take hours of its own.
"""

import random
import secrets
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import Model

from handrail.agreements.models import Agreement
from handrail.agreements.rules import Line
from handrail.care.models import Medicine, Taken, Visit
from handrail.care.times import PartOfDay
from handrail.checkins.models import CheckIn, Start, UseDay
from handrail.consents.models import Consent
from handrail.consents.rules import Kind, Purpose, Status
from handrail.gate import Actor, Category, Role, gated, log
from handrail.gate.covers import needs_signature
from handrail.gate.models import Grant, LogHead, Membership
from handrail.gate.opening import opening
from handrail.kernel import clock, keys
from handrail.kernel.ids import LENGTH
from handrail.kernel.models import DataKey
from handrail.kindness.models import KindNote
from handrail.people.models import OwnWords, Person, Session
from handrail.people.sessions import SessionStore, hashed

CHECKINS = 30  # a person, one a day, the last one yesterday: Today then shows the form, its heaviest face
BATCH = 2000  # people a transaction: enough for one visit to each page of the random-keyed indexes to serve many rows
LETTER_OF_BYTE = bytes((string.ascii_letters + string.digits)[byte % 62].encode()[0] for byte in range(256))
NOTES = (None, None, "Slept at last.", "Long day. Called Sam before it got worse, and that helped.")


@dataclass(frozen=True)
class Place:
    """One of the four places in everybody's circle. `steps`: the member is that many people further on, in a ring."""

    steps: int
    role: Role
    shares: tuple[Category, ...]


CIRCLE = (
    Place(1, Role.FAMILY, (Category.FEELING, Category.HELP)),
    Place(2, Role.SPONSOR, (Category.FEELING, Category.CRAVINGS, Category.USE, Category.PLAN, Category.HELP)),
    Place(3, Role.FRIEND, (Category.FEELING,)),
    Place(4, Role.PHYSICIAN, (Category.CRAVINGS, Category.MEDICINE)),
)  # so everybody supports four people as well


def fill(how_many: int) -> list[str]:
    """Settle a crowd; answers the ids, in no order. At least six people: a circle has four others."""
    people = [_id() for _ in range(how_many)]
    for batch in _batches(people):
        _move_in(batch)
    for batch in _batches(range(how_many)):
        members = [[people[(i + place.steps) % how_many] for place in CIRCLE] for i in batch]
        owners = [people[i] for i in batch]
        _live(Actor.system("benchmark"), owners=owners, members=members)
    _let_the_database_look()
    return people


@transaction.atomic
def _move_in(people: Sequence[str]) -> None:
    actor = Actor.system("benchmark")
    fresh = {person: secrets.token_bytes(keys.KEY_BYTES) for person in people}
    for person, key in fresh.items():
        actor.keyring.hold(person, keys.AESGCM(key))
    wrapped = [(person, *keys.wrap(person, key)) for person, key in fresh.items()]
    _store(DataKey(owner_id=person, wrapped_by=by, wrapped=key) for person, by, key in wrapped)
    _open_accounts(actor, owners=people)


@gated("demo.seed", many=True, writes=True)
def _open_accounts(actor: Actor, *, owners: Sequence[str]) -> None:
    here, now = settings.HANDRAIL, clock.now()
    _store(
        Person(
            id=owner,
            door=secrets.token_bytes(32),
            recovery_door=secrets.token_bytes(32),
            name=f"Person {number}",
            time_zone=here.time_zone,
            country=here.country,
            joined_on=now.date(),
        )
        for number, owner in enumerate(owners)
    )
    _store(_session(owner, now) for owner in owners)


def _session(owner: str, now: datetime) -> Session:
    """A signed-in device, so that sessions are found among as many as a real install has."""
    store = SessionStore()
    data = {"_auth_user_id": owner, "_auth_user_hash": secrets.token_hex(32), "began": now.isoformat()}
    return Session(
        session_key=hashed(_id()),
        session_data=store.encode(data),
        expire_date=now + timedelta(seconds=settings.SESSION_COOKIE_AGE),
        person_id=owner,
        device="Firefox on Android",
        began_at=now,
        seen_at=now,
    )


@gated("demo.seed", many=True, writes=True)
def _live(actor: Actor, *, owners: Sequence[str], members: Sequence[Sequence[str]]) -> None:
    now, today = clock.now(), clock.today(settings.HANDRAIL.time_zone)
    actor.keyring.key_of(owners[0], also=owners)  # before rows stream in: nothing else can be asked meanwhile
    places = [
        Membership(
            id=_id(),
            owner_id=owner,
            member_id=member,
            role=place.role,
            since=now - timedelta(days=60),
            rung=place.steps,
            calls_member=f"{place.role.label} {place.steps}",
            called="Jo",
        )
        for owner, around in zip(owners, members, strict=True)
        for place, member in zip(CIRCLE, around, strict=True)
    ]
    told = {place.owner_id: place.id for place in places if place.role == Role.SPONSOR}
    signed = {place.id: _id() for place in places if needs_signature(place.role)}
    _store(places)
    _store(_grants(places, signed))
    _store(_consent(place, signed[place.id], now) for place in places if place.id in signed)
    _between_two(places, now)
    _store(row for owner in owners for row in _checkins(owner, now))
    _store(Start(id=_id(), owner_id=owner, began=(today - timedelta(days=142)).isoformat()) for owner in owners)
    _store(
        UseDay(id=_id(), owner_id=owner, key=_id(), day=(today - timedelta(days=18)).isoformat(), kind="used",
               told=[told[owner]], details="After the argument.", need="talk")
        for owner in owners
    )  # fmt: skip
    _store(OwnWords(id=_id(), owner_id=owner, for_use="using") for owner in owners)
    _medicine_and_visits(owners, now)
    _one_look_at_each(owners, now)


def _grants(places: Sequence[Membership], signed: Mapping[str, str]) -> Iterator[Grant]:
    shares = {place.role: place.shares for place in CIRCLE}
    for place in places:
        for category in shares[Role(place.role)]:
            consent = signed.get(place.id, "")
            yield Grant(id=_id(), membership_id=place.id, category=category, since=place.since, consent=consent)


def _consent(place: Membership, consent: str, now: datetime) -> Consent:
    """Signed two months ago; it ends in ten days."""
    ends = now + timedelta(days=10)
    return Consent(
        id=consent,
        owner_id=place.owner_id,
        status=Status.ACTIVE,
        membership_id=place.id,
        kind=Kind.SHARE,
        person="Jo",
        discloser="This house",
        recipient=place.calls_member,
        things=["cravings", "medicine"],
        purpose=Purpose.TREATMENT,
        last_day=ends.date().isoformat(),
        text="I let this house show my cravings and my medicine.",
        text_number=secrets.token_hex(32),
        language="en",
        form_version="1",
        zone=settings.HANDRAIL.time_zone,
        made_at=place.since,
        signed_at=place.since,
        expires_at=ends,
        signed_name="Jo",
        signed_by=place.owner_id,
    )


def _between_two(places: Sequence[Membership], now: datetime) -> None:
    """A kind word from the friend, not read yet, and the sponsor's side of an agreement."""
    friends = [place for place in places if place.role == Role.FRIEND]
    sponsors = [place for place in places if place.role == Role.SPONSOR]
    _store(
        KindNote(id=_id(), owner_id=place.owner_id, membership_id=place.id, words="Thinking of you.", sent_at=now)
        for place in friends
    )
    _store(
        Agreement(
            id=_id(),
            owner_id=place.owner_id,
            membership_id=place.id,
            kind="limits",
            state="offered",
            version=1,
            owner_yes=False,
            member_yes=True,
            member_lines=[Line("I can drive on Sundays").as_json()],
            changed_at=now,
        )
        for place in sponsors
    )


def _checkins(owner: str, now: datetime) -> Iterator[CheckIn]:
    zone = settings.HANDRAIL.time_zone
    for ago in range(1, CHECKINS + 1):
        at = now - timedelta(days=ago)
        yield CheckIn(
            id=_id(),
            owner_id=owner,
            key=_id(),
            day=clock.local_day(at, zone),
            at=at,
            received_at=at,
            zone=zone,
            mood=random.randint(1, 5),
            craving=random.randint(0, 3),
            sleep=random.randint(1, 3),
            medicine="taken",
            note=random.choice(NOTES),
        )


def _medicine_and_visits(owners: Sequence[str], now: datetime) -> None:
    """One medicine, taken yesterday, and two visits within the week: three rows of "Coming up"."""
    taken_by = {owner: _id() for owner in owners}
    _store(
        Medicine(id=medicine, owner_id=owner, name="Morning film", part_of_day=PartOfDay.MORNING, since=now)
        for owner, medicine in taken_by.items()
    )
    yesterday = now - timedelta(days=1)
    _store(
        Taken(id=_id(), owner_id=owner, medicine_id=medicine, day=yesterday.date(), at=yesterday)
        for owner, medicine in taken_by.items()
    )
    _store(
        Visit(id=_id(), owner_id=owner, at=now + timedelta(days=days), title="Group at 6 pm", place="Fifth Street")
        for owner in owners
        for days in (1, 4)
    )


def _one_look_at_each(owners: Sequence[str], now: datetime) -> None:
    """The first entry of everybody's access log, chained on as `log.write` does it."""
    heads = [LogHead(owner_id=owner, digest=log.FIRST) for owner in owners]
    nothing = log._Part("", frozenset(), (), 0)
    entries = [log._entry(opening(), head, now, nothing) for head in heads]
    for head, entry in zip(heads, entries, strict=True):
        head.number, head.digest = entry.number, entry.digest
    _store(heads)
    _store(entries)


@gated("demo.seed", many=True, writes=True)
def forget_todays_checkins(actor: Actor, *, owners: Sequence[str]) -> None:
    """Back to the morning, so that nobody checks in a hundred times a day."""
    CheckIn.objects.filter(received_at__gt=clock.now() - timedelta(hours=20)).delete()


def _store(rows: Iterable[Model]) -> None:
    """What `bulk_create` does, column by column through the models' own fields, but by the database's fast way in."""
    rows, database = iter(rows), connections["default"]  # itself: its proxy would be asked a hundred million times
    first = next(rows)
    fields, table = first._meta.concrete_fields, first._meta.db_table
    columns = ", ".join(field.column for field in fields)
    values = (
        [field.get_db_prep_save(field.pre_save(row, add=True), database) for field in fields]
        for row in chain([first], rows)
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # COPY does not go through wall five; what it brought to the door does
            cursor.execute(f"CREATE TEMPORARY TABLE arrived (LIKE {table}) ON COMMIT DROP")
            with cursor.copy(f"COPY arrived ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            cursor.execute(f"INSERT INTO {table} SELECT * FROM arrived")
            cursor.execute("DROP TABLE arrived")
        else:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})", values)


def _let_the_database_look() -> None:
    """What PostgreSQL's autovacuum would have done over the months that this crowd took to arrive."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _batches(items: Sequence) -> Iterator[Sequence]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def _id() -> str:
    """Looks like `new_id()`, ten times as fast, and could be guessed: for invented people only."""
    return random.randbytes(LENGTH).translate(LETTER_OF_BYTE).decode()
