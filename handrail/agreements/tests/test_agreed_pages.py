import re

import pytest

from handrail.agreements import actions, queries
from handrail.agreements.rules import Line, Side
from handrail.circle import actions as circle
from handrail.people.models import Person
from tests.fixtures.people import stand_by


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def browser_of(somebody):
    from django.test import Client

    client = Client()
    client.force_login(Person.objects.get(pk=somebody.id))
    return client


@pytest.fixture
def place(jo, ann):
    return stand_by(jo, ann)


@pytest.fixture
def jos(jo):
    return browser_of(jo)


@pytest.fixture
def anns(ann):
    return browser_of(ann)


def test_the_two_come_to_an_agreement_with_no_script(jos, anns, jo, place):
    page = jos.get(f"/people/{place}").content.decode()
    assert f'href="/people/{place}/agreed"' in page
    assert "Our boundaries" in text_of(jos.get(f"/people/{place}/agreed"))
    sent = jos.post(
        f"/people/{place}/agreed/write/limits",
        {"do": "offer", "say_1": "I can come on Sundays", "say_2": "I can’t", "then_1": "call before noon"},
    )
    made = sent["Location"]
    assert "Ann has not said yes yet" in text_of(jos.get(made))

    assert "something waits for your answer" in text_of(anns.get("/s/today"))
    assert f'href="/s/{jo.id}/agreed"' in anns.get(f"/s/{jo.id}").content.decode()
    seen = anns.get(made)
    assert "Jo says I can come on Sundays If it goes differently, I will: call before noon" in text_of(seen)
    assert "I can’t" not in text_of(seen)
    version = re.search(r'name="version" value="(\d+)"', seen.content.decode()).group(1)
    answer = anns.post(f"{made}/answer", {"do": "yes", "version": version}, follow=True)
    assert "You have both said yes." in text_of(answer)
    assert "You both said yes on" in text_of(jos.get(made))
    for browser in (jos, anns):
        assert "This is not a contract" in text_of(browser.get(f"{made}/print"))


def test_the_person_is_shown_on_today_what_waits_for_them(jos, ann, jo, place):
    assert "waits for your answer" not in text_of(jos.get("/today"))
    actions.offer(ann.actor, owner=jo.id, membership=place, kind="words", lines=[Line("Please do not shout")])
    page = text_of(jos.get("/today"))
    assert "You and Ann: something waits for your answer" in page
    assert "shout" not in page


def test_a_kept_draft_comes_back_and_the_other_side_sees_none_of_it(jos, anns, jo, place):
    jos.post(f"/people/{place}/agreed/write/what-if", {"do": "keep", "say_1": "If I use, sit with me"})
    assert "If I use, sit with me" in jos.get(f"/people/{place}/agreed/write/what-if").content.decode()
    assert "Go on writing" in text_of(jos.get(f"/people/{place}/agreed"))
    for path in (f"/s/{jo.id}/agreed", f"/s/{jo.id}/agreed/write/what-if", "/s/today"):
        assert "sit with me" not in anns.get(path).content.decode()
    assert "Go on writing" not in text_of(anns.get(f"/s/{jo.id}/agreed"))


def test_the_page_for_writing_offers_beginnings_that_are_not_there_yet(anns, ann, jo, place):
    actions.keep_lines(
        ann.actor,
        membership=place,
        kind="limits",
        side=Side.MEMBER,
        lines=[Line("I can drive"), Line("Money: no loans")],
    )
    page = anns.get(f"/s/{jo.id}/agreed/write/limits").content.decode()
    values = re.findall(r'name="say_\d" value="([^"]*)"', page)
    assert values == ["I can drive", "Money: no loans", "I can’t", "If you use, I will", "Best time to call:"]


def test_what_is_too_long_is_shown_again_with_what_was_typed(jos, place):
    answer = jos.post(f"/people/{place}/agreed/write/limits", {"do": "offer", "say_1": "b" * 201})
    assert answer.status_code == 422
    assert "b" * 201 in answer.content.decode()
    assert "There is a problem" in text_of(answer)


