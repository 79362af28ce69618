"""Turning the install's key, and destroying a person's: afterwards everything opens, or nothing does."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.management import call_command
from django.db import connection, transaction

from handrail.gate.keyring import Keyring
from handrail.kernel import keys
from handrail.kernel.management.commands import rotate_keys
from handrail.kernel.models import DataKey, Leaf
from handrail.people import queries
from handrail.people.middleware import actor_for
from handrail.people.models import Person
from tests.fixtures.people import Somebody, sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_key_file(settings, tmp_path, jo, sam):  # type: ignore[no-untyped-def]
    """A copy of the key file, so that turning it leaves the test run's own alone."""
    from dataclasses import replace

    copy = tmp_path / "key.json"
    copy.write_text(settings.HANDRAIL.key_file.read_text())
    settings.HANDRAIL = replace(settings.HANDRAIL, key_path=str(copy))
    return copy


def name_of(somebody: Somebody) -> str:
    return queries.profile(somebody.actor, owner=somebody.id).name


def test_turning_the_key_keeps_everything_readable_and_forgets_the_old_key(own_key_file, jo: Somebody) -> None:  # type: ignore[no-untyped-def]
    before = json.loads(own_key_file.read_text())
    call_command("rotate_keys")
    after = json.loads(own_key_file.read_text())
    assert name_of(jo) == "Jo"
    assert set(after["keys"]) == {"2"} and set(before["keys"]) == {"1"}
    assert set(DataKey.objects.values_list("wrapped_by", flat=True)) == {"2"}
    assert after["pepper"] == before["pepper"]  # doors still open


