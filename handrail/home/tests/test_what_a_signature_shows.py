"""Who sees what somebody signed for reads what that is, in words that are right from their side."""

from collections.abc import Callable

import pytest
from django.test import Client

from handrail.gate import Category, Role
from tests.fixtures.people import Somebody, share, stand_by

pytestmark = pytest.mark.django_db
WHAT_IS_NOT_SEEN = "What you see, and what you do not"


def test_a_doctor_reads_what_is_shared_and_that_there_may_be_more_and_so_does_the_preview(
    jo: Somebody, ann: Somebody, browse: Callable[[Somebody], Client]
) -> None:
    place = stand_by(jo, ann, Role.PHYSICIAN)
    page = browse(ann).get(f"/s/{jo.id}").content.decode()
    assert WHAT_IS_NOT_SEEN in page and "Jo shares nothing with you right now." in page
    share(jo, ann, Category.PLAN, Category.HELP)
    page = browse(ann).get(f"/s/{jo.id}").content.decode()
    assert "Jo shares with you: Their plan, Their call for help." in page
    assert "Jo can read that you opened this page, and when." in page
    preview = browse(jo).get(f"/people/{place}/see").content.decode()
    assert "Jo shares with you: Their plan, Their call for help." in preview


def test_family_is_not_told_which_kinds_are_shared(
    jo: Somebody, mum: Somebody, browse: Callable[[Somebody], Client]
) -> None:
    share(jo, mum, Category.PLAN)
    assert WHAT_IS_NOT_SEEN not in browse(mum).get(f"/s/{jo.id}").content.decode()
