import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from handrail.engine import leases
from handrail.engine.lanes import Lane
from handrail.engine.liveness import dead_among, lock_of
from handrail.engine.models import Due
from handrail.kernel import clock as house_clock
from tests.fixtures.outside import wait_for

MINUTE = timedelta(minutes=1)


def owed(ref="jo"):
    now = house_clock.now()
    return Due.objects.create(kind="tea", ref=ref, due_at=now, ready_at=now)


def claim(worker, lease=MINUTE):
    with transaction.atomic():
        return leases.claim(leases.waiting(Due.objects.all(), Lane.ROUTINE), worker=worker, lease=lease, limit=10)


@pytest.mark.django_db
def test_a_claimed_row_is_nobody_elses():
    owed()
    assert [row.worker for row in claim("one")] == ["one"]
    assert claim("two") == []


@pytest.mark.django_db
def test_a_lease_that_ran_out_is_taken_over_and_its_old_token_is_worth_nothing(clock):
    clock.at(house_clock.now())
    owed()
    (before,) = claim("one")
    clock.forward(seconds=59)
    assert leases.take_back_expired() == 0
    clock.forward(seconds=2)
    assert leases.take_back_expired() == 1
    assert not Due.objects.filter(pk=before.pk, token=before.token).exists()
    (after,) = claim("two")
    assert after.attempts == 2
    assert not Due.objects.filter(pk=before.pk, token=before.token).exists()


@pytest.mark.django_db
def test_rows_of_a_dead_worker_are_taken_back_before_their_lease_ends():
    owed("jo"), owed("sam")
    claim("one")
    assert leases.take_back_from(["somebody else"]) == 0
    assert leases.take_back_from(["one"]) == 2
    assert len(claim("two")) == 2


@pytest.mark.django_db
def test_the_database_itself_refuses_a_claim_without_a_lease():
    row = owed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Due.objects.filter(pk=row.pk).update(state=Due.CLAIMED)


HOLD = """
import django, sys; django.setup()
from django.conf import settings
from django.db import connection
name = sys.argv[2]
if name: connection.settings_dict["NAME"] = name
from pathlib import Path
object.__setattr__(settings.HANDRAIL, "home", Path(sys.argv[1]))
from handrail.engine.liveness import lock_of
lock = lock_of("w1"); lock.hold(); print("held", flush=True); sys.stdin.read()
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_counts_as_dead_once_its_process_is_killed():
    assert dead_among(["w1"]) == ["w1"]
    name = connection.settings_dict["NAME"] if connection.vendor == "postgresql" else ""
    command = [sys.executable, "-c", HOLD, str(settings.HANDRAIL.home), str(name)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=settings.BASE_DIR) as holder:
        assert holder.stdout and holder.stdout.readline() == b"held\n"
        assert dead_among(["w1"]) == []
        holder.kill()
        holder.wait()
        wait_for(lambda: dead_among(["w1"]) == ["w1"], what="PostgreSQL to notice", seconds=60)


@pytest.mark.django_db(transaction=True)
def test_a_dropped_lock_is_free_and_can_be_held_again():
    lock = lock_of("w2")
    lock.hold()
    lock.hold()
    assert dead_among(["w2"]) == []
    lock.drop()
    assert dead_among(["w2"]) == ["w2"]
