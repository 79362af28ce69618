"""What a member's page says about calls for help is true for this member, today."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.delivery import ways
from handrail.delivery.models import Way
from handrail.gate import Category
from handrail.kernel import clock
from tests.fixtures.people import Somebody, share

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]
ALERT = "you will get an alert"


def pages(jo: Somebody, mum: Somebody, browse: Browse) -> list[str]:
    """The member's own page, and what the person is shown of it."""
    place = roster.roster(jo.actor, owner=jo.id)[0].membership_id
    found = [browse(mum).get(f"/s/{jo.id}"), browse(jo).get(f"/people/{place}/see")]
    assert [page.status_code for page in found] == [200, 200]
    return [page.content.decode() for page in found]


def test_without_a_way_that_works_no_alert_is_promised(jo: Somebody, mum: Somebody, browse: Browse) -> None:
    share(jo, mum, Category.HELP)
    for page in pages(jo, mum, browse):
        assert ALERT not in page and "you see it when you open Handrail" in page


def test_with_a_way_an_alert_is_promised_and_during_a_rest_none(jo: Somebody, mum: Somebody, browse: Browse) -> None:
    share(jo, mum, Category.HELP)
    way = ways.begin(mum.actor, owner=mum.id, channel="email", address="mum@example.org")
    Way.objects.filter(pk=way).update(verified_at=clock.now())
    for page in pages(jo, mum, browse):
        assert ALERT in page
    until = clock.now() + timedelta(days=3)
    circle.rest(mum.actor, owner=jo.id, until=until, although_last=True)
    for page in pages(jo, mum, browse):
        assert ALERT not in page and "before that, you are not asked" in page
