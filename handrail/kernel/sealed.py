"""Encrypted fields: AES-256-GCM with the owner's data key, bound to table, column, row and owner.

A value moved to another row, column or person does not open; nor does a changed byte. Reading and writing both ask
the open gate for the owner's key, so a sealed value is out of reach wherever the gate is not open, whatever way the
row was fetched. A field that belongs to one category (`shared_as`) opens only for those who may see that category.
"""

import json
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from handrail.kernel.keys import NONCE_BYTES, KeyFault

FORMAT = b"\x01"


class KeyHolder(Protocol):
    """What an open gate gives to sealed fields."""

    def key_to_read(self, owner_id: str, shared_as: str | None) -> AESGCM: ...

    def key_to_write(self, owner_id: str) -> AESGCM: ...


holder: ContextVar[KeyHolder | None] = ContextVar("handrail_key_holder", default=None)


class SealedShut(Exception):
    """A sealed value was asked for where no gate is open, or for a category that the gate did not open."""


class _Sealed:
    """Bytes as they came from the database, not opened yet."""

    __slots__ = ("value",)

    def __init__(self, value: bytes) -> None:
        self.value = value


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Holds any JSON value, sealed. The model must have `owner_id` (or name its owner column in `owner_attr`).

    `shared_with`: instead of a category, what to ask the gate for is read off the row.
    """

    def __init__(
        self,
        *args: Any,
        shared_as: str | None = None,
        shared_with: Callable[[Any], str | None] | None = None,
        owner_attr: str = "owner_id",
        **options: Any,
    ) -> None:
        self.shared_as = shared_as
        self.shared_with = shared_with
        self.owner_attr = owner_attr
        options.setdefault("editable", False)
        super().__init__(*args, **options)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _SealedAttribute(self))

    def get_default(self) -> Any:
        # Past BinaryField, which turns an empty text into empty bytes: those could not be sealed.
        return super(models.BinaryField, self).get_default()

    def from_db_value(self, value: bytes | memoryview | None, *rest: object) -> _Sealed | None:
        return None if value is None else _Sealed(bytes(value))

    def pre_save(self, instance: models.Model, add: bool) -> bytes | None:
        held = instance.__dict__.get(self.attname)
        if held is None or isinstance(held, _Sealed):
            return None if held is None else held.value
        key = _holder().key_to_write(getattr(instance, self.owner_attr))
        return seal(key, held, self._bound_to(instance))

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        # Only pre_save may hand us bytes; queryset.update(note="...") has no row to bind to and would store plain text.
        if value is not None and not (isinstance(value, bytes) and value[:1] == FORMAT):
            raise ImproperlyConfigured(f"{self.model.__name__}.{self.name} is sealed: change it through the row")
        return super().get_db_prep_save(value, connection)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise ImproperlyConfigured(f"{self.model.__name__}.{self.name} is sealed: it cannot be searched for")
        return super().get_lookup(lookup_name)

    def open(self, instance: models.Model, value: bytes) -> Any:
        shared_as = self.shared_with(instance) if self.shared_with else self.shared_as
        key = _holder().key_to_read(getattr(instance, self.owner_attr), shared_as)
        return unseal(key, value, self._bound_to(instance))

    def _bound_to(self, instance: models.Model) -> bytes:
        table, column = instance._meta.db_table, self.column
        return f"{table}|{column}|{instance.pk}|{getattr(instance, self.owner_attr)}".encode()


class _SealedAttribute:
    """Opens on first reading. An opened value is kept on the row, but the gate is asked again on every reading."""

    def __init__(self, field: SealedField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        held = instance.__dict__[self.field.attname]
        return self.field.open(instance, held.value) if isinstance(held, _Sealed) else held

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


def seal(key: AESGCM, value: Any, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    return FORMAT + nonce + key.encrypt(nonce, plain, bound_to)


def unseal(key: AESGCM, sealed: bytes, bound_to: bytes) -> Any:
    if sealed[:1] != FORMAT:
        raise KeyFault("a sealed value has an unknown form")
    start = len(FORMAT)
    try:
        plain = key.decrypt(sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :], bound_to)
    except InvalidTag as why:
        raise KeyFault("a sealed value does not open: wrong key, other row, or changed bytes") from why
    return json.loads(plain)


def _holder() -> KeyHolder:
    found = holder.get()
    if found is None:
        raise SealedShut("a sealed value was used outside the gate")
    return found
