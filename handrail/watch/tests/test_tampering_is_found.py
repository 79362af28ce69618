"""Whatever is done to the log in the database is found, and where; what cannot be found is said in `watch/logs.py`."""

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handrail.engine import due
from handrail.engine.models import Due
from handrail.engine.runner import run_what_is_due
from handrail.gate import chains
from handrail.gate.log import digest_of
from handrail.gate.models import LogEntry, LogHead
from handrail.kernel import clock as house_clock
from handrail.kernel.ids import new_id
from handrail.watch import logs
from handrail.watch.due import CHECK
from handrail.watch.logs import Broken
from handrail.watch.models import Mark, Round
from tests.fixtures.people import Somebody
from tests.fixtures.selection import examples

pytestmark = pytest.mark.django_db


def write(owner: Somebody, entries: int) -> None:
    """Entries as the gate writes them."""
    head, _made = LogHead.objects.get_or_create(owner_id=owner.id, defaults={"digest": b"\x00" * 32})
    for _ in range(entries):
        entry = LogEntry(
            id=new_id(), owner_id=owner.id, number=head.number + 1, at=house_clock.now(), actor="person:x",
            membership="m", action="member.see", categories="feeling", channel="page",
        )  # fmt: skip
        entry.digest = digest_of(entry, bytes(head.digest))
        entry.save()
        head.number, head.digest = entry.number, entry.digest
    head.save()


def write_anew(owner: Somebody, *, from_number: int = 1) -> None:
    """What somebody does who has the database and knows how digests are made: all of them fit again, the head too."""
    before = LogEntry.objects.filter(owner_id=owner.id, number=from_number - 1).first()
    digest = bytes(before.digest) if before else b"\x00" * 32
    number = from_number - 1
    for entry in LogEntry.objects.filter(owner_id=owner.id, number__gte=from_number).order_by("number"):
        number += 1
        entry.number = number
        digest = entry.digest = digest_of(entry, digest)
        entry.save()
    LogHead.objects.filter(owner_id=owner.id).update(number=number, digest=digest)


COLUMNS = {
    "at": lambda entry: entry.at + timedelta(seconds=1),
    "actor": lambda entry: "person:y",
    "membership": lambda entry: "",
    "action": lambda entry: "call.see",
    "categories": lambda entry: "",
    "channel": lambda entry: "api",
    "staff": lambda entry: "Dana",
    "consent": lambda entry: "c",
    "items": lambda entry: 7,
    "id": lambda entry: new_id(),
    "digest": lambda entry: b"\x01" * 32,
}


def change(owner: Somebody, number: int, column: str) -> None:
    entry = LogEntry.objects.get(owner_id=owner.id, number=number)
    LogEntry.objects.filter(pk=entry.pk).update(**{column: COLUMNS[column](entry)})


def remove(owner: Somebody, number: int, count: int) -> None:
    LogEntry.objects.filter(owner_id=owner.id, number__gte=number, number__lt=number + count).delete()


def swap(owner: Somebody, number: int, other: int) -> None:
    rows = {n: LogEntry.objects.get(owner_id=owner.id, number=n).pk for n in {number, other}}
    LogEntry.objects.filter(pk=rows[number]).update(number=10_000)
    LogEntry.objects.filter(pk=rows[other]).update(number=number)
    LogEntry.objects.filter(pk=rows[number]).update(number=other)


ENTRIES = 9
numbers = st.integers(1, ENTRIES)
tampering = st.one_of(
    st.tuples(st.just("change"), numbers, st.sampled_from(sorted(COLUMNS))),
    st.tuples(st.just("remove"), numbers, st.integers(1, ENTRIES)),
    st.tuples(st.just("swap"), numbers, numbers),
)


def test_every_column_of_an_entry_is_in_its_digest() -> None:
    columns = {field.name for field in LogEntry._meta.concrete_fields}
    assert columns == COLUMNS.keys() | {"owner", "number"}


@pytest.mark.parametrize("forged", [False, True], ids=["plain", "with all digests made to fit"])
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(what=tampering, a_turn=st.integers(1, 12))
def test_whatever_is_changed_removed_or_reordered_is_found(
    jo: Somebody, ann: Somebody, monkeypatch: pytest.MonkeyPatch, forged: bool, what: tuple, a_turn: int
) -> None:
    for model in (LogEntry, LogHead, Mark, Round):
        model.objects.all().delete()
    monkeypatch.setattr(logs, "ENTRIES_A_TURN", a_turn)
    for owner in (jo, ann):
        write(owner, ENTRIES)
    assert logs.check_all() == []
    kind, number, other = what
    {"change": change, "remove": remove, "swap": swap}[kind](jo, number, other)
    nothing_happened = kind == "swap" and number == other
    if forged:
        write_anew(jo)
    found = logs.check_all()
    if nothing_happened or (forged and kind == "change" and other == "digest"):
        assert found == []
        return
    [one] = found
    assert one.owner_id == jo.id
    first = min(number, other) if kind == "swap" else number
    assert (one.number >= first) if forged else (one.number == first)


