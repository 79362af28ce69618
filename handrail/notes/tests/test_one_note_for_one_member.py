"""A note is shown one by one: to whom the person chose, as it stands, and no longer than they say."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from handrail.checkins import actions as checkins
from handrail.checkins import queries as checked
from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.engine.models import Bell
from handrail.gate import Actor, Category, Role, gated
from handrail.home import seen
from handrail.kernel import clock
from handrail.kernel.environment import Posture
from handrail.kernel.errors import Invalid, NotHere
from handrail.kernel.ids import new_id
from handrail.kernel.sealed import SealedShut
from handrail.notes import actions, queries
from handrail.notes.models import ShownNote
from tests.fixtures.people import Somebody, share, stand_by

pytestmark = pytest.mark.django_db
ZONE = "America/New_York"


def place_of(jo: Somebody, member: Somebody) -> str:
    return next(m.membership_id for m in roster.roster(jo.actor, owner=jo.id) if m.person_id == member.id)


def write_note(jo: Somebody, words: str = "I could not sleep, so I walked.") -> checked.CheckedIn:
    return checkins.record_checkin(jo.actor, owner=jo.id, zone=ZONE, key=new_id(), mood=2, note=words)


def show(jo: Somebody, note: checked.CheckedIn, *members: Somebody, **more: object) -> None:
    actions.show(
        jo.actor, owner=jo.id, source=checked.of_checkin(note.id), day=note.day, words=str(note.note),
        memberships=[place_of(jo, member) for member in members], **more,  # type: ignore[arg-type]
    )  # fmt: skip


def reads(jo: Somebody, member: Somebody) -> list[str]:
    """What stands on the member's page, at this request."""
    return [note.words for note in seen.person(member.actor, owner=jo.id).notes]


@pytest.fixture
def note(jo: Somebody, mum: Somebody, sam: Somebody) -> checked.CheckedIn:
    write_note(jo, "Nobody's business")
    return write_note(jo)


def test_only_the_chosen_member_reads_it_and_only_it(
    jo: Somebody, mum: Somebody, sam: Somebody, note: checked.CheckedIn
) -> None:
    share(jo, sam, *Category)
    show(jo, note, mum)
    assert reads(jo, mum) == ["I could not sleep, so I walked."]
    assert reads(jo, sam) == []


def test_one_tap_stops_it_and_the_words_go(jo: Somebody, mum: Somebody, note: checked.CheckedIn) -> None:
    show(jo, note, mum)
    [one] = queries.shown(jo.actor, owner=jo.id)
    actions.stop(jo.actor, shownnote=one.id)
    assert reads(jo, mum) == []
    [past] = queries.shown(jo.actor, owner=jo.id)
    assert (past.live, past.words, past.day, past.name) == (False, "", note.day, "Mum")
    assert past.over_at is not None


def test_it_ends_by_itself(jo: Somebody, mum: Somebody, note: checked.CheckedIn) -> None:
    show(jo, note, mum, until=clock.now() + timedelta(days=1))
    assert reads(jo, mum)
    with clock.moved_to(clock.now() + timedelta(days=2)):
        assert reads(jo, mum) == []
        [over] = queries.shown(jo.actor, owner=jo.id)
        assert not over.live
        assert over.over_at == over.until


def test_it_rests_while_sharing_is_paused(jo: Somebody, mum: Somebody, note: checked.CheckedIn) -> None:
    show(jo, note, mum)
    circle.pause(jo.actor, owner=jo.id, keeps_help=True)
    assert reads(jo, mum) == []
    assert queries.readers(jo.actor, owner=jo.id) == {}
    circle.resume(jo.actor, owner=jo.id)
    assert reads(jo, mum)


