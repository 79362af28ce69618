"""Who made or ended a program, a place at one or a post is written down, and nothing of anybody's records."""

import inspect
import re
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from handrail.gate import Category
from handrail.gate import programs as kept
from handrail.gate.categories import PostKind
from handrail.gate.models import OfficeEntry
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import LENGTH
from handrail.leaving import actions as leaving
from handrail.programs import actions, acts, queries
from tests.fixtures.people import Somebody, sign_up
from tests.fixtures.programs import RiverHouse, share_at

pytestmark = pytest.mark.django_db
Browse = Callable[[Somebody], Client]


@pytest.fixture
def olu(db: None) -> Somebody:
    olu = sign_up("Olu")
    kept.give_post(person_id=olu.id, kind=PostKind.OPERATOR)
    return olu


def lines(reader: Somebody) -> list[str]:
    """The log as somebody reads it, the oldest first."""
    found = [acts.line(each, me=reader.id) for each in queries.acts(reader.actor)]
    return [f"{line.who} {line.what}" for line in reversed(found)]


def mark(who: Somebody) -> str:
    return f"Account {who.id[:4]}…"


def hired(river: RiverHouse, who: Somebody, name: str, *, keeper: bool = False) -> None:
    """The whole way: a link, three words, in."""
    code = actions.name_staff(river.keeper.actor, program=river.id, name=name, role="peer", keeper=keeper)
    actions.use_link(who.actor, code=code)
    words = queries.waiting(who.actor, code=code).phrase
    assert actions.confirm(river.keeper.actor, program=river.id, offer=code[:LENGTH], phrase=words)


def place_of(river: RiverHouse, who: Somebody) -> str:
    return next(each.id for each in kept.staff_of(river.id) if each.person_id == who.id)


class TestWhatIsWrittenDown:
    def test_posts_given_taken_and_ended(self, olu: Somebody, ann: Somebody) -> None:
        code = actions.offer_post(olu.actor, kind=PostKind.MODERATOR)
        actions.use_link(ann.actor, code=code)
        [post] = [held.id for held in kept.held_posts() if held.person_id == ann.id]
        actions.end_post(olu.actor, post=post)
        unused = actions.offer_post(olu.actor, kind=PostKind.OPERATOR)
        actions.take_post_back(olu.actor, offer=unused[:LENGTH])
        assert lines(olu) == [
            "You made a link to this post: Moderator",
            f"{mark(ann)} took this post: Moderator. The link was made by you",
            f"You ended a post of account {ann.id[:4]}…: Moderator",
            "You made a link to this post: Operator",
            "You took back a link to this post: Operator",
        ]

    def test_what_is_done_at_the_machine(self, olu: Somebody, ann: Somebody) -> None:
        said = StringIO()
        call_command("appoint", "operator", stdout=said)
        actions.use_link(ann.actor, code=said.getvalue().strip().rsplit("/", 1)[1])
        [mine] = [held.id for held in kept.held_posts() if held.person_id == olu.id]
        call_command("appoint", "operator", "--end", mine, stdout=said)
        assert lines(ann) == [
            "Somebody at the machine made a link to this post: Operator",
            "You took this post: Operator. The link was made by somebody at the machine",
            f"Somebody at the machine ended a post of account {olu.id[:4]}…: Operator",
        ]

    def test_programs_and_whoever_names_their_staff(self, olu: Somebody, ann: Somebody) -> None:
        hill = actions.make_program(olu.actor, name="Hill House", kind="housing")
        code = actions.name_keeper(olu.actor, program=hill, name="Ann Lee", role="lead")
        actions.use_link(ann.actor, code=code)
        words = queries.waiting(ann.actor, code=code).phrase
        actions.confirm_keeper(olu.actor, program=hill, offer=code[:LENGTH], phrase=words)
        actions.close_program(olu.actor, program=hill)
        assert lines(olu) == [
            "You added the program Hill House",
            "You made a link for whoever names the staff of Hill House",
            "You let Ann Lee begin at Hill House, to name its staff",
            "You closed the program Hill House, and all its places ended",
        ]

    def test_staff_who_begin_are_ended_and_leave(self, olu: Somebody, river: RiverHouse, ann: Somebody) -> None:
        zoe = sign_up("Zoe")
        hired(river, ann, "Ann Lee")
        hired(river, zoe, "Zoe Park")
        actions.end_staff(river.keeper.actor, program=river.id, staff=place_of(river, ann))
        actions.leave(zoe.actor, program=river.id)
        assert lines(olu) == [
            "Keeper let Ann Lee begin at River House",
            "Keeper let Zoe Park begin at River House",
            "Keeper ended the place of Ann Lee at River House",
            "Zoe Park stopped working at River House",
        ]

    def test_an_erased_account_leaves_its_offices_and_no_name(
        self, olu: Somebody, river: RiverHouse, ann: Somebody
    ) -> None:
        hired(river, ann, "Ann Lee")
        actions.use_link(ann.actor, code=actions.offer_post(olu.actor, kind=PostKind.MODERATOR))
        leaving.erase(ann.actor)
        assert lines(olu)[-2:] == [
            f"{mark(ann)} no longer works at River House: the account is gone",
            f"{mark(ann)} no longer holds this post: Moderator. The account is gone",
        ]
        assert not any("Ann Lee" in line for line in lines(olu))

    def test_what_did_not_happen_is_not_in_it(self, olu: Somebody, river: RiverHouse, ann: Somebody) -> None:
        with pytest.raises(NotHere):
            actions.end_staff(ann.actor, program=river.id, staff=place_of(river, river.keeper))
        with pytest.raises(actions.LastOperator):
            actions.end_post(olu.actor, post=kept.held_posts()[0].id)
        code = actions.name_staff(river.keeper.actor, program=river.id, name="Zoe", role="peer")
        actions.use_link(ann.actor, code=code)
        actions.confirm(river.keeper.actor, program=river.id, offer=code[:LENGTH], phrase="other words entirely")
        assert lines(olu) == []