def test_a_log_that_is_cut_off_with_its_head_is_found_by_the_mark_of_yesterday(jo: Somebody) -> None:
    write(jo, 5)
    logs.check_all()
    write(jo, 3)
    LogEntry.objects.filter(owner_id=jo.id, number__gt=4).delete()
    write_anew(jo)
    assert logs.check_all() == [Broken(jo.id, 5)]


def test_what_cannot_be_found_is_what_was_forged_since_the_last_check(jo: Somebody) -> None:
    """So that nobody promises more than is true."""
    write(jo, 5)
    logs.check_all()
    write(jo, 3)
    LogEntry.objects.filter(owner_id=jo.id, number__gt=6).delete()
    write_anew(jo)
    assert logs.check_all() == []


@pytest.mark.parametrize("gone", ["head", "everything"])
def test_a_log_that_is_gone_is_found(jo: Somebody, gone: str) -> None:
    write(jo, 5)
    logs.check_all()
    LogHead.objects.filter(owner_id=jo.id).delete()
    if gone == "everything":
        LogEntry.objects.filter(owner_id=jo.id).delete()
    [found] = logs.check_all()
    assert found.owner_id == jo.id


@pytest.mark.parametrize("how", ["moved", "removed", "emptied"])
def test_a_mark_cannot_be_made_to_fit_without_the_key_file(jo: Somebody, clock, how: str) -> None:
    clock.at(house_clock.now())
    write(jo, 5)
    clock.forward(hours=1)
    logs.check_all()
    change(jo, 2, "action")
    write_anew(jo)
    last = LogEntry.objects.get(owner_id=jo.id, number=5)
    if how == "moved":
        Mark.objects.filter(owner_id=jo.id).update(number=5, digest=last.digest)
    elif how == "removed":
        Mark.objects.filter(owner_id=jo.id).delete()
    else:
        Mark.objects.filter(owner_id=jo.id).update(number=0, digest=b"", seal=b"")
    assert [found.owner_id for found in logs.check_all()] == [jo.id]


def test_entries_written_while_a_round_goes_on_are_no_break(jo: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "ENTRIES_A_TURN", 2)
    write(jo, 5)
    while logs.check_some().ended_at is None:
        if LogHead.objects.get(owner_id=jo.id).number < 30:
            write(jo, 1)
    assert logs.broken_logs() == []


def test_what_is_written_between_reading_and_locking_is_no_break(jo: Somebody) -> None:
    """On PostgreSQL somebody can write then; the next check reads it."""
    write(jo, 5)
    third = LogEntry.objects.get(owner_id=jo.id, number=3)
    read = chains.Link(3, bytes(third.digest))
    assert chains._lacking_at_the_end(jo.id, read, None) is None


def test_a_round_goes_on_where_it_was_left(
    jo: Somebody, ann: Somebody, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries
) -> None:
    monkeypatch.setattr(logs, "ENTRIES_A_TURN", 4)
    for owner in (jo, ann):
        write(owner, 10)
    turns = 1
    with django_assert_max_num_queries(14):
        assert logs.check_some().entries == 4
    while (now := logs.check_some()).ended_at is None:
        turns += 1
    assert (now.logs, now.entries) == (2, 20)
    assert turns >= 4


def test_the_operator_accepts_a_log_that_was_put_right(jo: Somebody) -> None:
    write(jo, 5)
    logs.check_all()
    LogEntry.objects.filter(owner_id=jo.id, number=5).delete()
    assert not logs.accept(jo.id)
    write_anew(jo)
    assert logs.check_all() == [Broken(jo.id, 5)]
    assert logs.accept(jo.id)
    assert logs.check_all() == []


def test_the_check_is_armed_once_and_comes_again_every_day(jo: Somebody, clock, client, caplog, settings) -> None:
    now = datetime.fromisoformat("2027-03-09T08:00:00+00:00")
    clock.at(now)
    write(jo, random.randint(1, 5))
    due.arm_daily()
    due.arm_daily()
    run_what_is_due()
    assert Due.objects.get(kind=CHECK).due_at == now + timedelta(days=1)
    told = client.get("/healthz").json()
    assert (told["logs_broken"], told["logs_checked_h"]) == (0, 0)
    change(jo, 1, "action")
    clock.forward(hours=25)
    assert client.get("/healthz").json()["logs_checked_h"] == 25
    run_what_is_due()
    assert client.get("/healthz").json()["logs_broken"] == 1
    assert [record.count for record in caplog.records if record.msg == "log.broken"] == [1]


def test_the_operator_gets_one_mail_that_says_where(
    jo: Somebody, clock, settings, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    clock.at(house_clock.now())
    write(jo, 3)
    change(jo, 2, "actor")
    told: list[tuple[str, str]] = []
    monkeypatch.setattr("handrail.watch.due.operator.tell", lambda *mail: told.append(mail))
    for _ in range(2):
        due.arm_daily()
        with django_capture_on_commit_callbacks(execute=True):
            run_what_is_due()
        clock.forward(hours=25)
    [(subject, text)] = told
    assert "access log" in subject
    assert f"The log of {jo.id} does not hold from entry 2 on." in text
