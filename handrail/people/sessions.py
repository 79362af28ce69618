"""Sessions: Django's database store, with a coarse device name and without anything that a stolen backup could use.

The row is found by a hash of the cookie's key, and its data is sealed, so a copy of the database signs nobody in and
shows nothing that was waiting in a session (recovery words until they are written down, a new code-app secret).
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import DateTimeField, Exists, F, OuterRef, QuerySet

from handrail.gate.prepared import Given, Prepared
from handrail.kernel import clock
from handrail.people.models import Person, Session, along
from handrail.people.strongbox import Damaged, Strongbox

BEGAN, DEVICE = "began", "device"
NOTED_EVERY = timedelta(hours=1)
NOT_SIGNED_IN_FOR = 24 * 60 * 60  # seconds that a session of somebody without an account is kept


def _live() -> "QuerySet[Session]":
    now = Given("now", DateTimeField())
    later = Session.objects.filter(person_id=OuterRef("person_id"), began_at__gt=OuterRef("began_at"))
    return (
        Session.objects.filter(session_key=Given("key"), expire_date__gt=now)
        .select_related("person")
        .annotate(
            **along("person_id"),
            used_at=F("noted__used_at"),
            locked=F("noted__locked"),
            wrong=F("noted__wrong"),
            newcomers=Exists(later.filter(expire_date__gt=now).exclude(noted__known=True)),
        )
    )


_LIVE = Prepared(_live)


class SessionStore(DatabaseStore):
    seen_at: datetime | None = None
    used_at: datetime | None = None  # this and what follows: only where the app lock is on (`locking`)
    locked = False
    wrong = 0
    newcomers = False  # somebody signed in to this account later, and nobody has said who that was
    brought: Person | None = None  # whose session this is, read in the same question

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    # one key in the cookie, its hash in the database
    def _get_session_from_db(self) -> Session | None:
        row = None
        if self.session_key is not None:
            row = _LIVE.first(key=hashed(self.session_key), now=clock.now())
        if row is None:
            self._session_key = None
        else:
            self.seen_at = row.seen_at
            noted: Any = row  # of the annotations
            self.used_at, self.locked, self.wrong = noted.used_at, bool(noted.locked), noted.wrong or 0
            self.newcomers = bool(noted.newcomers)
            self.brought = _brought(row)
        return row

    async def _aget_session_from_db(self) -> Session | None:
        return await sync_to_async(self._get_session_from_db)()

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=hashed(session_key)).exists()

    async def aexists(self, session_key: str) -> bool:
        return await sync_to_async(self.exists)(session_key)

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            Session.objects.filter(session_key=hashed(key)).delete()

    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = clock.now()
        self.seen_at = now
        return Session(
            session_key=hashed(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=now + timedelta(seconds=self._lives_for(data)),
            person_id=data.get(SESSION_KEY),
            device=data.get(DEVICE, ""),
            began_at=datetime.fromisoformat(data[BEGAN]) if BEGAN in data else now,
            seen_at=now,
        )

    async def acreate_model_instance(self, data: dict[str, Any]) -> Session:
        return await sync_to_async(self.create_model_instance)(data)

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expire_date__lt=clock.now()).delete()

    def get_session_cookie_age(self) -> int:
        return self._lives_for(self._session)  # type: ignore[attr-defined]

    def encode(self, session_dict: dict[str, Any]) -> str:
        return _box().seal(self.serializer().dumps(session_dict))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self.serializer().loads(_box().open(str(session_data)))
        except Damaged:
            return {}  # as Django does: whoever holds this cookie signs in again
        return found

    # what the list of devices shows
    def begin_for(self, device: str) -> None:
        """Somebody signed in here: the moment and the device, for the list in Me."""
        self[BEGAN] = clock.now().isoformat()
        self[DEVICE] = device

    def note_visit(self) -> None:
        """Once an hour, remember that this device is in use; its cookie is renewed with it."""
        if self.seen_at is not None and clock.now() - self.seen_at >= NOTED_EVERY:
            self.modified = True

    @staticmethod
    def _lives_for(data: dict[str, Any]) -> int:
        return settings.SESSION_COOKIE_AGE if SESSION_KEY in data else NOT_SIGNED_IN_FOR


def _brought(row: Session) -> Person | None:
    """The account as `Person.objects.here()` would yield it; None where that would yield none."""
    if row.person is None or not row.person.is_active or row.key_wrapped is None:  # type: ignore[attr-defined]
        return None
    for name in ("key_wrapped_by", "key_wrapped", "phone_stopped"):
        setattr(row.person, name, getattr(row, name))
    return row.person


def hashed(session_key: str) -> str:
    """What the database knows a session by. The key has 165 random bits, so a plain hash is enough."""
    return sha256(session_key.encode()).hexdigest()[:40]


def _box() -> Strongbox:
    return Strongbox.named("session")
