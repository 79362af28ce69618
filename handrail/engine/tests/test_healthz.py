from datetime import timedelta

import pytest

from handrail.engine.models import Due, Worker
from handrail.kernel import clock as house_clock

pytestmark = pytest.mark.django_db


def beat():
    now = house_clock.now()
    Worker.objects.create(id="w", started_at=now, seen_at=now)


def test_it_is_well_while_the_worker_is_heard_of(client):
    beat()
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["worker"]["state"] == "ok"
    assert answer["Cache-Control"] == "no-store"


def test_it_is_not_well_without_a_worker(client):
    assert client.get("/healthz").status_code == 503


def test_it_is_not_well_when_the_worker_has_been_silent_for_16_seconds(client, clock):
    clock.at(house_clock.now())
    beat()
    clock.forward(seconds=15)
    assert client.get("/healthz").status_code == 200
    clock.forward(seconds=1)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["worker"] == {"state": "silent", "age_s": 16.0}


def test_it_says_how_old_the_oldest_overdue_row_is(client, clock):
    clock.at(house_clock.now())
    beat()
    now = house_clock.now()
    late = now - timedelta(seconds=40)
    Due.objects.create(kind="tea", ref="jo", due_at=late, ready_at=now + timedelta(minutes=1))
    Due.objects.create(kind="tea", ref="sam", due_at=now + timedelta(hours=1), ready_at=now + timedelta(hours=1))
    assert client.get("/healthz").json()["overdue_s"] == {"due": 40.0, "outbox": 0.0}
