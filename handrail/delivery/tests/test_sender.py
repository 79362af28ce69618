"""The sender on its own: lanes, leases, what happens when the database or a channel fails. A slow channel of ours
stands in for the provider, because what is tested is who may use its connections, and when."""

import asyncio
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, transaction

from handrail.delivery import claims
from handrail.delivery.letters import Outcome, Result
from handrail.delivery.models import Attempt, Outbox
from handrail.delivery.sender import SendingThread
from handrail.engine import leases
from handrail.engine.lanes import Lane

pytestmark = pytest.mark.django_db(transaction=True)


class Slow:
    """Takes every letter, each for `takes` seconds."""

    name = "email"

    def __init__(self, *, connections=4, takes=0.0, seconds=5.0, result=Outcome.HANDED):
        self.connections = connections
        self.seconds = seconds
        self.takes = takes
        self.result = result
        self.began: list[str] = []
        self.most_at_once = 0
        self._now = 0

    async def open(self):
        pass

    async def close(self):
        pass

    async def send(self, letter):
        self.began.append(letter.idem.split(":")[0])
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        await asyncio.sleep(self.takes)
        self._now -= 1
        return Result(self.result, "test")


@pytest.fixture
def run():
    threads = []

    def start(channel, worker="w", lease=60.0):
        thread = SendingThread(worker, lambda: [channel], lease=timedelta(seconds=lease))
        thread.start()
        threads.append(thread)
        return thread

    yield start
    for thread in threads:
        thread.stop()
    for thread in threads:
        thread.join(20)


@pytest.fixture
def waiting(jo, with_email, put):
    with_email(jo, "jo@example.org")

    def several(count, lane=Lane.ROUTINE, name="m"):
        for number in range(count):
            put(jo, jo, matter=f"{name}{number}", lane=lane)

    return several


def done():
    return not Outbox.objects.filter(channel="email", state__in=[Outbox.WAITING, Outbox.CLAIMED]).exists()


def test_a_call_for_help_overtakes_a_storm_of_reminders(waiting, run, until):
    channel = Slow(connections=4, takes=0.2)
    waiting(40)
    run(channel)
    until(lambda: channel.began)
    began = time.monotonic()
    waiting(1, Lane.CALL, "help")
    until(lambda: "help0" in channel.began)
    assert time.monotonic() - began < 1.0
    assert len(channel.began) < 20


def test_reminders_never_use_the_last_connections(waiting, run, until):
    channel = Slow(connections=4, takes=0.1)
    waiting(12)
    run(channel)
    until(done)
    assert channel.most_at_once == 3


def test_at_most_two_letters_a_connection_are_claimed(waiting, run, until):
    channel = Slow(connections=4, takes=0.5)
    waiting(20)
    run(channel)
    until(lambda: len(channel.began) >= 3)
    assert Outbox.objects.filter(state=Outbox.CLAIMED).count() <= 2 * 4


def test_two_senders_share_the_work_and_send_nothing_twice(waiting, run, until):
    one, two = Slow(takes=0.01), Slow(takes=0.01)
    waiting(60)
    run(one, "one")
    run(two, "two")
    until(done)
    assert sorted(one.began + two.began) == sorted(f"m{number}" for number in range(60))


def test_nothing_is_sent_when_its_lease_could_end_before_the_answer(waiting, run, until):
    channel = Slow(seconds=5.0)
    waiting(1)
    run(channel, lease=4.0)
    time.sleep(0.8)
    assert channel.began == []
    assert Outbox.objects.get(channel="email", kind="call").state in (Outbox.WAITING, Outbox.CLAIMED)
    assert not Attempt.objects.exists()


def test_a_share_stopped_while_the_letter_stood_in_line_is_respected(waiting, run, until):
    channel = Slow(connections=2, takes=1.3)
    waiting(2)
    run(channel)
    until(lambda: len(channel.began) == 1)
    with transaction.atomic():
        Outbox.objects.exclude(matter=channel.began[0]).update(state=Outbox.WITHDRAWN, lease_until=None)
    time.sleep(2)
    assert len(channel.began) == 1


def test_what_was_sent_is_recorded_even_if_the_database_refuses_for_a_while(waiting, run, until, monkeypatch):
    channel, refusals, record = Slow(), [], claims.record

    def refuse_three_times(batch):
        if len(refusals) < 3:
            refusals.append(1)
            raise OperationalError("database is locked")
        record(batch)

    monkeypatch.setattr(claims, "record", refuse_three_times)
    waiting(1)
    run(channel)
    until(done)
    assert channel.began == ["m0"] and len(refusals) == 3


def test_a_database_that_refuses_the_claim_stops_nothing(waiting, run, until, monkeypatch):
    channel, refusals, claim = Slow(), [], claims.claim

    def refuse_three_times(*args, **given):
        if len(refusals) < 3:
            refusals.append(1)
            raise OperationalError("database or disk is full")
        return claim(*args, **given)

    monkeypatch.setattr(claims, "claim", refuse_three_times)
    waiting(1)
    thread = run(channel)
    until(done)
    assert thread.is_alive()


def test_a_fault_of_ours_in_one_letter_does_not_stop_the_others(waiting, run, until):
    class Faulty(Slow):
        async def send(self, letter):
            if letter.idem.startswith("m0:"):
                raise KeyError("a bug")
            return await super().send(letter)

    channel = Faulty()
    waiting(3)
    run(channel)
    until(lambda: sorted(channel.began) == ["m1", "m2"])
    until(lambda: Attempt.objects.filter(outcome="error").exists())
    assert Outbox.objects.get(matter="m0", channel="email").state == Outbox.WAITING


def test_a_row_that_was_taken_over_is_not_overwritten_by_the_late_sender(waiting, until):
    waiting(1)
    (letter,) = claims.claim("email", Lane.ROUTINE, worker="one", lease=timedelta(seconds=60), limit=5)
    leases.take_back_from(["one"])
    (again,) = claims.claim("email", Lane.ROUTINE, worker="two", lease=timedelta(seconds=60), limit=5)
    for late in (Result(Outcome.LATER, "smtp 451"), Result(Outcome.HANDED, "smtp 250")):
        claims.record([(letter, late)])
    assert Outbox.objects.get(pk=letter.pk).state == Outbox.CLAIMED
    claims.record([(again, Result(Outcome.HANDED, "smtp 250"))])
    assert Outbox.objects.get(pk=letter.pk).state == Outbox.HANDED


def test_a_stopping_sender_finishes_what_is_in_the_air_and_gives_the_rest_back(waiting, run, until):
    channel = Slow(connections=4, takes=0.5)
    waiting(10)
    thread = run(channel)
    until(lambda: len(channel.began) == 3)
    thread.stop()
    thread.join(20)
    states = list(Outbox.objects.filter(channel="email", kind="call").values_list("state", flat=True))
    assert states.count(Outbox.HANDED) == 3
    assert states.count(Outbox.WAITING) == 7


def test_a_call_for_help_is_tried_again_within_ten_seconds_whatever_the_provider_asks():
    from handrail.delivery.claims import _wait
    from handrail.delivery.letters import Letter
    from handrail.kernel import clock

    now = clock.now()
    for attempts in range(1, 40):
        letter = Letter("x", 1, "i", "push", Lane.CALL, "call", "/", None, "o", None, attempts, now, now, None)
        assert _wait(letter, Result(Outcome.LATER, "http 429", timedelta(hours=1))) <= timedelta(seconds=10)