def test_it_is_gone_with_the_place_and_does_not_come_back_with_a_new_one(
    jo: Somebody, mum: Somebody, note: checked.CheckedIn
) -> None:
    show(jo, note, mum)
    circle.end_membership(jo.actor, owner=jo.id, membership=place_of(jo, mum))
    with pytest.raises(NotHere):
        reads(jo, mum)
    stand_by(jo, mum)
    assert reads(jo, mum) == []
    assert [each.live for each in queries.shown(jo.actor, owner=jo.id)] == [False]


def test_it_changes_with_the_note_and_goes_with_it(jo: Somebody, mum: Somebody, note: checked.CheckedIn) -> None:
    show(jo, note, mum)
    checkins.change_checkin(jo.actor, checkin=note.id, zone=ZONE, note="I walked. It helped.")
    assert reads(jo, mum) == ["I walked. It helped."]
    checkins.undo_checkin(jo.actor, checkin=note.id, zone=ZONE)
    assert reads(jo, mum) == []
    assert not any(each.words for each in queries.shown(jo.actor, owner=jo.id))


def test_an_emptied_note_is_shown_no_more(jo: Somebody, mum: Somebody, note: checked.CheckedIn) -> None:
    show(jo, note, mum)
    checkins.change_checkin(jo.actor, checkin=note.id, zone=ZONE, note="")
    assert reads(jo, mum) == []


def test_a_deleted_hard_day_takes_what_was_shown_of_it_along(jo: Somebody, mum: Somebody) -> None:
    day = clock.today(ZONE)
    hard = checkins.record_use_day(
        jo.actor, owner=jo.id, zone=ZONE, key=new_id(), kind="came_close", day=day, details="By the river"
    )
    source = checked.of_hard_day(hard.id)
    place = place_of(jo, mum)
    actions.show(jo.actor, owner=jo.id, source=source, day=day, words="By the river", memberships=[place])
    checkins.change_use_day(
        jo.actor, useday=hard.id, zone=ZONE, kind="came_close", day=day, details="By the river, alone"
    )
    assert reads(jo, mum) == ["By the river, alone"]
    checkins.delete_use_day(jo.actor, useday=hard.id)
    assert reads(jo, mum) == []
    assert queries.shown(jo.actor, owner=jo.id) == []


def test_reading_it_is_written_down(jo: Somebody, mum: Somebody, note: checked.CheckedIn) -> None:
    show(jo, note, mum)
    reads(jo, mum)
    looks = roster.who_looked(jo.actor, owner=jo.id)
    assert (looks[0].name, looks[0].categories) == ("Mum", ["note"])
    assert looks[1].action == "note.show"


def test_the_preview_shows_it_too(jo: Somebody, mum: Somebody, sam: Somebody, note: checked.CheckedIn) -> None:
    show(jo, note, mum)
    for member, found in ((mum, 1), (sam, 0)):
        eyes = roster.seen_by(jo.actor, owner=jo.id, membership=place_of(jo, member))
        assert len(seen.person(eyes, owner=jo.id).notes) == found
    circle.pause(jo.actor, owner=jo.id, keeps_help=True)
    eyes = roster.seen_by(jo.actor, owner=jo.id, membership=place_of(jo, mum))
    assert seen.person(eyes, owner=jo.id).notes == []


@gated("member.see")
def careless(actor: Actor, *, owner: str) -> list[str]:
    """Somebody forgot to ask what is live: the words themselves stay shut."""
    return [row.words for row in ShownNote.objects.all()]


@pytest.mark.parametrize("how", ["pause", "until", "another"])
def test_the_words_stay_shut_to_code_that_forgets_to_ask(
    jo: Somebody, mum: Somebody, sam: Somebody, note: checked.CheckedIn, how: str
) -> None:
    until = clock.now() + timedelta(hours=1)
    show(jo, note, mum, until=until)
    assert careless(mum.actor, owner=jo.id) == ["I could not sleep, so I walked."]
    if how == "another":  # it is not even found
        assert careless(sam.actor, owner=jo.id) == []
        return
    if how == "pause":
        circle.pause(jo.actor, owner=jo.id, keeps_help=True)
    with clock.moved_to(until if how == "until" else clock.now()), pytest.raises(SealedShut):
        careless(mum.actor, owner=jo.id)


