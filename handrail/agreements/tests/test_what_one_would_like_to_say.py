"""After a disagreement: what the person shared is announced to the member it is for, and to nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from handrail.agreements import actions, rules
from handrail.kernel import clock
from tests.fixtures.people import Somebody, roster, stand_by

pytestmark = pytest.mark.django_db
WORDS = "I was scared, and I shouted."
Browse = Callable[[Somebody], Client]


@pytest.fixture
def pair(jo: Somebody, mum: Somebody) -> dict[str, str]:
    place = next(each.membership_id for each in roster(jo) if each.person_id == mum.id)
    return {"owner": jo.id, "membership": place}


def line(who: str, path: str) -> str:
    return f'<a href="{path}">{who} would like to say something to you</a>'


def test_what_the_person_says_is_announced_on_the_members_today(
    jo: Somebody, mum: Somebody, sam: Somebody, pair: dict[str, str], browse: Browse
) -> None:
    told = line("Jo", reverse("s-agreed", args=[jo.id]))
    assert told not in browse(mum).get("/s/today").content.decode()
    actions.share_note(jo.actor, **pair, text=WORDS)
    page = browse(mum).get("/s/today").content.decode()
    assert told in page and WORDS not in page
    assert WORDS in browse(mum).get(reverse("s-agreed", args=[jo.id])).content.decode()
    assert "would like to say" not in browse(sam).get("/s/today").content.decode()
    assert "would like to say" not in browse(jo).get("/today").content.decode()  # these are their own words
    actions.take_note_back(jo.actor, **pair)
    assert told not in browse(mum).get("/s/today").content.decode()


def test_after_a_week_it_is_no_news_and_said_anew_it_is(
    jo: Somebody, mum: Somebody, pair: dict[str, str], browse: Browse
) -> None:
    actions.share_note(jo.actor, **pair, text=WORDS)
    with clock.moved_by(days=rules.SAID_LATELY / timedelta(days=1)):
        assert "would like to say" not in browse(mum).get("/s/today").content.decode()
        actions.share_note(jo.actor, **pair, text=WORDS)
        assert "would like to say" in browse(mum).get("/s/today").content.decode()


def test_two_who_tell_the_same_member_are_kept_apart(
    jo: Somebody, mum: Somebody, ann: Somebody, pair: dict[str, str], browse: Browse
) -> None:
    second = stand_by(ann, mum)
    actions.share_note(ann.actor, owner=ann.id, membership=second, text=WORDS)
    page = browse(mum).get("/s/today").content.decode()
    assert "Ann would like to say" in page and "Jo would like to say" not in page
