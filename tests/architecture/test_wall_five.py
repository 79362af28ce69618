"""PostgreSQL's own wall, tried by somebody who speaks SQL and goes past every line of our Python."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DataError, InternalError, connection, transaction

from handrail.checkins.models import CheckIn
from handrail.gate import Actor, Category, Record, gated
from handrail.gate.backends.postgresql import rows
from handrail.gate.door import reading
from handrail.gate.opening import GateShut, Upkeep, Window
from handrail.people.models import Person
from handrail.startup import prepare
from tests import postgres
from tests.architecture.test_walls import checkin_of, write_one
from tests.fixtures.people import Somebody, share

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
ALL = "SELECT owner_id FROM checkins_checkin"


@pytest.fixture
def outside(jo: Somebody, sam: Somebody) -> Iterator[psycopg.Connection[Any]]:
    """Another client with the same role and password, and a check-in of Jo's and of Sam's to look for."""
    for somebody in (jo, sam):
        write_one(somebody.actor, owner=somebody.id)
    told = connection.get_connection_params()
    with psycopg.connect(**{key: told[key] for key in ("dbname", "user", "password", "host", "port")}) as client:
        yield client


def owners(client: psycopg.Connection[Any]) -> list[str]:
    return [owner for (owner,) in client.execute(ALL).fetchall()]


def open_for(client: psycopg.Connection[Any], owner: str) -> None:
    client.execute("SELECT set_config('handrail.owners', %s, true)", [owner])


def test_raw_sql_sees_nothing(outside: psycopg.Connection[Any]) -> None:
    assert owners(outside) == []
    assert outside.execute("SELECT count(*) FROM checkins_checkin").fetchone() == (0,)


def test_rows_are_visible_only_in_the_transaction_that_opened_them(
    outside: psycopg.Connection[Any], jo: Somebody
) -> None:
    open_for(outside, jo.id)
    assert owners(outside) == [jo.id]
    outside.commit()
    assert owners(outside) == []


def test_nothing_can_be_written_for_an_owner_who_is_not_open(
    outside: psycopg.Connection[Any], jo: Somebody, sam: Somebody
) -> None:
    open_for(outside, jo.id)
    assert outside.execute("UPDATE checkins_checkin SET late = true WHERE owner_id = %s", [sam.id]).rowcount == 0
    assert outside.execute("DELETE FROM checkins_checkin WHERE owner_id = %s", [sam.id]).rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        outside.execute("UPDATE checkins_checkin SET owner_id = %s", [sam.id])


def test_an_open_gate_shows_its_owner_even_to_a_query_that_forgot_to_ask(jo: Somebody, sam: Somebody) -> None:
    for somebody in (jo, sam):
        write_one(somebody.actor, owner=somebody.id)

    @gated("checkin.read")
    def careless(actor: Actor, *, owner: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(ALL)
            return [row[0] for row in cursor.fetchall()]

    assert careless(jo.actor, owner=jo.id) == [jo.id]
    assert careless(sam.actor, owner=sam.id) == [sam.id]


def test_an_inner_gate_narrows_and_the_outer_one_comes_back(jo: Somebody, mum: Somebody) -> None:
    write_one(jo.actor, owner=jo.id)
    write_one(mum.actor, owner=mum.id)
    share(jo, mum, Category.FEELING)

    def visible() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(ALL)
            return sorted(row[0] for row in cursor.fetchall())

    @gated("member.see")
    def inner(actor: Actor, *, owner: str) -> list[str]:
        return visible()

    @gated("checkin.read")
    def outer(actor: Actor, *, owner: str) -> list[list[str]]:
        return [visible(), inner(actor, owner=jo.id), visible()]

    assert outer(mum.actor, owner=mum.id) == [[mum.id], [jo.id], [mum.id]]


def test_a_savepoint_that_is_rolled_back_does_not_leave_the_wrong_rows_open(jo: Somebody, sam: Somebody) -> None:
    write_one(sam.actor, owner=sam.id)

    @gated("checkin.record", writes=True)
    def breaks(actor: Actor, *, owner: str) -> None:
        checkin_of(owner).save()
        raise KeyError

    with transaction.atomic():
        with pytest.raises(KeyError):
            breaks(jo.actor, owner=jo.id)
        assert _count(sam.actor, owner=sam.id) == 1


def test_whose_a_row_is_can_be_asked_for_one_row_and_shows_no_other(jo: Somebody, sam: Somebody) -> None:
    wanted = write_one(jo.actor, owner=jo.id)
    write_one(sam.actor, owner=sam.id)
    with transaction.atomic(), Upkeep(row=wanted), connection.cursor() as cursor:
        cursor.execute(ALL)
        assert [row[0] for row in cursor.fetchall()] == [jo.id]


def test_every_table_of_records_has_the_wall() -> None:
    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, Record)]
    with connection.cursor() as cursor:
        assert rows.faults(cursor) == []
        cursor.execute(
            "SELECT tablename FROM pg_policies WHERE policyname = 'handrail_gate' AND schemaname = current_schema()"
        )
        assert {name for (name,) in cursor.fetchall()} == set(tables)


def test_a_wall_that_was_taken_down_is_named_and_migrate_puts_it_up_again() -> None:
    with Upkeep(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE checkins_checkin NO FORCE ROW LEVEL SECURITY")
        assert rows.faults(cursor) == ["No row-level security on checkins_checkin: run `./run manage migrate`."]
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        assert rows.faults(cursor) == []


@pytest.fixture
def bypassing() -> Iterator[str]:
    """A role that goes past row-level security. Only an administrator of the server can make one."""
    name = f"handrail_bypass_{os.getpid()}"
    if postgres._ask("select 1") is None:
        pytest.skip("no administrator of this server is reached through psql")
    try:
        postgres._ask(f"create role {name} nologin bypassrls")
        yield name
    finally:
        postgres._ask(f"drop role if exists {name}")


def test_a_role_that_may_become_one_that_goes_past_the_wall_is_named_and_a_real_install_does_not_start(
    bypassing: str,
) -> None:
    ours = connection.settings_dict["USER"]
    assert prepare._wall_five_faults() == []
    postgres._ask(f"grant {bypassing} to {ours}")
    with pytest.raises(SystemExit, match="can bypass row-level security"):
        prepare.prepare(settings.HANDRAIL, for_real=True)
    postgres._ask(f"revoke {bypassing} from {ours}")
    assert prepare._wall_five_faults() == []


def test_a_role_that_goes_past_the_wall_itself_is_named(bypassing: str) -> None:
    postgres._ask(f"grant {bypassing} to {connection.settings_dict['USER']}")
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {bypassing}")
        try:
            assert "can bypass row-level security" in rows.faults(cursor)[0]
        finally:
            cursor.execute("RESET ROLE")


def test_outside_a_transaction_nothing_is_shown(jo: Somebody) -> None:
    with pytest.raises(GateShut):
        rows.show(connection.connection, Window(owners=(jo.id,)), in_transaction=False)


def _told() -> str:
    """Whose rows this transaction shows, asked by a statement that names no record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('handrail.owners', true)")
        return str(cursor.fetchone()[0] or "")