def test_nobody_else_shows_or_stops_a_note(
    jo: Somebody, mum: Somebody, sam: Somebody, ann: Somebody, note: checked.CheckedIn
) -> None:
    show(jo, note, mum)
    [one] = queries.shown(jo.actor, owner=jo.id)
    for other in (mum, sam, ann):
        with pytest.raises(NotHere):
            actions.stop(other.actor, shownnote=one.id)
        with pytest.raises(NotHere):
            queries.shown(other.actor, owner=jo.id)
    with pytest.raises(NotHere):
        actions.show(
            jo.actor, owner=jo.id, source="checkin:x", day=note.day, words="x", memberships=[stand_by(ann, mum)]
        )


def test_one_page_does_not_fill_up_without_end(jo: Somebody, mum: Somebody) -> None:
    for number in range(actions.MOST):
        show(jo, write_note(jo, f"Note {number}"), mum)
    with pytest.raises(Invalid):
        show(jo, write_note(jo, "One more"), mum)


def test_the_person_shows_a_note_and_stops_it_on_the_pages(
    jo: Somebody, mum: Somebody, note: checked.CheckedIn, browse: Callable[[Somebody], Client]
) -> None:
    client = browse(jo)
    table = client.get("/trends/table").content.decode()
    assert f"/checkin/{note.id}/show" in table
    page = f"/checkin/{note.id}/show"
    assert "Choose who may read it." in client.post(page, {"until": "week"}).content.decode()
    done = client.post(page, {"members": [place_of(jo, mum)], "until": "week"}, follow=True)
    assert "Mum can read this note." in done.content.decode()
    assert "Mum can read it." in client.get("/trends/table").content.decode()
    [one] = queries.shown(jo.actor, owner=jo.id)
    assert one.until is not None
    done = client.post(f"/people/notes/{one.id}/stop", {"back": page}, follow=True)
    assert done.redirect_chain == [(page, 302)]
    assert client.post(f"/people/notes/{one.id}/stop", {"back": "https://elsewhere.example/"}).url == "/people/notes"
    assert "Not shown any more" in client.get(f"/people/{place_of(jo, mum)}/notes").content.decode()


def test_a_member_s_page_shows_the_note_with_its_day(
    jo: Somebody, mum: Somebody, note: checked.CheckedIn, browse: Callable[[Somebody], Client]
) -> None:
    show(jo, note, mum)
    page = browse(mum).get(f"/s/{jo.id}").content.decode()
    assert "Jo shows you" in page
    assert "I could not sleep" in page
    assert "Nobody&#x27;s business" not in page


@pytest.mark.parametrize("posture", list(Posture))
def test_who_has_to_be_signed_for_gets_no_note_by_a_tick(
    jo: Somebody, ann: Somebody, settings: LazySettings, posture: Posture
) -> None:
    stand_by(jo, ann, Role.COUNSELLOR)
    note = write_note(jo)
    settings.HANDRAIL = replace(settings.HANDRAIL, posture=posture)
    if posture is Posture.PART2:
        with pytest.raises(Invalid):
            show(jo, note, ann)
        assert reads(jo, ann) == []
    else:
        show(jo, note, ann)
        assert reads(jo, ann) == ["I could not sleep, so I walked."]
        settings.HANDRAIL = replace(settings.HANDRAIL, posture=Posture.PART2)  # the operator says so later
        assert reads(jo, ann) == []
        assert queries.readers(jo.actor, owner=jo.id) == {}


def rung_by(change: Callable[[], object], member: Somebody) -> bool:
    Bell.objects.all().delete()
    change()
    return Bell.objects.filter(person_id=member.id).exists()


