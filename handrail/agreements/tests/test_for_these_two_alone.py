"""Another member of the circle finds nothing of what two keep together; nobody finds what one keeps for themself."""

from collections.abc import Callable

import pytest

from handrail.agreements import actions, pair, queries
from handrail.agreements.models import Agreement, Draft, Note, Topic
from handrail.agreements.rules import Line, Side
from handrail.gate import Actor, Category, gated
from handrail.gate import circle as places
from handrail.gate.opening import GateShut
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import new_id
from handrail.kernel.sealed import SealedShut
from tests.fixtures.people import Somebody, share, stand_by

WORDS = "Sunday dinner at mine"


@pytest.fixture
def place(jo: Somebody, mum: Somebody) -> str:
    """Mum's place. Sam stands in the same circle, and sees all that can be shared."""
    return next(each.membership_id for each in _members(jo.actor, owner=jo.id) if each.person_id == mum.id)


@gated("circle.read")
def _members(actor: Actor, *, owner: str) -> list[places.Member]:
    return places.members_of(owner)


@pytest.fixture
def kept(jo: Somebody, mum: Somebody, sam: Somebody, place: str) -> dict[str, str]:
    share(jo, sam, *Category)
    both = {"owner": jo.id, "membership": place}
    made = actions.offer(jo.actor, **both, kind="limits", lines=[Line(WORDS)])
    actions.offer(mum.actor, **both, kind="limits", lines=[Line(WORDS)])
    topic = actions.add_topic(mum.actor, **both, text=WORDS)
    actions.keep_note(jo.actor, topic=topic, text=WORDS, shared=True)
    actions.share_note(mum.actor, **both, text=WORDS)
    return {"agreement": made, "topic": topic}


@gated("member.see")
def rows_found(actor: Actor, *, owner: str) -> int:
    """A careless query, with no filter at all."""
    return sum(model.objects.count() for model in (Agreement, Topic, Note, Draft))


@gated("member.see")
def words_opened(actor: Actor, *, owner: str, model: type, name: str) -> object:
    """Past the manager, by Django's own queryset: the seal is still there."""
    from django.db.models import QuerySet

    return getattr(QuerySet(model).first(), name)


def test_a_query_that_forgets_to_ask_finds_only_one_s_own_place(
    jo: Somebody, mum: Somebody, sam: Somebody, kept: dict[str, str]
) -> None:
    assert rows_found(mum.actor, owner=jo.id) == 3  # agreement, topic, note; Jo's draft of a note is Jo's
    assert rows_found(sam.actor, owner=jo.id) == 0


@pytest.mark.parametrize(
    ("model", "name"),
    [(Agreement, "owner_lines"), (Agreement, "member_lines"), (Topic, "text"), (Topic, "owner_note"), (Note, "text")],
)
def test_the_words_do_not_open_for_another_member_however_they_were_fetched(
    jo: Somebody, mum: Somebody, sam: Somebody, kept: dict[str, str], model: type, name: str
) -> None:
    assert WORDS in str(words_opened(mum.actor, owner=jo.id, model=model, name=name))
    with pytest.raises(SealedShut):
        words_opened(sam.actor, owner=jo.id, model=model, name=name)


def test_nothing_can_be_written_into_somebody_else_s_place(
    jo: Somebody, sam: Somebody, place: str, kept: dict[str, str]
) -> None:
    @gated("agreement.change", writes=True)
    def slip_in(actor: Actor, *, owner: str) -> None:
        from handrail.kernel import clock

        Note.objects.create(owner_id=owner, membership_id=place, by_owner=True, text="x", shared_at=clock.now())

    with pytest.raises(GateShut):
        slip_in(sam.actor, owner=jo.id)


def _tries(jo: Somebody, place: str, kept: dict[str, str]) -> dict[str, Callable[[Actor], object]]:
    both = {"owner": jo.id, "membership": place}
    return {
        "read": lambda actor: queries.agreement(actor, agreement=kept["agreement"]),
        "yes": lambda actor: actions.say_yes(actor, agreement=kept["agreement"], version=2),
        "end": lambda actor: actions.end(actor, agreement=kept["agreement"]),
        "remove": lambda actor: actions.remove(actor, agreement=kept["agreement"]),
        "offer": lambda actor: actions.offer(actor, **both, kind="limits", lines=[Line("mine now")]),
        "topic": lambda actor: queries.topic(actor, topic=kept["topic"]),
        "tick": lambda actor: actions.tick_topic(actor, topic=kept["topic"], talked=True),
        "note": lambda actor: actions.keep_note(actor, topic=kept["topic"], text="x", shared=True),
        "take off": lambda actor: actions.remove_topic(actor, topic=kept["topic"]),
        "add": lambda actor: actions.add_topic(actor, **both, text="x"),
        "say": lambda actor: actions.share_note(actor, **both, text="x"),
        "take back": lambda actor: actions.take_note_back(actor, **both),
        "kept": lambda actor: queries.kept(actor, owner=jo.id),
        "place": lambda actor: pair.with_member(actor, membership=place),
    }


