from datetime import timedelta

import pytest

from handrail.delivery.due import arm_sweep
from handrail.delivery.models import Outbox
from handrail.engine.models import Due
from handrail.engine.runner import run_what_is_due
from handrail.kernel import clock as house_clock

pytestmark = pytest.mark.django_db


def test_messages_are_forgotten_after_ninety_days_but_not_what_is_still_owed(jo, put, clock):
    clock.at(house_clock.now())
    put(jo, jo, matter="gone")
    put(jo, jo, matter="owed")
    Outbox.objects.filter(matter="owed").update(state=Outbox.WAITING)
    arm_sweep()
    run_what_is_due()
    assert Outbox.objects.count() == 2
    clock.forward(days=91)
    run_what_is_due()
    assert list(Outbox.objects.values_list("matter", flat=True)) == ["owed"]


def test_the_sweep_is_armed_once_and_comes_again_every_day(clock):
    clock.at(house_clock.now())
    arm_sweep()
    arm_sweep()
    run_what_is_due()
    assert Due.objects.get().due_at == house_clock.now() + timedelta(days=1)
