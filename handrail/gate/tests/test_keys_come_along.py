"""A right to see somebody brings their key along, so that no page asks for it; it opens no more than it would alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handrail.checkins import actions
from handrail.checkins.queries import seen_by_member
from handrail.gate import Category
from handrail.kernel import keys
from handrail.kernel.ids import new_id
from tests.fixtures.people import ZONE, Somebody, share


def test_a_member_reads_what_is_shared_and_asks_for_no_key(jo: Somebody, mum: Somebody) -> None:
    actions.record_checkin(jo.actor, owner=jo.id, zone=ZONE, key=new_id(), mood=2)
    share(jo, mum, Category.FEELING)
    actor = mum.actor
    with CaptureQueriesContext(connection) as asked:
        actor.all_rights()
        assert seen_by_member(actor, owners=[jo.id])[jo.id].mood == 2
    assert [one["sql"] for one in asked.captured_queries if one["sql"].startswith('SELECT "kernel_datakey"')] == []


def test_of_an_erased_owner_nothing_opens_though_the_place_is_still_there(jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, Category.FEELING)
    keys.destroy_data_key(jo.id)
    actor = mum.actor
    assert jo.id in actor.all_rights()
    with pytest.raises(keys.KeyFault):
        actor.keyring.key_of(jo.id)