def _in_transaction() -> bool:
    return bool(connection.connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE)


def test_what_a_page_reads_shares_one_transaction_which_is_over_with_the_page(jo: Somebody, sam: Somebody) -> None:
    with reading():
        assert not _in_transaction()
        _count(jo.actor, owner=jo.id)
        assert _in_transaction()
        _count(sam.actor, owner=sam.id)
        assert _in_transaction()
    assert not _in_transaction()
    assert _told() == ""


def test_a_gated_read_on_its_own_leaves_no_transaction_behind(jo: Somebody) -> None:
    _count(jo.actor, owner=jo.id)
    assert not _in_transaction()


def test_between_two_reads_of_a_page_nothing_is_shown(jo: Somebody) -> None:
    @gated("checkin.read")
    def inside(actor: Actor, *, owner: str) -> str:
        _count(actor, owner=owner)
        return _told()

    with reading():
        assert inside(jo.actor, owner=jo.id) == jo.id
        assert _told() == ""


def test_what_a_page_writes_is_committed_whatever_becomes_of_the_page(jo: Somebody) -> None:
    with pytest.raises(KeyError), reading():
        _count(jo.actor, owner=jo.id)
        assert Person.objects.filter(pk=jo.id).update(country="GB") == 1
        assert not _in_transaction()
        _count(jo.actor, owner=jo.id)
        made = write_one(jo.actor, owner=jo.id)
        _count(jo.actor, owner=jo.id)
        raise KeyError
    assert Person.objects.get(pk=jo.id).country == "GB"
    assert _exists(jo.actor, owner=jo.id, wanted=made)


def test_the_transaction_that_reads_cannot_write(jo: Somebody) -> None:
    @gated("checkin.read")
    def sly(actor: Actor, *, owner: str) -> None:
        _count(actor, owner=owner)
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM people_person FOR UPDATE")

    with pytest.raises(InternalError, match="read-only"):
        sly(jo.actor, owner=jo.id)


def test_a_fault_in_one_read_does_not_spoil_the_next(jo: Somebody) -> None:
    @gated("checkin.read")
    def faulty(actor: Actor, *, owner: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0 FROM checkins_checkin")

    write_one(jo.actor, owner=jo.id)
    with reading():
        with pytest.raises(DataError):
            faulty(jo.actor, owner=jo.id)
        assert _count(jo.actor, owner=jo.id) == 1


def test_a_connection_that_the_server_ended_is_known_without_asking(outside: psycopg.Connection[Any]) -> None:
    assert connection.is_usable()
    outside.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    assert _becomes(lambda: not connection.is_usable())
    connection.close()


def _becomes(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 5
    while not (found := true()) and time.monotonic() < until:
        time.sleep(0.02)
    return found


@gated("checkin.read")
def _exists(actor: Actor, *, owner: str, wanted: str) -> bool:
    return CheckIn.objects.filter(pk=wanted).exists()


@gated("checkin.read")
def _count(actor: Actor, *, owner: str) -> int:
    return CheckIn.objects.count()
