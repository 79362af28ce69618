"""Nobody's place and no post ends by one tap: a page says first whose it is and what follows."""

from io import StringIO

import pytest
from django.core.management import call_command

from handrail.gate import programs as kept
from handrail.gate.categories import PostKind
from handrail.programs import actions
from handrail.programs.actions import LastOperator
from tests.fixtures.people import Somebody, sign_up, signed_in
from tests.fixtures.programs import RiverHouse

pytestmark = pytest.mark.django_db
WARNING = "This is the last operator"


@pytest.fixture
def olu(db: None) -> Somebody:
    olu = sign_up("Olu")
    kept.give_post(person_id=olu.id, kind=PostKind.OPERATOR)
    return olu


def post_of(who: Somebody) -> str:
    return next(held.id for held in kept.held_posts() if held.person_id == who.id)


class TestAPlaceAtAProgram:
    def end_page(self, river: RiverHouse, who: Somebody) -> str:
        [place] = [each.id for each in kept.staff_of(river.id) if each.person_id == who.id]
        return f"/c/staff/{river.id}/{place}/end"

    def test_the_list_leads_to_a_page_that_says_who_and_what_follows(self, river: RiverHouse, dana: Somebody) -> None:
        keeper, path = signed_in(river.keeper), self.end_page(river, dana)
        listed = keeper.get(f"/c/staff/{river.id}").content.decode()
        assert f'href="{path}"' in listed and f'action="{path}"' not in listed
        page = keeper.get(path).content.decode()
        assert "Does Dana Ruiz no longer work at River House?" in page and "What follows" in page
        assert kept.desks_of(dana.id)  # to look is not to end

    def test_the_page_s_button_ends_it_and_the_page_is_gone(self, river: RiverHouse, dana: Somebody) -> None:
        keeper, path = signed_in(river.keeper), self.end_page(river, dana)
        answer = keeper.post(path, follow=True).content.decode()
        assert "From now on Dana Ruiz sees nothing" in answer
        assert kept.desks_of(dana.id) == []
        assert keeper.get(path).status_code == 404

    def test_it_is_there_for_keepers_alone(self, river: RiverHouse, dana: Somebody, ann: Somebody) -> None:
        path = self.end_page(river, dana)
        assert signed_in(dana).get(path).status_code == 404
        assert signed_in(ann).get(path).status_code == 404

    def test_a_keeper_s_own_place_has_a_page_of_its_own(self, river: RiverHouse) -> None:
        answer = signed_in(river.keeper).get(self.end_page(river, river.keeper))
        assert answer["Location"] == f"/c/staff/{river.id}/leave"


class TestAPost:
    def test_the_list_leads_to_a_page_that_says_which_and_what_follows(self, olu: Somebody, ann: Somebody) -> None:
        kept.give_post(person_id=ann.id, kind=PostKind.OPERATOR)
        client, path = signed_in(olu), f"/o/posts/{post_of(ann)}/end"
        assert f'href="{path}"' in client.get("/o").content.decode()
        page = client.get(path).content.decode()
        assert "End this post: Operator?" in page and ann.id[:4] in page and WARNING not in page
        assert kept.posts_of(ann.id) == ["operator"]
        client.post(path)
        assert kept.posts_of(ann.id) == []
        assert client.get(path).status_code == 404

    def test_a_moderator_s_post_closes_no_page_and_the_page_says_so(self, olu: Somebody, ann: Somebody) -> None:
        kept.give_post(person_id=ann.id, kind=PostKind.MODERATOR)
        page = signed_in(olu).get(f"/o/posts/{post_of(ann)}/end").content.decode()
        assert "This post opens no page yet" in page and WARNING not in page


class TestTheLastOperator:
    def test_the_page_warns_and_says_how_to_make_one_again(self, olu: Somebody, ann: Somebody) -> None:
        kept.give_post(person_id=ann.id, kind=PostKind.MODERATOR)  # no second operator
        page = signed_in(olu).get(f"/o/posts/{post_of(olu)}/end").content.decode()
        assert WARNING in page and "./run manage appoint operator" in page

    def test_a_button_without_the_warning_ends_nothing_and_shows_it(self, olu: Somebody) -> None:
        client, path = signed_in(olu), f"/o/posts/{post_of(olu)}/end"
        answer = client.post(path)
        assert answer.status_code == 422 and WARNING in answer.content.decode()
        assert kept.posts_of(olu.id) == ["operator"]
        client.post(path, {"knows": "last"})
        assert kept.posts_of(olu.id) == []

    def test_of_two_who_end_one_after_the_other_the_second_is_told(self, olu: Somebody, ann: Somebody) -> None:
        kept.give_post(person_id=ann.id, kind=PostKind.OPERATOR)
        actions.end_post(olu.actor, post=post_of(ann))
        with pytest.raises(LastOperator):
            actions.end_post(olu.actor, post=post_of(olu))
        assert kept.posts_of(olu.id) == ["operator"]

    def test_the_command_ends_it_and_says_what_it_means(self, olu: Somebody) -> None:
        said = StringIO()
        call_command("appoint", "operator", "--end", post_of(olu), stdout=said)
        assert "Nobody runs this install now: `./run manage appoint operator`" in said.getvalue()

    def test_the_command_on_the_page_makes_an_operator_again(self, olu: Somebody, ann: Somebody) -> None:
        actions.end_post(olu.actor, post=post_of(olu), although_last=True)
        said = StringIO()
        call_command("appoint", "operator", stdout=said)
        code = said.getvalue().strip().rsplit("/", 1)[1]
        actions.use_link(ann.actor, code=code)
        assert kept.posts_of(ann.id) == ["operator"]


class TestWhatAModeratorIsTold:
    def test_the_page_that_gives_a_post_says_what_each_opens(self, olu: Somebody) -> None:
        page = signed_in(olu).get("/o/posts/add").content.decode()
        assert "today that post opens no page" in page

    def test_whoever_is_to_hold_it_reads_it_before_and_after(self, olu: Somebody, ann: Somebody) -> None:
        code, client = actions.offer_post(olu.actor, kind=PostKind.MODERATOR), signed_in(ann)
        assert "today this post opens no page at all" in client.get(f"/w/{code}").content.decode()
        answer = client.post(f"/w/{code}/take", follow=True).content.decode()
        assert "It opens no page yet" in answer
        assert client.get("/o").status_code == 404
