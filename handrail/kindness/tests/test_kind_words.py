import pytest

from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.gate import Category
from handrail.kernel.errors import Invalid, NotHere, TooOften
from handrail.kindness import actions, queries
from tests.fixtures.people import share


def words_for(jo):
    return [note.words for note in queries.unread(jo.actor, owner=jo.id)]


def place_of(jo, name):
    return next(m.membership_id for m in roster.roster(jo.actor, owner=jo.id) if m.name == name)


def send(member, jo, words="Thinking of you."):
    actions.send(member.actor, owner=jo.id, words=words)


def test_a_member_sends_and_the_person_reads_it_with_a_name(jo, mum):
    send(mum, jo, "  Thinking\n of you. ")
    (found,) = queries.notes(jo.actor, owner=jo.id)
    assert (found.name, found.note.words, found.note.read) == ("Mum", "Thinking of you.", False)


def test_nothing_has_to_be_shared_to_be_kind_but_a_place_is_needed(jo, mum, ann):
    send(mum, jo)
    with pytest.raises(NotHere):
        send(ann, jo)
    circle.end_membership(jo.actor, owner=jo.id, membership=place_of(jo, "Mum"))
    with pytest.raises(NotHere):
        send(mum, jo)


def test_nobody_reads_what_another_wrote_and_not_whether_it_was_read(jo, mum, sam):
    send(mum, jo)
    share(jo, sam, *Category)
    for member in (mum, sam):
        with pytest.raises(NotHere):
            queries.unread(member.actor, owner=jo.id)
        with pytest.raises(NotHere):
            queries.notes(member.actor, owner=jo.id)


def test_what_was_read_is_kept_and_leaves_the_first_page(jo, mum):
    send(mum, jo)
    actions.put_away(jo.actor, kindnote=queries.unread(jo.actor, owner=jo.id)[0].id)
    assert words_for(jo) == []
    (kept,) = queries.notes(jo.actor, owner=jo.id)
    assert kept.note.read
    actions.remove(jo.actor, kindnote=kept.note.id)
    assert queries.notes(jo.actor, owner=jo.id) == []


def test_only_the_person_puts_away_and_removes(jo, mum, ann):
    send(mum, jo)
    note = queries.unread(jo.actor, owner=jo.id)[0].id
    for other in (mum, ann):
        with pytest.raises(NotHere):
            actions.put_away(other.actor, kindnote=note)
        with pytest.raises(NotHere):
            actions.remove(other.actor, kindnote=note)


def test_notes_kept_aside_stay_out_of_sight_and_the_writer_notices_nothing(jo, mum, sam, clock):
    send(mum, jo, "Before")
    clock.forward(hours=1)
    actions.want_none(jo.actor, owner=jo.id, membership=place_of(jo, "Mum"))
    send(mum, jo, "While put aside")
    clock.forward(hours=1)
    send(sam, jo, "From Sam")
    assert words_for(jo) == ["From Sam", "Before"]
    found = queries.notes(jo.actor, owner=jo.id)
    assert [each.note.words for each in found if each.note.aside] == ["While put aside"]
    actions.want_again(jo.actor, owner=jo.id, membership=place_of(jo, "Mum"))
    assert words_for(jo) == ["From Sam", "While put aside", "Before"]


def test_five_notes_a_day_are_enough(jo, mum, sam, clock):
    for number in range(5):
        send(mum, jo, f"Hello {number}")
    with pytest.raises(TooOften):
        send(mum, jo)
    send(sam, jo)
    clock.forward(hours=24, minutes=1)
    send(mum, jo)


@pytest.mark.parametrize("words", ["", "   ", "x" * 401])
def test_an_empty_or_a_very_long_note_is_not_sent(jo, mum, words):
    with pytest.raises(Invalid):
        send(mum, jo, words)
