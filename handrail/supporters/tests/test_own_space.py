"""What somebody who stands beside another writes for themself: theirs alone, asked for gently, lost by nobody."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from handrail.circle import actions as circle
from handrail.delivery.models import Outbox
from handrail.engine.models import Due
from handrail.gate import Category
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere
from handrail.supporters import actions, due, queries
from tests.fixtures.people import Somebody, share

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]
ZONE = "America/New_York"
WORDS = "I am so tired of being afraid."


def say(who: Somebody, strength: int = 2, **more: object) -> None:
    actions.say_how(who.actor, owner=who.id, zone=ZONE, strength=strength, **more)  # type: ignore[arg-type]


def space(who: Somebody) -> queries.SpaceSeen:
    return queries.space(who.actor, owner=who.id, zone=ZONE)


def weeks(who: Somebody) -> list[tuple[int, int | None, int | None, str]]:
    found = queries.weeks(who.actor, owner=who.id)
    return [(each.strength, each.sleep, each.worry, each.good) for each in found]


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


class TestNobodyElse:
    def test_neither_the_person_nor_another_member_nor_a_stranger_opens_it(
        self, jo: Somebody, mum: Somebody, sam: Somebody, ann: Somebody
    ) -> None:
        share(jo, mum, *Category)
        note = actions.keep_note(mum.actor, owner=mum.id, text=WORDS, circle_of=jo.id)
        say(mum)
        for other in (jo, sam, ann):
            for read in (queries.notes, queries.weeks):
                with pytest.raises(NotHere):
                    read(other.actor, owner=mum.id)
            with pytest.raises(NotHere):
                queries.note(other.actor, note=note)
            with pytest.raises(NotHere):
                actions.remove_note(other.actor, note=note)
            with pytest.raises(NotHere):
                actions.keep_note(other.actor, owner=other.id, text="x", note=note)

    def test_no_page_of_the_person_tells_that_it_is_there(self, browse: Browse, jo: Somebody, mum: Somebody) -> None:
        share(jo, mum, *Category)
        paths = ("/today", "/people", "/people/load", "/me/seen", "/people/history", "/people/gaps")

        def seen() -> list[str]:
            client = browse(jo)
            fresh = r'\b\w{64}\b|name="key" value="\w+"'  # tokens of forms
            return [re.sub(fresh, "", page(client, path)) for path in paths]

        with clock.moved_to(clock.now()):
            before = seen()
            actions.keep_note(mum.actor, owner=mum.id, text=WORDS, circle_of=jo.id)
            say(mum)
            actions.choose_asking(mum.actor, owner=mum.id, zone=ZONE, asked=True, reminded=True)
            assert seen() == before

    def test_a_preview_lends_no_own_space(self, jo: Somebody, mum: Somebody) -> None:
        from handrail.circle import queries as roster

        place = roster.roster(jo.actor, owner=jo.id)[0].membership_id
        eyes = roster.seen_by(jo.actor, owner=jo.id, membership=place)
        with pytest.raises(NotHere):
            queries.notes(eyes, owner=mum.id)

    def test_not_even_about_whom_a_note_is_stands_readable_in_the_database(self, jo: Somebody, mum: Somebody) -> None:
        from django.db import connection

        from handrail.gate.opening import Upkeep

        actions.keep_note(mum.actor, owner=mum.id, text=WORDS, circle_of=jo.id)
        with Upkeep(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM supporters_note")
            row = cursor.fetchone()
        stored = b"|".join(bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode() for each in row)
        assert jo.id.encode() not in stored and b"afraid" not in stored


class TestTheWeeklyQuestion:
    def test_it_is_asked_on_today_and_not_again_for_seven_days(self, browse: Browse, mum: Somebody) -> None:
        client = browse(mum)
        assert "How are you doing?" in page(client, "/s/today")
        client.post("/s/me-too", {"strength": "3", "worry": "2"})
        assert "How are you doing?" not in page(client, "/s/today")
        with clock.moved_by(days=6):
            assert not space(mum).asks_now
        with clock.moved_by(days=7):
            assert space(mum).asks_now

    def test_an_answer_within_the_seven_days_changes_the_one_there_is(self, mum: Somebody) -> None:
        say(mum, 1, worry=4, good="Sun")
        with clock.moved_by(days=3):
            say(mum, 3, sleep=2)
        with clock.moved_by(days=8):
            say(mum, 4)
        assert weeks(mum) == [(3, 2, None, ""), (4, None, None, "")]

    def test_somebody_who_stands_beside_nobody_is_not_asked(self, browse: Browse, ann: Somebody) -> None:
        assert "How are you doing?" not in page(browse(ann), "/s/today")

    def test_not_now_is_heard(self, browse: Browse, mum: Somebody) -> None:
        client = browse(mum)
        client.post("/s/me-too/later")
        assert "How are you doing?" not in page(client, "/s/today")
        with clock.moved_by(days=3):
            assert space(mum).asks_now

    def test_it_can_be_turned_off_and_answered_all_the_same(self, browse: Browse, mum: Somebody) -> None:
        client = browse(mum)
        client.post("/s/me-too/asking", {})
        with clock.moved_by(days=30):
            assert not space(mum).asks_now
        assert "How are you doing?" in page(client, "/s/me-too")

    def test_what_follows_is_kind_and_concrete(self, browse: Browse, mum: Somebody) -> None:
        client = browse(mum)
        client.post("/s/me-too", {"strength": "1", "worry": "4"})
        text = page(client, "/s/me-too")
        assert "You may rest" in text and 'href="/s/rest"' in text
        assert "Call somebody of your own" in text and text.count('href="tel:988"') == 1  # the lines stand there once

    def test_nothing_chosen_is_said_beside_the_question_and_what_was_typed_stays(
        self, browse: Browse, mum: Somebody
    ) -> None:
        answer = browse(mum).post("/s/me-too", {"good": "A walk by the river", "worry": "3"})
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "Choose how your strength is." in text and "A walk by the river" in text
        assert weeks(mum) == []

    @pytest.mark.parametrize("value", ["0", "5", "much", "-1", "1e0", "\x00"])
    def test_nonsense_is_no_answer(self, browse: Browse, mum: Somebody, value: str) -> None:
        assert browse(mum).post("/s/me-too", {"strength": value}).status_code == 422
        assert weeks(mum) == []

    def test_the_list_says_what_the_picture_shows(self, browse: Browse, mum: Somebody) -> None:
        with clock.moved_by(days=-14):
            say(mum, 1, good="Nothing much")
        say(mum, 4, sleep=1, worry=2)
        text = page(browse(mum), "/s/me-too/weeks")
        assert "used up" in text and "Nothing much" in text and "badly" in text
        assert "<svg" in page(browse(mum), "/s/me-too")


class TestTheMessageOnSunday:
    def moment(self, who: Somebody) -> due.due.Moment:
        [row] = Due.objects.filter(kind=actions.REMIND, ref=who.id)
        return due.due.Moment(row.kind, row.ref, row.generation, row.due_at)

    def messages(self, who: Somebody) -> int:
        return Outbox.objects.filter(to=who.id, kind="own.week").count()

    def sunday(self, who: Somebody) -> None:
        moment = self.moment(who)
        with clock.moved_to(moment.due_at):
            due.sunday_has_come(moment)

    def test_it_comes_only_to_who_wants_it(self, mum: Somebody) -> None:
        actions.choose_asking(mum.actor, owner=mum.id, zone=ZONE, asked=True, reminded=False)
        assert not Due.objects.filter(kind=actions.REMIND).exists()

    def test_it_comes_and_is_armed_for_the_next_sunday(self, mum: Somebody) -> None:
        actions.choose_asking(mum.actor, owner=mum.id, zone=ZONE, asked=True, reminded=True)
        first = self.moment(mum).due_at
        self.sunday(mum)
        assert self.messages(mum) == 1
        assert timedelta(days=6) < self.moment(mum).due_at - first < timedelta(days=8)

    def test_who_has_answered_already_gets_none(self, mum: Somebody) -> None:
        actions.choose_asking(mum.actor, owner=mum.id, zone=ZONE, asked=True, reminded=True)
        with clock.moved_to(self.moment(mum).due_at - timedelta(hours=1)):
            say(mum)
        self.sunday(mum)
        assert self.messages(mum) == 0

    def test_who_stands_beside_nobody_any_more_gets_none(self, jo: Somebody, mum: Somebody) -> None:
        actions.choose_asking(mum.actor, owner=mum.id, zone=ZONE, asked=True, reminded=True)
        circle.leave_circle(mum.actor, owner=jo.id)
        self.sunday(mum)
        assert self.messages(mum) == 0

    def test_turned_off_it_is_due_no_more(self, mum: Somebody) -> None:
        actions.choose_asking(mum.actor, owner=mum.id, zone=ZONE, asked=True, reminded=True)
        moment = self.moment(mum)
        actions.choose_asking(mum.actor, owner=mum.id, zone=ZONE, asked=False, reminded=False)
        due.sunday_has_come(moment)  # the worker had it in hand
        assert self.messages(mum) == 0 and not Due.objects.filter(kind=actions.REMIND).exists()


class TestNotes:
    def test_a_note_is_kept_changed_and_thrown_away(self, browse: Browse, jo: Somebody, mum: Somebody) -> None:
        client = browse(mum)
        client.post("/s/me-too/notes", {"text": WORDS, "circle_of": jo.id})
        [note] = queries.notes(mum.actor, owner=mum.id)
        assert (note.text, note.called) == (WORDS, "Jo")
        client.post(f"/s/me-too/notes/{note.id}", {"text": "Better today.", "circle_of": ""})
        [note] = queries.notes(mum.actor, owner=mum.id)
        assert (note.text, note.called) == ("Better today.", "") and note.changed_at
        client.post(f"/s/me-too/notes/{note.id}", {"do": "remove"})
        assert queries.notes(mum.actor, owner=mum.id) == []

    def test_it_stays_readable_after_the_two_have_parted(self, browse: Browse, jo: Somebody, mum: Somebody) -> None:
        note = actions.keep_note(mum.actor, owner=mum.id, text=WORDS, circle_of=jo.id)
        actions.leave(mum.actor, owner=jo.id)
        client = browse(mum)
        assert "How it goes with Jo" in page(client, f"/s/me-too/notes/{note}")
        answer = client.post(f"/s/me-too/notes/{note}", {"text": "It was right.", "circle_of": jo.id})
        assert answer.status_code == 302
        assert queries.note(mum.actor, note=note).called == "Jo"

    def test_a_note_about_somebody_else_s_circle_is_not_taken(
        self, browse: Browse, mum: Somebody, ann: Somebody
    ) -> None:
        assert browse(mum).post("/s/me-too/notes", {"text": "x", "circle_of": ann.id}).status_code == 422
        with pytest.raises(NotHere):
            actions.keep_note(mum.actor, owner=mum.id, text="x", circle_of=ann.id)

    @pytest.mark.parametrize(("text", "says"), [("  ", "Write a line"), ("x" * 4001, "very long")])
    def test_what_cannot_be_kept_says_so_and_stays_in_the_form(
        self, browse: Browse, mum: Somebody, text: str, says: str
    ) -> None:
        answer = browse(mum).post("/s/me-too/notes", {"text": text})
        assert answer.status_code == 422 and says in answer.content.decode() and text.strip() in answer.content.decode()

    def test_five_hundred_are_enough(self, mum: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("handrail.supporters.rules.MOST_NOTES", 1)
        note = actions.keep_note(mum.actor, owner=mum.id, text=WORDS)
        with pytest.raises(Invalid):
            actions.keep_note(mum.actor, owner=mum.id, text=WORDS)
        actions.keep_note(mum.actor, owner=mum.id, text="Changed", note=note)

    def test_words_are_shown_as_they_were_typed_and_never_as_a_page(self, browse: Browse, mum: Somebody) -> None:
        actions.keep_note(mum.actor, owner=mum.id, text="<b>loud</b>")
        assert "&lt;b&gt;loud" in page(browse(mum), "/s/me-too")