def test_a_turn_that_was_cut_off_goes_on_where_it_stopped(
    own_key_file, jo: Somebody, sam: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(rotate_keys, "BATCH", 1)
    rewrap = rotate_keys.rewrap_some

    def power_cut(current: str) -> int:
        if DataKey.objects.filter(wrapped_by=current).exists():
            raise KeyboardInterrupt
        return rewrap(current)

    monkeypatch.setattr(rotate_keys, "rewrap_some", power_cut)
    with pytest.raises(KeyboardInterrupt):
        call_command("rotate_keys")
    assert (name_of(jo), name_of(sam)) == ("Jo", "Sam")
    assert set(DataKey.objects.values_list("wrapped_by", flat=True)) == {"1", "2"}
    monkeypatch.setattr(rotate_keys, "rewrap_some", rewrap)
    call_command("rotate_keys")
    assert (name_of(jo), name_of(sam)) == ("Jo", "Sam")
    assert set(json.loads(own_key_file.read_text())["keys"]) == {"2"}


def test_a_destroyed_key_makes_the_words_unreadable_in_every_copy(jo: Somebody) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM people_person WHERE id = %s", [jo.id])
        kept_elsewhere = bytes(cursor.fetchone()[0])
    assert b"Jo" not in kept_elsewhere
    keys.destroy_data_key(jo.id)
    with pytest.raises(keys.KeyFault):
        name_of(jo)


def test_today_s_key_file_does_not_open_an_erased_person_in_a_database_from_before(
    own_key_file,  # type: ignore[no-untyped-def]
    jo: Somebody,
    sam: Somebody,
) -> None:
    backup = list(DataKey.objects.all())
    keys_of_that_time = own_key_file.read_text()
    keys.destroy_data_key(jo.id)
    keys.forget_leaves()
    DataKey.objects.all().delete()
    DataKey.objects.bulk_create(backup)  # the database from before is put back
    assert name_of(sam) == "Sam"
    with pytest.raises(keys.KeyFault):
        name_of(jo)
    assert actor_for(Person.objects.here_by_id(jo.id)).person_id is None  # their old session is nobody's
    call_command("rotate_keys")  # goes through, and leaves nothing of hers
    assert not DataKey.objects.filter(pk=jo.id).exists()
    own_key_file.write_text(keys_of_that_time)
    DataKey.objects.all().delete()
    DataKey.objects.bulk_create(backup)
    assert name_of(jo) == "Jo"  # what SECURITY.md says: whoever kept both from before has both


def holding_wrapped(somebody: Somebody) -> Keyring:
    row, held = DataKey.objects.get(pk=somebody.id), Keyring()
    held.hold_wrapped(somebody.id, row.wrapped_by, bytes(row.wrapped))
    return held


def test_a_key_that_a_request_holds_wrapped_opens_although_the_install_s_key_is_turned_meanwhile(jo: Somebody) -> None:
    held = holding_wrapped(jo)
    call_command("rotate_keys")
    assert held.key_of(jo.id)


def test_a_key_that_a_request_holds_wrapped_does_not_open_once_its_leaf_is_forgotten(
    own_key_file,  # type: ignore[no-untyped-def]
    jo: Somebody,
) -> None:
    held = holding_wrapped(jo)
    keys.destroy_data_key(jo.id)
    keys.forget_leaves()
    with pytest.raises(keys.KeyFault):
        held.key_of(jo.id)


def test_keys_from_before_there_were_leaves_open_and_get_their_leaf_before_anything_is_forgotten(
    own_key_file,  # type: ignore[no-untyped-def]
    jo: Somebody,
    sam: Somebody,
) -> None:
    for somebody in (jo, sam):
        by, plain = "1", keys.unwrap(somebody.id, "1", bytes(DataKey.objects.get(pk=somebody.id).wrapped))
        root = AESGCM(keys.install_keys().keys[by][""])
        wrapped = b"n" * 12 + root.encrypt(b"n" * 12, plain, f"datakey|{somebody.id}".encode())
        DataKey.objects.filter(pk=somebody.id).update(wrapped=wrapped)
    old = list(DataKey.objects.all())
    assert (name_of(jo), name_of(sam)) == ("Jo", "Sam")
    keys.destroy_data_key(jo.id)
    assert keys.forget_leaves() == 1
    assert name_of(sam) == "Sam"
    DataKey.objects.all().delete()
    DataKey.objects.bulk_create(old)
    with pytest.raises(keys.KeyFault):
        name_of(jo)


def test_a_key_file_that_was_put_back_forgets_again(own_key_file, jo: Somebody) -> None:  # type: ignore[no-untyped-def]
    copy = own_key_file.read_text()
    keys.destroy_data_key(jo.id)
    assert keys.forget_leaves() == 1
    assert keys.forget_leaves() == 0
    own_key_file.write_text(copy)
    assert keys.forget_leaves() == 1


def test_a_leaf_is_given_once_even_where_an_older_database_was_put_back(own_key_file, jo: Somebody) -> None:  # type: ignore[no-untyped-def]
    keys.destroy_data_key(jo.id)
    keys.forget_leaves()
    Leaf.objects.all().delete()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'kernel_leaf'")
        else:
            cursor.execute("ALTER TABLE kernel_leaf ALTER COLUMN id RESTART WITH 1")
    kit = sign_up("Kit")
    assert name_of(kit) == "Kit"


def test_a_changed_byte_in_the_database_is_an_error_and_never_silent_text(jo: Somebody) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM people_person WHERE id = %s", [jo.id])
        sealed = bytearray(cursor.fetchone()[0])
        sealed[-1] ^= 1
        cursor.execute("UPDATE people_person SET name = %s WHERE id = %s", [bytes(sealed), jo.id])
    with pytest.raises(keys.KeyFault):
        name_of(jo)


def test_another_person_s_sealed_name_does_not_open_in_one_s_own_row(jo: Somebody, sam: Somebody) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_person SET name = (SELECT name FROM people_person WHERE id = %s) WHERE id = %s",
            [sam.id, jo.id],
        )
    with pytest.raises(keys.KeyFault):
        name_of(jo)


@pytest.mark.django_db(transaction=True)
def test_nobody_who_signs_up_while_the_key_turns_is_lost(own_key_file) -> None:  # type: ignore[no-untyped-def]
    """Their key is wrapped with the old one, and not committed yet when the last batch has gone through."""
    wrapped, turned = Event(), Event()

    def arrive() -> None:
        with transaction.atomic():
            keys.make_data_key("n" * 22)
            wrapped.set()
            turned.wait(1)
        connection.close()

    with ThreadPoolExecutor(1) as elsewhere:
        arriving = elsewhere.submit(arrive)
        assert wrapped.wait(10)
        call_command("rotate_keys")
        turned.set()
        arriving.result(10)
    assert set(DataKey.objects.values_list("wrapped_by", flat=True)) == {"2"}
