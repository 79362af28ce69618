"""The same done twice or at once, a link that is dead, a name that changed: nothing breaks or is left behind."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from handrail.circle import actions, queries
from handrail.people import actions as people
from tests.fixtures.people import PASSPHRASE, Somebody

pytestmark = pytest.mark.django_db


def invite(owner: Somebody) -> queries.Invited:
    made = actions.invite(owner.actor, owner=owner.id, calls_member="Ann", role="friend", shares=[])
    return queries.invitation(owner.actor, invitation=made)


def test_somebody_who_used_two_links_stands_in_the_circle_once(jo: Somebody, ann: Somebody) -> None:
    links = [invite(jo), invite(jo)]
    for link in links:
        actions.ask_to_join(ann.actor, code=link.code)
    for link in links:
        phrase = queries.waiting(ann.actor, code=link.code).phrase
        assert actions.confirm(jo.actor, invitation=link.id, phrase=phrase)
    assert [member.person_id for member in queries.roster(jo.actor, owner=jo.id)] == [ann.id]


def test_a_dead_link_makes_no_account_where_sign_up_needs_one(jo: Somebody, client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.HANDRAIL = replace(settings.HANDRAIL, open_sign_up=False)
    link = invite(jo)
    actions.take_back(jo.actor, invitation=link.id)
    client.get(f"/j/{link.code}")
    assert b"You need an invitation" in client.get("/start").content


def test_a_new_name_reaches_the_circle(jo: Somebody, sam: Somebody) -> None:
    people.change_name(jo.actor, owner=jo.id, name="Robin", passphrase=f"{PASSPHRASE} Jo")
    assert [circle.called for circle in queries.circles(sam.actor)] == ["Robin"]


@pytest.mark.django_db(transaction=True)
def test_the_same_ticks_saved_twice_at_once_are_saved(jo: Somebody, sam: Somebody) -> None:
    [place] = queries.roster(jo.actor, owner=jo.id)
    together = Barrier(4)

    def save(_number: int) -> None:
        together.wait(10)
        try:
            actions.change_shares(jo.actor, owner=jo.id, wanted={place.membership_id: ["feeling", "plan"]})
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as phones:
        list(phones.map(save, range(4)))
    assert queries.roster(jo.actor, owner=jo.id)[0].categories == {"feeling", "plan"}
