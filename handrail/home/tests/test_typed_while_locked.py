"""What is typed while the app is locked: own words wait to be sent by one tap, all else is shown on its own page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver, resolve, reverse

from handrail.agreements import queries as agreements
from handrail.checkins import queries as days
from handrail.gate import Category
from handrail.kernel import clock
from handrail.people import discreet, held
from handrail.safety import queries as calls
from tests.fixtures.people import PASSPHRASE, ZONE, Somebody, roster, share

pytestmark = pytest.mark.django_db
PIN = "407193"
ID = "A" * 22


@pytest.fixture
def phone(jo: Somebody) -> Client:
    """Jo's, signed in and locked."""
    discreet.change_lock(jo.actor, owner=jo.id, lock_after=60, pin=PIN)
    return locked("Jo")


def locked(name: str) -> Client:
    client = Client()
    assert client.post("/enter", {"name": name, "passphrase": f"{PASSPHRASE} {name}"}).status_code == 302
    client.post("/lock/now")
    return client


def sent(client: Client, path: str, **typed: Any) -> str:
    """Where it leads to, once unlocked."""
    door = client.post(path, typed)["Location"]
    assert door.startswith("/lock?next=")
    return str(client.post("/lock", {"pin": PIN, "next": path})["Location"])


def test_a_check_in_is_shown_in_words_and_sent_by_hand(phone: Client, jo: Somebody) -> None:
    typed = {"mood": "4", "craving": "0", "sleep": "", "note": "by the river", "key": "k" * 22}
    assert sent(phone, "/checkin", **typed) == "/lock/held"
    page = phone.get("/lock/held").content.decode()
    assert ">A check-in</h2>" in page and "How are you right now?</dt><dd>Good</dd>" in page
    assert "by the river</dd>" in page and "How did you sleep" not in page
    assert "k" * 22 + "</dd>" not in page and f'name="key" value="{"k" * 22}"' in page
    assert days.history(jo.actor, owner=jo.id, zone=ZONE, days=7).answered == 0


def test_a_line_of_the_plan_says_which_question_it_answers(phone: Client) -> None:
    assert sent(phone, "/plan/edit/1", lines="I stop answering", add=["I sleep badly"]) == "/lock/held"
    page = phone.get("/lock/held").content.decode()
    assert "My plan: Signs that it is getting hard" in page
    assert "<dd>I stop answering</dd>" in page and "<dd>I sleep badly</dd>" in page


def test_a_hard_day_that_somebody_would_be_told_of_is_shown_on_its_own_page(
    phone: Client, jo: Somebody, mum: Somebody
) -> None:
    today = clock.today(ZONE)
    path, typed = reverse("day", args=[today]), {"kind": "used", "day": today.isoformat(), "details": "at the river"}
    assert sent(phone, path, **typed) == "/lock/held"
    phone.post("/lock/held")
    phone.post("/lock/now")
    share(jo, mum, Category.USE)
    assert sent(phone, path, **typed, shown=roster(jo)[0].membership_id) == path
    page = phone.get(path).content.decode()
    assert "at the river" in page and "Nothing was saved." in page and "will see that" in page
    assert days.hard_days(jo.actor, owner=jo.id) == []
    assert "at the river" not in phone.get(path).content.decode()  # once


def test_lines_that_were_offered_are_shown_on_their_page_and_not_offered(
    phone: Client, jo: Somebody, mum: Somebody
) -> None:
    place = roster(jo)[0].membership_id
    path = reverse("agreed-write", args=[place, "limits"])
    assert sent(phone, path, say_1="I can drive you", do="offer") == path
    page = phone.get(path)
    assert page.status_code == 200 and b'value="I can drive you"' in page.content
    phone.post("/lock/now")
    assert sent(phone, path, say_1="I can drive you", do="keep") == "/lock/held"
    assert b"Our boundaries</h2>" in phone.get("/lock/held").content
    assert agreements.together(jo.actor, owner=jo.id, membership=place).agreements == ()


def test_kind_words_to_somebody_else_wait_in_their_own_form(jo: Somebody, mum: Somebody) -> None:
    discreet.change_lock(mum.actor, owner=mum.id, lock_after=5, pin=PIN)
    phone, path = locked("Mum"), reverse("kind-send", args=[jo.id])
    assert sent(phone, path, words="Thinking of you") == path
    assert b"Thinking of you</textarea>" in phone.get(path).content


def test_a_call_for_help_shows_again_whom_it_asks_and_asks_nobody_by_itself(
    phone: Client, jo: Somebody, mum: Somebody, sam: Somebody
) -> None:
    share(jo, mum, Category.HELP)
    share(jo, sam, Category.HELP)
    chosen = next(each.membership_id for each in roster(jo) if each.person_id == sam.id)
    assert sent(phone, "/a", words="Please come", asking=chosen, key="k" * 22, place="the bench") == "/a"
    page = phone.get("/a").content.decode()
    assert "Your call for help is not sent yet." in page and "Please come" in page and "the bench" in page
    assert page.count(" checked") == 1
    assert calls.open_call(jo.actor, owner=jo.id) is None


def test_what_is_shown_anew_is_no_more_after_half_an_hour(phone: Client) -> None:
    assert sent(phone, "/invite", calls_member="Aunt May") == "/invite"
    page = phone.get("/invite").content.decode()
    assert "Aunt May" in page and "Nothing was saved." in page and "#circle-check" not in page
    phone.post("/lock/now")
    assert sent(phone, "/invite", calls_member="Aunt May") == "/invite"
    with clock.moved_by(minutes=31):
        page = phone.get("/invite").content.decode()
    assert "Aunt May" not in page


def test_every_question_that_goes_along_has_its_words() -> None:
    for name, words_of in held.may_be_sent.items():
        where = {"plan-edit": {"number": 1}, "agreed-write": {"kind": "limits"}, "s-agreed-write": {"kind": "words"}}
        words = words_of(**where.get(name, {}))
        assert words.page, name
        unseen = {each for each, question in words.questions.items() if not question.label}
        assert unseen <= {"key", "answered_at"}, name


def test_every_address_that_only_takes_what_is_sent_leads_to_a_page() -> None:
    found = 0
    for route in _routes(get_resolver().url_patterns):
        path = "/" + route.replace("<day:day>", "2026-11-20").replace("<slug:kind>", "limits")
        path = "/".join(
            ID if part.startswith("<id:") else "1" if part.startswith("<") else part for part in path.split("/")
        )
        page = held.page_at(path)
        assert page == "/" or "POST" not in _only(page), (path, page)
        found += page != path
    assert found > 20


def _routes(patterns: Any, before: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLPattern):
            if getattr(each.callback, "open_to", "") == "signed-in":
                yield before + str(each.pattern)
        elif "api" not in str(each.pattern):
            yield from _routes(each.url_patterns, before + str(each.pattern))


def _only(page: str) -> set[str]:
    """Methods, where GET is not one of them: asked of the view itself, by a GET without anybody."""
    match = resolve(page)
    try:
        answer = match.func(RequestFactory().get(page), *match.args, **match.kwargs)
    except Exception:  # it asks who is there: so it would have answered
        return set()
    return set(answer.get("Allow", "").split(", ")) if answer.status_code == 405 else set()
