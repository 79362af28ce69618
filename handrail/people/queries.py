"""What is known of an account. Only its owner (or the system, with a reason) is told."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator

from handrail.delivery import ways
from handrail.gate import Actor, gated, programs
from handrail.gate.carrying import carried_out
from handrail.gate.categories import PostKind
from handrail.gate.offices import by_office
from handrail.gate.prepared import PreparedRecords
from handrail.kernel import clock
from handrail.people import door
from handrail.people.models import OwnWords, Person, Session, Token, View
from handrail.people.scopes import SCOPES
from handrail.people.sessions import hashed

PERSON, SUPPORTER, STAFF = View.PERSON.value, View.SUPPORTER.value, View.STAFF.value


@dataclass(frozen=True, slots=True)
class Profile:
    person_id: str
    name: str
    time_zone: str  # an IANA name
    country: str  # ISO 3166, two letters
    language: str
    joined_on: date
    view: str
    words_written: bool  # they said that their recovery words are written down


@dataclass(frozen=True, slots=True)
class Works:
    """What somebody is here besides a person: the names of programs where they work, and the operator's post."""

    programs: tuple[str, ...]
    runs_the_install: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What the person calls use and recovery; empty where they have chosen nothing."""

    for_use: str = ""
    for_recovery: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    ref: str
    name: str
    began_at: datetime
    seen_at: datetime
    this_one: bool


@dataclass(frozen=True, slots=True)
class Passkey:
    id: int
    name: str  # the device it was made on
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How an account is opened besides name and passphrase."""

    words_written: bool
    code_app: bool
    spare_codes_left: int
    passkeys: tuple[Passkey, ...]


@dataclass(frozen=True, slots=True)
class TokenLine:
    id: str
    label: str
    scopes: tuple[str, ...]
    made_at: datetime
    used_on: date | None

    @property
    def may(self) -> list[str]:
        """What it may do, in words."""
        return [str(SCOPES[scope]) for scope in self.scopes if scope in SCOPES]


@by_office("post.own")
def works(actor: Actor) -> Works:
    """Where this person works, and whether they run this install. Neither opens anything of anybody."""
    desks, posts = programs.desks_of(actor.me), programs.posts_of(actor.me)
    return Works(tuple(desk.program for desk in desks), PostKind.OPERATOR in posts)


@gated("account.read")
def profile(actor: Actor, *, owner: str) -> Profile:
    person = Person.objects.get(pk=owner)
    return Profile(
        person_id=owner,
        name=person.name,
        time_zone=person.time_zone,
        country=person.country,
        language=person.language,
        joined_on=person.joined_on,
        view=View(person.view).value,
        words_written=person.words_written,
    )


@gated("account.read")
def erase_at(actor: Actor, *, owner: str) -> datetime | None:
    """When this account will be erased; None while nobody asked for that."""
    return Person.objects.values_list("erase_at", flat=True).get(pk=owner)


_OWN_WORDS = PreparedRecords(OwnWords, lambda rows: rows(OwnWords))


@gated("account.read")
def own_words(actor: Actor, *, owner: str) -> Words:
    found = _OWN_WORDS.first()
    return Words(found.for_use, found.for_recovery) if found else Words()


@gated("account.read")
def is_passphrase(actor: Actor, *, owner: str, passphrase: str) -> bool:
    return door.opens(Person.objects.get(pk=owner), passphrase)


@gated("account.read")
def devices(actor: Actor, *, owner: str, session_key: str | None) -> list[Device]:
    """Where this account is signed in now, the device that asks first, then the latest seen."""
    here = hashed(session_key) if session_key else ""
    rows = Session.objects.filter(person_id=owner, expire_date__gt=clock.now()).order_by("-seen_at")
    found = [Device(row.session_key, row.device, row.began_at, row.seen_at, row.session_key == here) for row in rows]
    return sorted(found, key=lambda device: not device.this_one)


@gated("account.read")
def newcomers(actor: Actor, *, owner: str, session_key: str | None) -> list[Device]:
    """Devices that signed in after this one and that nobody has recognised, oldest first.

    Only an older device is asked about a newer one: so somebody who got in cannot vouch for themself.
    """
    mine = Session.objects.filter(session_key=hashed(session_key or ""))
    later = Session.objects.filter(
        person_id=owner, expire_date__gt=clock.now(), began_at__gt=mine.values("began_at")[:1]
    )
    rows = later.exclude(noted__known=True).order_by("began_at")
    return [Device(row.session_key, row.device, row.began_at, row.seen_at, False) for row in rows]


@gated("account.read")
def tokens(actor: Actor, *, owner: str) -> list[TokenLine]:
    """Live API tokens, newest first. The token itself is known to nobody after it was shown."""
    rows = Token.objects.filter(ended_at=None).order_by("-made_at")
    return [TokenLine(row.id, row.label, tuple(row.scopes), row.made_at, row.used_on) for row in rows]


@gated("account.read")
def ways_in(actor: Actor, *, owner: str) -> WaysIn:
    kinds: dict[str, list[Authenticator]] = {}
    for one in Authenticator.objects.filter(user_id=owner).order_by("created_at"):
        kinds.setdefault(one.type, []).append(one)
    spare = kinds.get(Authenticator.Type.RECOVERY_CODES, [])
    return WaysIn(
        words_written=Person.objects.values_list("words_written", flat=True).get(pk=owner),
        code_app=Authenticator.Type.TOTP in kinds,
        spare_codes_left=sum(len(one.wrap().get_unused_codes()) for one in spare),
        passkeys=tuple(
            Passkey(one.pk, one.wrap().name, one.created_at, one.last_used_at)
            for one in kinds.get(Authenticator.Type.WEBAUTHN, [])
        ),
    )


def has_passkey(person_id: str) -> bool:
    """Asked between the two steps of signing in, when there is no actor yet; says nothing about what is recorded."""
    return Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.WEBAUTHN).exists()


def is_anybody_here() -> bool:
    """Has this install any account at all? For starting up; it says nothing about anybody."""
    return Person.objects.exists()


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[dict[str, object]]]:
    """The account, own words, ways to be reached and devices. Nothing that opens the account, no token."""
    person = profile(actor, owner=owner)
    return {
        "profile": [{**_plainly(person), "joined_on": person.joined_on.isoformat()}],
        "own_words": carried_out(OwnWords, owner),
        "ways": [{**_plainly(way), "failing_since": None} for way in ways.list_ways(actor, owner=owner)],
        "devices": [
            {"name": one.name, "began_at": one.began_at.isoformat(), "seen_at": one.seen_at.isoformat()}
            for one in devices(actor, owner=owner, session_key=None)
        ],
    }


def _plainly(found: Profile | ways.WaySeen) -> dict[str, object]:
    return asdict(found)
