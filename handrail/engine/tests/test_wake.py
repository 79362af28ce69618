import threading

import pytest
from django.db import transaction

from handrail.engine import wake

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ear():
    heard = threading.Event()
    ear = wake.Ear(heard.set)
    ear.start()
    assert heard.wait(5)  # says so once when it can hear
    heard.clear()
    yield heard
    ear.close()
    assert not ear.is_alive()


def test_a_nudge_is_heard_at_once(ear):
    wake.up()
    assert ear.wait(1)


def test_a_nudge_leaves_with_the_commit_and_not_before(ear):
    with transaction.atomic():
        wake.up()
        wake.up()
        assert not ear.wait(0.2)
    assert ear.wait(1)


def test_nothing_is_heard_of_what_was_rolled_back(ear):
    with pytest.raises(RuntimeError), transaction.atomic():
        wake.up()
        raise RuntimeError
    assert not ear.wait(0.2)