def test_a_page_is_asked_to_look_again_only_when_its_reader_would_see_a_change(
    jo: Somebody, mum: Somebody, note: checked.CheckedIn
) -> None:
    show(jo, note, mum)

    def write(words: str | None) -> Callable[[], object]:
        return lambda: checkins.change_checkin(jo.actor, checkin=note.id, zone=ZONE, note=words)

    assert rung_by(write("I walked to the river."), mum)
    assert not rung_by(write("I walked to the river."), mum)
    checkins.hide_day(jo.actor, owner=jo.id, zone=ZONE, day=note.day)
    assert not rung_by(write("I walked home."), mum)
    assert not rung_by(lambda: checkins.undo_checkin(jo.actor, checkin=note.id, zone=ZONE), mum)
    assert reads(jo, mum) == []


def test_a_hidden_hard_day_is_changed_and_deleted_in_silence(jo: Somebody, mum: Somebody) -> None:
    today = clock.today(ZONE)
    written = checkins.record_use_day(
        jo.actor, owner=jo.id, zone=ZONE, key=new_id(), kind="came_close", day=today, details="It was the party."
    )
    actions.show(
        jo.actor, owner=jo.id, source=checked.of_hard_day(written.id), day=today, words="It was the party.",
        memberships=[place_of(jo, mum)],
    )  # fmt: skip
    checkins.hide_day(jo.actor, owner=jo.id, zone=ZONE, day=today)

    def change() -> None:
        checkins.change_use_day(
            jo.actor, useday=written.id, zone=ZONE, kind="came_close", day=today, details="It was the long party."
        )

    assert not rung_by(change, mum)
    assert not rung_by(lambda: checkins.delete_use_day(jo.actor, useday=written.id), mum)


def test_who_reads_a_note_and_sees_no_kind_of_thing_is_not_said_to_see_nothing(
    jo: Somebody, mum: Somebody, sam: Somebody, note: checked.CheckedIn, browse: Callable[[Somebody], Client]
) -> None:
    show(jo, note, mum)
    place = place_of(jo, mum)
    page = browse(jo).get("/people").content.decode()
    assert "Family. You show them 1 note." in " ".join(said_in_list(page, "Mum").split())
    assert "Sees nothing." in said_in_list(page, "Sam")
    own = browse(jo).get(f"/people/{place}").content.decode()
    assert "You show them 1 note." in own and f"/people/{place}/stop" in own
    browse(jo).post(f"/people/{place}/stop")
    assert reads(jo, mum) == []
    assert f"/people/{place}/stop" not in browse(jo).get(f"/people/{place}").content.decode()
    assert "Sees nothing." in said_in_list(browse(jo).get("/people").content.decode(), "Mum")


def said_in_list(page: str, name: str) -> str:
    """What stands under a name in the list of people."""
    row = page[page.index(f'<span class="grow">{name}<br>') :].split("</a>")[0]
    return re.sub(r"<[^>]*>", " ", row)


def test_ticks_and_notes_are_both_said(
    jo: Somebody, mum: Somebody, note: checked.CheckedIn, browse: Callable[[Somebody], Client]
) -> None:
    share(jo, mum, Category.PLAN)
    show(jo, note, mum, until=clock.now() + timedelta(days=1))
    said = " ".join(said_in_list(browse(jo).get("/people").content.decode(), "Mum").split())
    assert "Sees 1 kind of thing. You show them 1 note." in said
    with clock.moved_to(clock.now() + timedelta(days=2)):
        assert "You show them" not in said_in_list(browse(jo).get("/people").content.decode(), "Mum")


def test_how_many_notes_stand_open_is_one_question_and_opens_none(
    jo: Somebody, mum: Somebody, note: checked.CheckedIn, django_assert_num_queries: Callable[[int], Any]
) -> None:
    show(jo, note, mum)
    actor = jo.actor
    members = roster.roster(actor, owner=jo.id)
    with django_assert_num_queries(1):
        assert roster.one_by_one(actor, owner=jo.id, members=members) == {place_of_mum(members): 1}


def place_of_mum(members: list[roster.Member]) -> str:
    return next(each.membership_id for each in members if each.name == "Mum")
