"""A link is worth as much as whoever made it is now; and whoever runs the install works at no program."""

import pytest

from handrail.gate import programs as kept
from handrail.gate.categories import PostKind
from handrail.kernel.errors import Invalid, TooLate
from handrail.programs import actions
from handrail.programs.models import Offer
from tests.fixtures.people import Somebody, sign_up
from tests.fixtures.programs import RiverHouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def olu(db: None) -> Somebody:
    olu = sign_up("Olu")
    kept.give_post(person_id=olu.id, kind=PostKind.OPERATOR)
    return olu


def end_post_of(who: Somebody, *, by: Somebody, kind: str = PostKind.OPERATOR) -> None:
    [post] = [held for held in kept.held_posts() if held.person_id == who.id and held.kind == kind]
    actions.end_post(by.actor, post=post.id, although_last=True)


def end_staff_of(who: Somebody, *, by: Somebody, river: RiverHouse) -> None:
    [place] = [each for each in kept.staff_of(river.id) if each.person_id == who.id]
    actions.end_staff(by.actor, program=river.id, staff=place.id)


class TestWhoeverMadeTheLink:
    def test_whoever_ran_the_install_does_not_come_back_by_a_link_that_they_made(self, olu: Somebody) -> None:
        other = sign_up("Olga")
        kept.give_post(person_id=other.id, kind=PostKind.OPERATOR)
        code = actions.offer_post(olu.actor, kind=PostKind.OPERATOR)
        end_post_of(olu, by=other)
        with pytest.raises(TooLate):
            actions.use_link(olu.actor, code=code)
        assert kept.posts_of(olu.id) == []

    def test_such_a_link_is_refused_even_where_it_was_left_open(self, olu: Somebody, ann: Somebody) -> None:
        code = actions.offer_post(olu.actor, kind=PostKind.OPERATOR)
        end_post_of(olu, by=olu)
        Offer.objects.update(state=Offer.State.MADE)
        with pytest.raises(TooLate):
            actions.use_link(ann.actor, code=code)
        assert kept.posts_of(ann.id) == []

    def test_the_end_of_another_post_leaves_the_links_alone(self, olu: Somebody, ann: Somebody) -> None:
        kept.give_post(person_id=olu.id, kind=PostKind.MODERATOR)
        code = actions.offer_post(olu.actor, kind=PostKind.OPERATOR)
        end_post_of(olu, by=olu, kind=PostKind.MODERATOR)
        actions.use_link(ann.actor, code=code)
        assert kept.posts_of(ann.id) == [PostKind.OPERATOR]

    @pytest.mark.parametrize("how", ["ended", "left"])
    def test_a_link_of_a_keeper_dies_with_their_place(self, how: str, river: RiverHouse, ann: Somebody) -> None:
        second = sign_up("Second")
        river.hire(second, keeper=True)
        made, asked = [
            actions.name_staff(second.actor, program=river.id, name=name, role="lead", keeper=True)
            for name in ("Anybody", "Ann")
        ]
        actions.use_link(ann.actor, code=asked)
        if how == "ended":
            end_staff_of(second, by=river.keeper, river=river)
        else:
            actions.leave(second.actor, program=river.id)
        with pytest.raises(TooLate):
            actions.use_link(second.actor, code=made)
        asked_for = Offer.objects.get(taker_id=ann.id)
        with pytest.raises(TooLate):
            actions.confirm(river.keeper.actor, program=river.id, offer=asked_for.pk, phrase=asked_for.phrase)
        assert kept.desks_of(ann.id) == []


class TestOneAccountForOneThing:
    def test_whoever_works_at_a_program_does_not_run_the_install_too(
        self, olu: Somebody, river: RiverHouse, dana: Somebody
    ) -> None:
        code = actions.offer_post(olu.actor, kind=PostKind.OPERATOR)
        with pytest.raises(Invalid, match="another account"):
            actions.use_link(dana.actor, code=code)
        assert kept.posts_of(dana.id) == []

    def test_whoever_was_given_the_install_meanwhile_is_not_let_into_a_program(
        self, olu: Somebody, river: RiverHouse, ann: Somebody
    ) -> None:
        place = actions.name_staff(river.keeper.actor, program=river.id, name="Ann", role="lead")
        actions.use_link(ann.actor, code=place)
        actions.use_link(ann.actor, code=actions.offer_post(olu.actor, kind=PostKind.OPERATOR))
        asked = Offer.objects.get(program_id=river.id)
        with pytest.raises(Invalid, match="another account"):
            actions.confirm(river.keeper.actor, program=river.id, offer=asked.pk, phrase=asked.phrase)
        assert kept.desks_of(ann.id) == []