def test_only_beginnings_are_no_offer(jos, jo, place):
    answer = jos.post(f"/people/{place}/agreed/write/limits", {"do": "offer", "say_1": "I can"})
    assert answer.status_code == 422
    assert "Write at least one line." in text_of(answer)


@pytest.mark.parametrize("kind", ["contract", "LIMITS", "repair", "topic"])
def test_there_is_no_page_for_a_kind_that_is_none(jos, place, kind):
    assert jos.get(f"/people/{place}/agreed/write/{kind}").status_code == 404


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "²", "1e9", "9" * 40, "\x00"])
def test_a_yes_to_nonsense_is_no_yes(jos, ann, jo, place, version):
    made = actions.offer(ann.actor, owner=jo.id, membership=place, kind="words", lines=[Line("Softly")])
    assert jos.post(f"/agreed/{made}/answer", {"do": "yes", "version": version}).status_code == 409
    assert queries.agreement(jo.actor, agreement=made).asks_me


@pytest.mark.parametrize("do", ["", "explode", "YES"])
def test_an_answer_that_says_nothing_changes_nothing(jos, ann, jo, place, do):
    made = actions.offer(ann.actor, owner=jo.id, membership=place, kind="words", lines=[Line("Softly")])
    before = queries.agreement(jo.actor, agreement=made)
    assert jos.post(f"/agreed/{made}/answer", {"do": do}).status_code == 302
    assert queries.agreement(jo.actor, agreement=made) == before


def test_when_the_member_has_left_it_is_on_the_person_s_own_list(jos, anns, ann, jo, place):
    made = actions.offer(ann.actor, owner=jo.id, membership=place, kind="words", lines=[Line("Softly")])
    circle.leave_circle(ann.actor, owner=jo.id)
    assert anns.get(f"/agreed/{made}").status_code == anns.get(f"/s/{jo.id}/agreed").status_code == 404
    assert "kept for you alone" in text_of(jos.get("/people/agreed"))
    page = text_of(jos.get(f"/agreed/{made}"))
    assert "Softly" in page
    assert "Change my lines" not in page
    assert "It is gone." in text_of(jos.post(f"/agreed/{made}/answer", {"do": "remove"}, follow=True))
    assert jos.get(f"/agreed/{made}").status_code == 404


def test_a_list_for_a_talk_is_shared_and_ticked_by_either(jos, anns, jo, place):
    anns.post(f"/s/{jo.id}/agreed/topics", {"text": "Money for rent"})
    page = jos.get(f"/people/{place}/agreed/topics").content.decode()
    assert "Ann brought it" in page
    where = re.search(r'href="(/agreed/topic/\w+)"', page).group(1)
    jos.post(where, {"do": "note", "note": "I can pay half", "shared": ""})
    assert "I can pay half" not in text_of(anns.get(where))
    jos.post(where, {"do": "note", "note": "I can pay half", "shared": "on"})
    assert "I can pay half" in text_of(anns.get(where))
    assert jos.post(where, {"do": "remove"}).status_code == 404
    jos.post(where, {"do": "talked"})
    assert "Talked about on" in text_of(anns.get(where))
    anns.post(where, {"do": "open"})
    assert "Still to talk about." in text_of(jos.get(where))


def test_a_full_list_says_so(jos, jo, place):
    for number in range(20):
        jos.post(f"/people/{place}/agreed/topics", {"text": f"Thing {number}"})
    answer = jos.post(f"/people/{place}/agreed/topics", {"text": "One more"})
    assert answer.status_code == 422
    assert "The list is full" in text_of(answer)