@pytest.mark.parametrize("what", list(_tries(Somebody("", ""), "", {"agreement": "", "topic": ""})))
@pytest.mark.parametrize("who", ["sam", "ann"])
def test_to_another_member_and_to_a_stranger_it_is_not_there(
    request: pytest.FixtureRequest, jo: Somebody, place: str, kept: dict[str, str], who: str, what: str
) -> None:
    before = queries.agreement(jo.actor, agreement=kept["agreement"])
    with pytest.raises(NotHere):
        _tries(jo, place, kept)[what](request.getfixturevalue(who).actor)
    assert queries.agreement(jo.actor, agreement=kept["agreement"]) == before


def test_another_member_of_the_circle_is_asked_nothing(jo: Somebody, sam: Somebody, kept: dict[str, str]) -> None:
    assert queries.waiting_for_member(sam.actor, owners=[jo.id]) == []
    found = queries.together(sam.actor, owner=jo.id, membership=pair.with_owner(sam.actor, owner=jo.id).membership)
    assert (found.agreements, found.topics, found.their_note) == ((), (), None)


def test_a_member_who_names_another_s_place_gets_nothing_of_it(
    jo: Somebody, sam: Somebody, place: str, kept: dict[str, str]
) -> None:
    found = queries.together(sam.actor, owner=jo.id, membership=place)
    assert (found.agreements, found.topics, found.my_note, found.their_note) == ((), (), None, None)


def test_a_pause_does_not_show(jo: Somebody, mum: Somebody, place: str, kept: dict[str, str]) -> None:
    from handrail.circle import actions as circle

    before = queries.agreement(mum.actor, agreement=kept["agreement"])
    circle.pause(jo.actor, owner=jo.id, membership=place, keeps_help=False)
    assert queries.agreement(mum.actor, agreement=kept["agreement"]) == before


@pytest.mark.parametrize("writer", ["jo", "mum"])
def test_a_draft_is_its_writer_s_alone(
    request: pytest.FixtureRequest, jo: Somebody, mum: Somebody, place: str, writer: str
) -> None:
    mine: Somebody = request.getfixturevalue(writer)
    other = mum if writer == "jo" else jo
    side = Side.OWNER if writer == "jo" else Side.MEMBER
    actions.keep_lines(mine.actor, membership=place, kind="limits", side=side, lines=[Line(WORDS)])
    actions.keep_repair(mine.actor, membership=place, answers={"need": WORDS})
    assert set(queries.drafts(mine.actor, owner=mine.id, membership=place)) == {"limits", "repair"}
    assert queries.drafts(other.actor, owner=other.id, membership=place) == {}
    with pytest.raises(NotHere):
        queries.drafts(other.actor, owner=mine.id, membership=place)
    assert queries.together(other.actor, owner=jo.id, membership=place).agreements == ()
    assert rows_found(other.actor, owner=jo.id) == 0


def test_an_offer_ends_the_draft(jo: Somebody, mum: Somebody, place: str) -> None:
    actions.keep_lines(mum.actor, membership=place, kind="limits", side=Side.MEMBER, lines=[Line(WORDS)])
    actions.offer(mum.actor, owner=jo.id, membership=place, kind="limits", lines=[Line(WORDS)])
    assert queries.drafts(mum.actor, owner=mum.id, membership=place) == {}


def test_a_note_on_a_topic_is_read_only_while_its_writer_says_so(
    jo: Somebody, mum: Somebody, place: str, kept: dict[str, str]
) -> None:
    def theirs() -> str:
        return queries.topic(mum.actor, topic=kept["topic"])[2].their_note

    assert theirs() == WORDS
    actions.keep_note(jo.actor, topic=kept["topic"], text="longer", shared=False)
    assert theirs() == ""
    assert queries.draft(jo.actor, owner=jo.id, membership=place, subject=f"topic:{kept['topic']}") == "longer"


def test_only_who_brought_a_topic_takes_it_off(jo: Somebody, mum: Somebody, place: str, kept: dict[str, str]) -> None:
    with pytest.raises(NotHere):
        actions.remove_topic(jo.actor, topic=kept["topic"])
    actions.remove_topic(mum.actor, topic=kept["topic"])
    assert queries.together(jo.actor, owner=jo.id, membership=place).topics == ()


def test_a_shared_note_is_one_at_a_time_and_can_be_taken_back(
    jo: Somebody, mum: Somebody, place: str, kept: dict[str, str]
) -> None:
    def heard() -> str | None:
        note = queries.together(jo.actor, owner=jo.id, membership=place).their_note
        return note.text if note else None

    both = {"owner": jo.id, "membership": place}
    actions.share_note(mum.actor, **both, text="I was scared.")
    assert heard() == "I was scared."
    actions.take_note_back(mum.actor, **both)
    assert heard() is None


def test_what_does_not_exist_is_not_here(jo: Somebody) -> None:
    for look in (
        lambda: queries.agreement(jo.actor, agreement=new_id()),
        lambda: queries.topic(jo.actor, topic=new_id()),
    ):
        with pytest.raises(NotHere):
            look()


def test_a_member_in_two_circles_keeps_them_apart(
    jo: Somebody, mum: Somebody, ann: Somebody, kept: dict[str, str]
) -> None:
    second = stand_by(ann, mum)
    actions.offer(ann.actor, owner=ann.id, membership=second, kind="words", lines=[Line("Ann’s")])
    waiting = queries.waiting_for_member(mum.actor, owners=[jo.id, ann.id])
    assert [each.name for each in waiting] == ["Ann"]
