"""From a link to a place in the circle: nothing opens on the way, and a leaked link opens nothing at all."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from handrail.circle import actions, queries
from handrail.gate import Category
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere, SignInNeeded, TooLate
from handrail.kernel.ids import new_id
from tests.fixtures.people import Somebody

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]


@pytest.fixture
def link(jo: Somebody) -> queries.Invited:
    return invite(jo)


def invite(owner: Somebody, *shares: Category) -> queries.Invited:
    made = actions.invite(owner.actor, owner=owner.id, calls_member="Mum", role="family", shares=shares)
    return queries.invitation(owner.actor, invitation=made)


def phrase_of(joiner: Somebody, link: queries.Invited) -> str:
    return queries.waiting(joiner.actor, code=link.code).phrase


def roster(owner: Somebody) -> list[queries.Member]:
    return queries.roster(owner.actor, owner=owner.id)


def test_the_whole_way(jo: Somebody, ann: Somebody) -> None:
    link = invite(jo, Category.FEELING)
    actions.ask_to_join(ann.actor, code=link.code)
    assert roster(jo) == []
    assert actions.confirm(jo.actor, invitation=link.id, phrase=phrase_of(ann, link))
    [mum] = roster(jo)
    assert (mum.name, mum.person_id, mum.role, mum.categories) == ("Mum", ann.id, "family", {Category.FEELING})
    [circle] = queries.circles(ann.actor)
    assert (circle.called, circle.owner_id) == ("Jo", jo.id)


def test_nothing_is_shared_unless_it_was_ticked(jo: Somebody, ann: Somebody, link: queries.Invited) -> None:
    actions.ask_to_join(ann.actor, code=link.code)
    actions.confirm(jo.actor, invitation=link.id, phrase=phrase_of(ann, link))
    assert roster(jo)[0].categories == frozenset()


def test_the_joiner_s_words_are_among_three_to_choose_from(jo: Somebody, ann: Somebody, link: queries.Invited) -> None:
    assert link.phrases == []
    actions.ask_to_join(ann.actor, code=link.code)
    options = queries.invitation(jo.actor, invitation=link.id).phrases
    assert len(set(options)) == 3 and phrase_of(ann, link) in options
    assert all(len(option.split()) == 3 for option in options)


def test_the_wrong_words_kill_the_link(jo: Somebody, ann: Somebody, link: queries.Invited) -> None:
    actions.ask_to_join(ann.actor, code=link.code)
    right = phrase_of(ann, link)
    assert not actions.confirm(jo.actor, invitation=link.id, phrase="some other words")
    with pytest.raises(TooLate):
        actions.confirm(jo.actor, invitation=link.id, phrase=right)
    assert roster(jo) == []
    assert queries.waiting(ann.actor, code=link.code).phrase == ""


def test_a_link_works_once(jo: Somebody, ann: Somebody, sam: Somebody, link: queries.Invited) -> None:
    actions.ask_to_join(ann.actor, code=link.code)
    actions.ask_to_join(ann.actor, code=link.code)  # a second tap of the same person
    with pytest.raises(Invalid):
        actions.ask_to_join(sam.actor, code=link.code)  # who is in the circle already
    assert not queries.landing(code=link.code).usable


def test_a_used_link_is_no_use_to_somebody_else(
    make_person: Callable[[str], Somebody], ann: Somebody, link: queries.Invited
) -> None:
    actions.ask_to_join(ann.actor, code=link.code)
    thief = make_person("Thief")
    with pytest.raises(TooLate):
        actions.ask_to_join(thief.actor, code=link.code)
    with pytest.raises(NotHere):
        queries.waiting(thief.actor, code=link.code)


def test_a_link_ends_after_72_hours(ann: Somebody, link: queries.Invited) -> None:
    with clock.moved_by(hours=71.9):
        assert queries.landing(code=link.code).usable
    with clock.moved_by(hours=72.1):
        assert not queries.landing(code=link.code).usable
        with pytest.raises(TooLate):
            actions.ask_to_join(ann.actor, code=link.code)


def test_words_can_no_longer_be_matched_when_the_time_is_over(
    jo: Somebody, ann: Somebody, link: queries.Invited
) -> None:
    actions.ask_to_join(ann.actor, code=link.code)
    right = phrase_of(ann, link)
    with clock.moved_by(hours=73), pytest.raises(TooLate):
        actions.confirm(jo.actor, invitation=link.id, phrase=right)


def test_a_link_that_was_taken_back_is_dead(jo: Somebody, ann: Somebody, link: queries.Invited) -> None:
    actions.take_back(jo.actor, invitation=link.id)
    with pytest.raises(TooLate):
        actions.ask_to_join(ann.actor, code=link.code)


def test_the_right_id_with_a_wrong_secret_is_no_link(ann: Somebody, link: queries.Invited) -> None:
    for code in (link.id + new_id(), new_id() + link.code[22:], link.code[:43] + "!"):
        with pytest.raises(NotHere):
            queries.landing(code=code)
        with pytest.raises(NotHere):
            actions.ask_to_join(ann.actor, code=code)


def test_one_s_own_link_is_kindly_refused(jo: Somebody, link: queries.Invited) -> None:
    with pytest.raises(Invalid, match="your own link"):
        actions.ask_to_join(jo.actor, code=link.code)


def test_using_a_link_needs_an_account(jo: Somebody, link: queries.Invited) -> None:
    from handrail.gate import Actor

    with pytest.raises(SignInNeeded):
        actions.ask_to_join(Actor.nobody(), code=link.code)


def test_nobody_else_matches_words_or_takes_a_link_back(jo: Somebody, ann: Somebody, link: queries.Invited) -> None:
    actions.ask_to_join(ann.actor, code=link.code)
    right = phrase_of(ann, link)
    for act in (lambda: actions.confirm(ann.actor, invitation=link.id, phrase=right),
                lambda: actions.take_back(ann.actor, invitation=link.id),
                lambda: queries.invitation(ann.actor, invitation=link.id)):  # fmt: skip
        with pytest.raises(NotHere):
            act()


def test_the_landing_page_gives_nothing_away(client: Client, link: queries.Invited) -> None:
    page = client.get(f"/j/{link.code}").content.decode()
    assert "J." in page
    for telling in (r"Jo\b", r"Mum\b", "recover", "opioid", "family", "crav"):
        assert not re.search(rf"\b{telling}", page)  # whole words: the code of the link is random letters


def test_the_owner_sees_that_the_link_was_opened_and_whoever_only_guesses_opens_nothing(
    client: Client, jo: Somebody, link: queries.Invited
) -> None:
    client.get(f"/j/{link.id}{new_id()}")
    assert queries.invitation(jo.actor, invitation=link.id).state == "made"
    client.get(f"/j/{link.code}")
    assert queries.invitation(jo.actor, invitation=link.id).state == "opened"


def test_the_link_is_drawn_as_a_square_code_and_written_out(
    browse: Browse, jo: Somebody, link: queries.Invited
) -> None:
    page = browse(jo).get(f"/invite/{link.id}").content.decode()
    assert "<svg" in page and f"/j/{link.code}" in page


def test_choosing_no_words_asks_again_and_ends_nothing(
    browse: Browse, jo: Somebody, ann: Somebody, link: queries.Invited
) -> None:
    actions.ask_to_join(ann.actor, code=link.code)
    page = browse(jo).post(f"/invite/{link.id}/compare", follow=True).content.decode()
    assert "Choose the three words" in page
    assert actions.confirm(jo.actor, invitation=link.id, phrase=phrase_of(ann, link))