class TestNothingOfAPerson:
    def test_whom_a_program_stands_beside_is_not_in_it(self, olu: Somebody, river: RiverHouse, jo: Somebody) -> None:
        place = river.stand_by(jo)
        share_at(jo, place, Category.FEELING)
        actions.staff_are_seen(jo.actor, owner=jo.id, membership=place)
        actions.part(river.keeper.actor, owner=jo.id, program=river.id)
        assert not OfficeEntry.objects.exists()

    def test_it_keeps_ids_and_no_name(self, olu: Somebody, river: RiverHouse, ann: Somebody) -> None:
        hired(river, ann, "Ann Lee")
        kept_words = " ".join(str(value) for row in OfficeEntry.objects.values() for value in row.values())
        assert ann.id in kept_words and "Ann" not in kept_words and "River" not in kept_words


class TestThePage:
    def test_operators_read_it_and_nobody_else(
        self, olu: Somebody, river: RiverHouse, ann: Somebody, browse: Browse
    ) -> None:
        hired(river, ann, "Ann Lee")
        kept.give_post(person_id=ann.id, kind=PostKind.MODERATOR)
        client = browse(olu)
        assert 'href="/o/log"' in client.get("/o").content.decode()
        page = client.get("/o/log").content.decode()
        assert "<strong>Keeper</strong> let Ann Lee begin at River House" in page
        for other in (ann, river.keeper):
            assert browse(other).get("/o/log").status_code == 404

    def test_it_says_when_there_is_nothing(self, olu: Somebody, browse: Browse) -> None:
        assert "Nothing yet." in browse(olu).get("/o/log").content.decode()

    def test_it_comes_in_pages_the_newest_first(
        self, olu: Somebody, browse: Browse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries, "ACTS_A_PAGE", 2)
        for name in ("One", "Two", "Three"):
            actions.make_program(olu.actor, name=name, kind="group")
        client = browse(olu)
        first = client.get("/o/log").content.decode()
        assert "program Three" in first and "program One" not in first and "?before=2" in first
        second = client.get("/o/log?before=2").content.decode()
        assert "program One" in second and "program Two" not in second
        for odd in ("x", "-1", "9" * 30, "²"):
            assert client.get(f"/o/log?before={odd}").status_code == 200


def test_every_act_that_is_written_has_its_words() -> None:
    said = inspect.getsource(actions)
    written = {*re.findall(r'office_log\.note\(actor, "([a-z.]+)"', said), "keeper.begin", "staff.begin"}
    assert written == acts.WORDS.keys()
