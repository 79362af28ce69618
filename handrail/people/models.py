"""Accounts. The name is sealed like everything else about a person: a stolen database does not say who is here."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils.crypto import salted_hmac

from handrail.delivery.models import Way
from handrail.gate import Record
from handrail.gate.prepared import Given, Prepared
from handrail.kernel.ids import IdField
from handrail.kernel.models import DataKey
from handrail.kernel.sealed import SealedField


def along(person: str) -> dict[str, Any]:
    """What comes along in the question for an account; `person` is where its id stands."""
    key = DataKey.objects.filter(owner_id=OuterRef(person))
    return {
        "key_wrapped_by": Subquery(key.values("wrapped_by")),
        "key_wrapped": Subquery(key.values("wrapped")),
        "phone_stopped": Exists(Way.objects.filter(person_id=OuterRef(person), stopped_at__isnull=False)),
    }


class PersonManager(BaseUserManager["Person"]):
    def here(self) -> "models.QuerySet[Person]":
        """Who can be signed in: their account is open and their key exists.

        In the same query come the key, and whether a phone of theirs said STOP: every Today tells them.
        """
        has_a_key = {"key_wrapped__isnull": False}
        return self.filter(is_active=True).annotate(**along("pk")).filter(**has_a_key)

    def here_by_id(self, person_id: str) -> "Person | None":
        """`here()` for one person, not put together anew each time. (Who has a session comes along with that.)"""
        return _HERE_BY_ID.first(person=person_id)


_HERE_BY_ID = Prepared(lambda: Person.objects.here().filter(pk=Given("person")))


class View(models.TextChoices):
    """One account can be all of them; which pages open first is switched in Me."""

    PERSON = "person"
    SUPPORTER = "supporter"
    STAFF = "staff"  # who works at a program


class Person(AbstractBaseUser):
    """Whoever has an account. There is no e-mail and no unique user name: see `door.py` for how somebody signs in."""

    id = IdField()
    password = None  # type: ignore[assignment]  # what is known of the passphrase is in `door`
    last_login = None  # type: ignore[assignment]  # nobody needs to know
    door = models.BinaryField(max_length=32, unique=True)
    recovery_door = models.BinaryField(max_length=32, unique=True, null=True)
    name = SealedField(owner_attr="id")
    time_zone = models.CharField(max_length=64)
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=12, default="en")
    is_active = models.BooleanField(default=True)
    erase_at = models.DateTimeField(null=True)  # they asked for it; until then they can take it back
    joined_on = models.DateField()  # the day, not the hour: an hour could tell two people who met that evening
    words_written = models.BooleanField(default=False)  # "I have written them down" was said of the recovery words
    view = models.CharField(max_length=12, choices=View.choices, default=View.PERSON)  # what opens after signing in
    discreet = SealedField(owner_attr="id", null=True)  # see discreet.py; None: as it is for everybody

    objects = PersonManager()

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    @property
    def has_chosen(self) -> bool:
        """Is there anything in `discreet`? Answered without opening it."""
        return vars(self)["discreet"] is not None

    def get_session_auth_hash(self) -> str:
        """A new passphrase is a new door, and a new door ends every other session."""
        return salted_hmac("handrail.session", bytes(self.door), algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        yield from ()

    def has_usable_password(self) -> bool:
        """allauth asks this to know that the passphrase can be asked for once more (see `accounts.AccountAdapter`)."""
        return True


class Session(AbstractBaseSession):
    """A signed-in device. What it is called is coarse ("Firefox on Android"); no address is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, db_constraint=False, related_name="+")
    device = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    @classmethod
    def get_session_store_class(cls):  # type: ignore[no-untyped-def]  # Django's own signature has none
        from handrail.people.sessions import SessionStore

        return SessionStore


class AtDevice(models.Model):
    """What is noted of a signed-in device and must not be undone when a page saves its session a moment later."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, primary_key=True, related_name="noted")
    used_at = models.DateTimeField(null=True)  # only kept where the app lock is on
    locked = models.BooleanField(default=False)
    wrong = models.PositiveSmallIntegerField(default=0)  # tries with a PIN that did not fit, since the last right one
    known = models.BooleanField(default=False)  # its person said from another device: "that was me"


class Token(Record):
    """A personal API token: only its hash is kept; `scopes` names what it may do."""

    digest = models.BinaryField(max_length=32, unique=True)
    label = SealedField()
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)


class OwnWords(Record):
    """What a person calls use and recovery. Shown to nobody but them."""

    for_use = SealedField(default=str)
    for_recovery = SealedField(default=str)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("owner", name="one_set_of_own_words")]


class Tally(models.Model):
    """How often something was tried within one hour. `key` is an HMAC: it tells neither a name nor an address."""

    key = models.BinaryField(max_length=16)
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("key", "hour", name="one_tally_an_hour")]
