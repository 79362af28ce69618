from datetime import timedelta

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from handrail.engine import bell, due
from handrail.engine.lanes import Lane
from handrail.engine.models import Bell, Due
from handrail.engine.runner import Runner, run_what_is_due
from handrail.kernel import clock as house_clock

pytestmark = pytest.mark.django_db


def schedule(kind="tea", ref="jo", minutes=0.0, **more):
    with transaction.atomic():
        due.schedule(kind, ref=ref, at=house_clock.now() + timedelta(minutes=minutes), **more)


def effects():
    return list(Bell.objects.order_by("pk").values_list("person_id", flat=True))


def note(moment):
    bell.ring([f"{moment.ref}:{moment.generation}"])


def test_a_moment_comes_when_its_time_has_come_and_not_before(handle, clock):
    handle("tea", note)
    clock.at(house_clock.now())
    schedule(minutes=5)
    run_what_is_due()
    assert effects() == []
    clock.forward(minutes=5)
    run_what_is_due()
    run_what_is_due()
    assert effects() == ["jo:0"]
    assert not Due.objects.exists()


def test_a_kind_that_nobody_handles_is_refused_at_once(handle):
    with pytest.raises(due.UnknownKind):
        schedule("nobody.knows")


def test_two_handlers_for_one_kind_are_refused(handle):
    handle("tea", note)
    with pytest.raises(ValueError):
        due.handles("tea")(lambda moment: None)


@pytest.mark.django_db(transaction=True)
def test_what_is_due_is_written_only_inside_the_transaction_of_its_cause(handle):
    handle("tea", note)
    with pytest.raises(TransactionManagementError):
        due.schedule("tea", ref="jo", at=house_clock.now())
    with pytest.raises(TransactionManagementError):
        due.cancel("tea", ref="jo")


def test_scheduled_again_a_moment_moves(handle, clock):
    handle("tea", note)
    clock.at(house_clock.now())
    schedule(minutes=5)
    schedule(minutes=10)
    clock.forward(minutes=6)
    run_what_is_due()
    assert effects() == []
    clock.forward(minutes=5)
    run_what_is_due()
    assert effects() == ["jo:0"]


def test_generations_are_moments_of_their_own(handle):
    handle("tea", note)
    schedule(generation=1)
    schedule(generation=2)
    run_what_is_due()
    assert sorted(effects()) == ["jo:1", "jo:2"]


def test_a_cancelled_moment_does_not_come(handle):
    handle("tea", note)
    schedule(generation=1)
    schedule(generation=2)
    schedule(ref="sam")
    with transaction.atomic():
        due.cancel("tea", ref="jo")
    run_what_is_due()
    assert effects() == ["sam:0"]


def test_one_generation_can_be_cancelled_alone(handle):
    handle("tea", note)
    schedule(generation=1)
    schedule(generation=2)
    with transaction.atomic():
        due.cancel("tea", ref="jo", generation=1)
    run_what_is_due()
    assert effects() == ["jo:2"]


def test_a_handler_that_raises_leaves_nothing_behind_and_is_tried_again(handle, clock):
    tries = []

    def break_twice(moment):
        note(moment)
        tries.append(moment.attempt)
        if len(tries) < 3:
            raise RuntimeError

    handle("tea", break_twice)
    clock.at(house_clock.now())
    schedule(lane=Lane.CALL)
    run_what_is_due()
    assert effects() == [] and Due.objects.get().due_at == house_clock.now()
    for _ in range(2):
        clock.forward(seconds=10)  # a call for help never waits longer
        run_what_is_due()
    assert tries == [1, 2, 3]
    assert effects() == ["jo:0"]


def test_a_sick_moment_does_not_hold_up_the_others(handle):
    handle("tea", lambda moment: 1 / 0)
    handle("ride", note)
    schedule()
    schedule("ride")
    run_what_is_due()
    assert effects() == ["jo:0"]


def test_a_kind_whose_code_is_gone_stays_owed(handle, monkeypatch):
    handle("tea", note)
    schedule()
    monkeypatch.delitem(due._handlers, "tea")
    run_what_is_due()
    assert Due.objects.get().state == Due.WAITING


def test_a_handler_schedules_its_own_moment_anew(handle, clock):
    def every_day(moment):
        note(moment)
        due.schedule("tea", ref="jo", at=moment.due_at + timedelta(days=1))

    handle("tea", every_day)
    clock.at(house_clock.now())
    schedule()
    for _ in range(3):
        assert run_what_is_due() == 1
        clock.forward(days=1)
    assert effects() == ["jo:0"] * 3
    assert Due.objects.get().attempts == 0


def test_what_a_handler_cancels_of_its_own_kind_is_gone_and_itself_ends(handle):
    def last(moment):
        due.cancel("tea", ref="jo")
        note(moment)

    handle("tea", last)
    schedule(generation=1)
    schedule(generation=2)
    run_what_is_due()
    assert len(effects()) == 1
    assert not Due.objects.exists()


def test_a_call_for_help_overtakes_what_was_there_before(handle, clock):
    handle("tea", note)
    clock.at(house_clock.now())
    for number in range(20):
        schedule(ref=f"routine{number}")
    clock.forward(seconds=1)
    schedule(ref="call", lane=Lane.CALL)
    Runner("w").turn()
    assert effects() == ["call:0"]


def test_a_run_that_was_overtaken_is_undone(handle):
    """Its lease ran out, somebody else has the row: whatever this handler wrote must not be committed."""

    def taken_over_meanwhile(moment):
        note(moment)
        Due.objects.update(token=1)

    handle("tea", taken_over_meanwhile)
    schedule()
    Runner("w").turn()
    assert effects() == []
    assert Due.objects.get().state == Due.CLAIMED


def test_a_run_that_was_overtaken_does_not_move_the_moment_either(handle):
    def taken_over_meanwhile(moment):
        Due.objects.update(token=1)
        note(moment)
        due.schedule("tea", ref="jo", at=house_clock.now() + timedelta(days=1))

    handle("tea", taken_over_meanwhile)
    schedule()
    Runner("w").turn()
    assert effects() == []
    assert Due.objects.get().due_at <= house_clock.now()


def test_a_stopping_worker_gives_its_batch_back(handle):
    handle("tea", note)
    for number in range(3):
        schedule(ref=str(number))
    stop = []
    handle("tea", lambda moment: (note(moment), stop.append(1)))
    Runner("w", stopping=lambda: bool(stop)).turn()
    assert len(effects()) == 1
    assert [row.state for row in Due.objects.all()] == [Due.WAITING, Due.WAITING]
    assert run_what_is_due() == 2