def test_the_steps_stay_with_their_writer_and_one_note_can_be_shared(jos, anns, jo, place):
    steps = {
        "happened": "The door was loud",
        "need": "I need an hour",
        "say": "I am sorry about the door",
        "third": "Dee",
    }
    jos.post(f"/people/{place}/agreed/again", {"do": "keep", **steps})
    assert "door" not in text_of(anns.get(f"/s/{jo.id}/agreed/again"))
    page = text_of(jos.get(f"/people/{place}/agreed/again"))
    assert "The door was loud" in page
    assert "Hi Dee. Ann and I see something in two ways." in page
    jos.post(f"/people/{place}/agreed/again", {"do": "share", **steps})
    heard = text_of(anns.get(f"/s/{jo.id}/agreed"))
    assert "I am sorry about the door" in heard
    assert "loud" not in heard + text_of(anns.get(f"/s/{jo.id}/agreed/again"))
    jos.post(f"/people/{place}/agreed/again", {"do": "take_back"})
    assert "sorry" not in text_of(anns.get(f"/s/{jo.id}/agreed"))


def test_a_member_is_offered_nobody_of_the_circle_as_a_third_person(jos, anns, jo, sam, place):
    assert 'value="Sam"' in jos.get(f"/people/{place}/agreed/again").content.decode()
    page = anns.get(f"/s/{jo.id}/agreed/again")
    assert page.status_code == 200
    assert not re.search(r"\bSam\b", page.content.decode())


def test_sharing_an_empty_note_asks_for_words(jos, place):
    answer = jos.post(f"/people/{place}/agreed/again", {"do": "share", "say": " "})
    assert answer.status_code == 422
    assert "Write what you would like to say." in text_of(answer)


def test_words_are_shown_as_they_were_typed_and_never_as_a_page(jos, anns, jo, place):
    nasty = "<script>alert(1)</script> & “so”"
    sent = jos.post(f"/people/{place}/agreed/write/limits", {"do": "offer", "say_1": nasty})
    page = anns.get(sent["Location"]).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “so”" in page


def test_the_doorbell_asks_for_the_live_part_alone(jos, ann, jo, place):
    made = actions.offer(ann.actor, owner=jo.id, membership=place, kind="words", lines=[Line("Softly")])
    for path in (f"/people/{place}/agreed", f"/people/{place}/agreed/topics", f"/agreed/{made}"):
        part = jos.get(path, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part
        assert f'hx-get="{path}"' in part


def test_reading_costs_as_many_queries_for_much_as_for_little(jos, ann, jo, place, django_assert_max_num_queries):
    for kind in ("limits", "words", "what-if"):
        made = actions.offer(ann.actor, owner=jo.id, membership=place, kind=kind, lines=[Line("a")])
        actions.end(ann.actor, agreement=made)
        actions.offer(ann.actor, owner=jo.id, membership=place, kind=kind, lines=[Line("b")])
    for number in range(15):
        actions.add_topic(ann.actor, owner=jo.id, membership=place, text=f"Thing {number}")
    with django_assert_max_num_queries(14):
        jos.get(f"/people/{place}/agreed")


def test_the_list_goes_along_on_paper_with_the_notes_that_were_shared_and_no_others(jo, ann, place) -> None:
    pair = {"owner": jo.id, "membership": place}
    rent = actions.add_topic(jo.actor, **pair, text="The rent")
    done = actions.add_topic(ann.actor, **pair, text="The car")
    actions.tick_topic(jo.actor, topic=done, talked=True)
    actions.keep_note(ann.actor, topic=rent, text="I can pay half.", shared=True)
    actions.keep_note(jo.actor, topic=rent, text="I am ashamed to ask.", shared=False)
    for who, path in ((jo, f"/people/{place}/agreed/topics"), (ann, f"/s/{jo.id}/agreed/topics")):
        assert f'href="{path}/print"' in browser_of(who).get(path).content.decode()
        paper = text_of(browser_of(who).get(f"{path}/print"))
        assert "The rent" in paper and "I can pay half." in paper
        assert "ashamed" not in paper and "The car" not in paper
