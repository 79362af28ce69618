"""A call for help, whose worker is killed while it climbs: no rung is skipped, nobody is asked twice for one rung."""

import pytest

from tests.faults.conftest import PATIENCE, Install, SlowMailbox, killed
from tests.fixtures.outside import wait_for

pytestmark = [pytest.mark.live, pytest.mark.data]

A_RUNG = 10 * 60 + 1  # seconds
HOW_IT_STANDS = "SELECT state, rung, round FROM safety_call"
HANDED = "SELECT count(*) FROM delivery_outbox WHERE kind = 'call' AND channel = 'email' AND state = 'handed'"
WHO_WAS_ASKED = "SELECT rung, round FROM safety_asked ORDER BY rung"


@pytest.mark.parametrize("place", ["due.finished:1", "outbox.sent:1"])
def test_the_second_rung_is_asked_once_although_the_worker_dies_on_the_way(
    called: Install, mail: SlowMailbox, place: str
) -> None:
    with called.worker():
        wait_for(lambda: called.ask(HANDED) == [(1,)], what="the message of the first rung", seconds=PATIENCE)
    called.forward(A_RUNG)
    with called.worker(failpoint=place) as process:
        assert killed(process), called.log_tail()
    with called.worker():
        wait_for(lambda: called.ask(HANDED) == [(2,)], what="the message of the second rung", seconds=PATIENCE)
    assert called.ask(HOW_IT_STANDS) == [("open", 2, 1)]
    assert called.ask(WHO_WAS_ASKED) == [(1, 1), (2, 1)]
    assert len(mail.to("sam@example.org")) == 1
    keys = {str(letter["Message-ID"]) for letter in mail.to("mum@example.org")}
    assert len(keys) == 1  # it may have come twice, under one key
