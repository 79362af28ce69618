"""Turning the install's key, and destroying a person's: afterwards everything opens, or nothing does."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from handrail.kernel import keys
from handrail.kernel.management.commands import rotate_keys
from handrail.kernel.models import DataKey
from handrail.people import queries
from tests.fixtures.people import Somebody

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_key_file(settings, tmp_path, jo, sam):  # type: ignore[no-untyped-def]
    """A copy of the key file, so that turning it leaves the test run's own alone."""
    from dataclasses import replace

    copy = tmp_path / "key.json"
    copy.write_text(settings.HANDRAIL.key_file.read_text())
    settings.HANDRAIL = replace(settings.HANDRAIL, key_path=str(copy))
    keys.install_keys.cache_clear()
    yield copy
    keys.install_keys.cache_clear()


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
