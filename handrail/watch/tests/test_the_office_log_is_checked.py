"""Whatever is done to the office log in the database is found by the daily check, and where."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from handrail.gate import Actor, office_log
from handrail.gate.models import OfficeEntry, OfficeHead
from handrail.watch import logs, said
from handrail.watch.logs import Broken

pytestmark = pytest.mark.django_db
ACTS = 5
COLUMNS = {
    "at": lambda entry: entry.at + timedelta(seconds=1),
    "actor": lambda entry: "person:y",
    "action": lambda entry: "post.end",
    "program": lambda entry: "p" * 22,
    "post": lambda entry: "moderator",
    "about": lambda entry: "b" * 22,
    "digest": lambda entry: b"\x01" * 32,
}


def write(acts: int = ACTS) -> None:
    for _ in range(acts):
        with transaction.atomic():
            office_log.note(Actor.system("a test"), "post.offer", post="operator", about="a" * 22)


def cut_off(last: int) -> None:
    """The newest entries are gone, and the head says that the log ends before them."""
    OfficeEntry.objects.filter(number__gt=last).delete()
    OfficeHead.objects.update(number=last, digest=OfficeEntry.objects.get(number=last).digest)


def forge(number: int) -> None:
    """An entry says something else, and all digests are made as somebody would make them who lacks the key file."""
    OfficeEntry.objects.filter(number=number).update(actor="person:y")
    with pytest.MonkeyPatch.context() as without_the_key:
        without_the_key.setattr(office_log, "install_keys", lambda: type("Keys", (), {"pepper": b"guessed"}))
        before = bytes(OfficeEntry.objects.get(number=number - 1).digest)
        for entry in OfficeEntry.objects.filter(number__gte=number).order_by("number"):
            before = entry.digest = office_log.digest_of(entry, before)
            entry.save()
        OfficeHead.objects.update(digest=before, seal=office_log._seal(ACTS, before))


def test_a_log_that_nobody_touched_holds() -> None:
    assert logs.check_all() == []  # before it has begun, too
    write()
    assert logs.check_all() == []
    write(2)
    assert logs.check_all() == []


def test_every_column_of_an_entry_is_in_its_digest() -> None:
    assert {field.name for field in OfficeEntry._meta.concrete_fields} == COLUMNS.keys() | {"number"}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("number", [1, 3, ACTS])
def test_a_changed_entry_is_found(column: str, number: int) -> None:
    write()
    entry = OfficeEntry.objects.get(number=number)
    OfficeEntry.objects.filter(number=number).update(**{column: COLUMNS[column](entry)})
    assert logs.check_all() == [Broken("", number)]


@pytest.mark.parametrize(
    ("do", "number"),
    [
        (lambda: OfficeEntry.objects.filter(number=2).delete(), 2),
        (lambda: OfficeEntry.objects.filter(number__gt=3).delete(), 4),
        (lambda: cut_off(3), 4),
        (lambda: forge(3), 3),
        (lambda: OfficeHead.objects.all().delete(), ACTS),
        (lambda: OfficeEntry.objects.all().delete(), 1),
    ],
    ids=["removed", "the end removed", "cut off with the head", "forged without the key", "no head", "emptied"],
)
def test_what_is_removed_or_written_anew_is_found(do: Callable[[], object], number: int) -> None:
    write()
    do()
    [found] = logs.check_all()
    assert (found.owner_id, found.number) == ("", number)


def test_after_the_head_was_taken_away_acts_are_still_written_and_it_still_shows() -> None:
    write()
    OfficeHead.objects.all().delete()
    write(1)
    assert OfficeEntry.objects.count() == ACTS + 1
    assert logs.check_all() == [Broken("", ACTS + 1)]


def test_the_operator_is_told_once_and_health_counts_it() -> None:
    write()
    logs.check_all()
    assert logs.broken_count() == 0
    OfficeEntry.objects.filter(number=2).update(actor="person:y")
    assert _round() == (1, 1)
    assert logs.broken_count() == 1
    assert _round() == (1, 0)
    _subject, text = said.logs_broken(logs.broken_logs())
    assert "The log of programs and posts does not hold from entry 2 on." in text


def test_the_command_says_where() -> None:
    write()
    OfficeEntry.objects.filter(number=2).update(actor="person:y")
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("check_log", stdout=told)
    assert "The log of programs and posts does not hold from entry 2 on." in told.getvalue()


def _round() -> tuple[int, int]:
    while (done := logs.check_some()).ended_at is None:
        pass
    return done.broken, done.newly_broken
