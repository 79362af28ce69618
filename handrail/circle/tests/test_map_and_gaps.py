"""The picture of the circle, who else stands on it, and what could make it carry better."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from handrail.circle import actions, queries, rules, said
from handrail.circle.map import CENTRE, HEIGHT, MOST, WIDTH, Figure, place
from handrail.circle.rules import Gap, Stands
from handrail.delivery import ways
from handrail.delivery.models import Way
from handrail.gate import Category
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import new_id
from tests.fixtures.people import Somebody, share

Browse = Callable[[Somebody], Client]
NOW = datetime(2026, 11, 20, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=90)

figures = st.lists(
    st.builds(
        Figure, id=st.uuids().map(str), name=st.text(max_size=30), role=st.just("family"), role_word=st.just("Family"),
        closeness=st.sampled_from([1, 2]), lean=st.integers(0, 3), paused=st.booleans(),
    ),
    max_size=20, unique_by=lambda figure: figure.id,
)  # fmt: skip


@given(circle=figures)
def test_everybody_stands_on_the_paper_and_nobody_in_the_middle(circle: list[Figure]) -> None:
    nodes = place(circle)
    assert len(nodes) == min(len(circle), MOST)
    for node in nodes:
        assert node.radius <= node.x <= WIDTH - node.radius and node.radius <= node.y <= HEIGHT - node.radius
        assert 0 < node.label_y < HEIGHT
        assert math.dist((node.x, node.y), CENTRE) > 34 + node.radius / 2


@given(circle=figures)
def test_the_same_circle_is_always_the_same_picture(circle: list[Figure]) -> None:
    assert place(circle) == place(list(reversed(circle)))


@pytest.mark.parametrize("people", range(2, 9))
def test_nobody_stands_on_anybody_else(people: int) -> None:
    for close in range(min(people, 6) + 1):
        circle = [Figure(str(n), "Name", "peer", "Peer", 1 if n < close else 2, 1) for n in range(people)]
        nodes = place(circle)
        for one in nodes:
            for two in nodes:
                assert one is two or math.dist((one.x, one.y), (two.x, two.y)) > one.radius + two.radius


def stands(name: str, role: str, *, lean: int = 2, calls: bool = True) -> Stands:
    return Stands(name, role, lean, calls, LONG_AGO)


FULL = [
    stands("Mum", "family"), stands("Sam", "sponsor"), stands("Dr O", "physician", calls=False),
    Stands("Tuesday", "group", 2, False, None),
]  # fmt: skip


def kinds(circle: list[Stands]) -> list[str]:
    return [gap.kind for gap in rules.gaps(circle, NOW)]


def test_a_circle_that_carries_has_no_gaps() -> None:
    assert kinds(FULL) == []


def test_nobody_yet_is_one_gap_and_not_five() -> None:
    assert kinds([]) == ["nobody"]


@pytest.mark.parametrize(
    ("without", "gap"),
    [("family", "no_close"), ("sponsor", "no_been_there"), ("physician", "no_trained"), ("group", "no_group")],
)
def test_a_missing_kind_of_person_is_named(without: str, gap: str) -> None:
    others = [stands("X", "case_worker" if without != "physician" else "friend")]
    assert gap in kinds([each for each in FULL if each.role != without] + others)


def test_who_gets_the_call_comes_first() -> None:
    nobody = [Stands(each.name, each.role, each.lean, False, each.since) for each in FULL]
    assert kinds(nobody)[0] == "no_calls"
    assert rules.gaps([nobody[0], FULL[1], *nobody[2:]], NOW)[0] == Gap("one_answers", "Sam")


def test_somebody_whom_no_message_reaches_is_named_before_the_night() -> None:
    silent = Stands("Mum", "family", 2, True, LONG_AGO, reachable=False)
    assert Gap("only_in_app", "Mum") in rules.gaps([silent, *FULL[1:]], NOW)
    calls_nobody = Stands("Dr O", "physician", 2, False, LONG_AGO, reachable=False)
    assert "only_in_app" not in kinds([*FULL[:2], calls_nobody, FULL[3]])


@pytest.mark.django_db
def test_a_confirmed_address_closes_that_gap(jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, Category.HELP)

    def silent() -> bool:
        found = queries.gaps(queries.roster(jo.actor, owner=jo.id), [])
        return Gap("only_in_app", "Mum") in found

    assert silent()
    ways.begin(mum.actor, owner=mum.id, channel="email", address="mum@example.org")
    assert silent()  # not confirmed yet
    Way.objects.update(verified_at=NOW)
    assert not silent()


@pytest.mark.django_db
def test_somebody_who_left_is_named_for_two_weeks(browse: Browse, jo: Somebody, mum: Somebody) -> None:
    actions.leave_circle(mum.actor, owner=jo.id)
    assert "Mum left your circle" in browse(jo).get("/people").content.decode()
    with clock.moved_by(days=15):
        assert queries.left_lately(jo.actor, owner=jo.id) == []


def test_one_who_carries_everything_and_one_who_is_never_leaned_on_are_seen() -> None:
    circle = [stands("Mum", "family", lean=3), stands("Sam", "sponsor", lean=1), *FULL[2:3]]
    circle[2] = stands("Dr O", "physician", lean=1)
    found = rules.gaps(circle, NOW)
    assert Gap("one_carries", "Mum") in found and Gap("not_leaned_on", "Sam") in found


def test_somebody_new_need_not_have_been_leaned_on() -> None:
    new = Stands("Kit", "friend", 1, True, NOW - timedelta(days=29))
    assert Gap("not_leaned_on", "Kit") not in rules.gaps([*FULL, new], NOW)


@pytest.mark.parametrize(
    "kind",
    [
        "nobody",
        "no_calls",
        "one_answers",
        "one_carries",
        "only_in_app",
        "no_close",
        "no_been_there",
        "no_trained",
        "no_group",
        "not_leaned_on",
    ],
)
def test_every_gap_has_a_reason_and_words_to_send(kind: str) -> None:
    worded = said.gap(kind, ["Sam"])
    assert worded.title and worded.why and worded.ask


def test_what_is_the_same_for_several_people_is_said_once() -> None:
    silent = [Stands(name, "family", 2, True, LONG_AGO, reachable=False) for name in ("Mum", "Sam", "Dee")]
    worded = said.gaps(rules.gaps([*silent, *FULL], NOW))
    assert [each.title for each in worded] == ["Mum, Sam and Dee get no message when you call"]
    assert "Mum" not in worded[0].why


@pytest.mark.django_db
class TestOthers:
    def test_a_number_can_be_added_called_changed_and_removed(self, browse: Browse, jo: Somebody) -> None:
        client = browse(jo)
        given = {
            "name": "Clinic",
            "kind": "physician",
            "phone": "612-555-0100",
            "about": "Ask for Ana",
            "closeness": 1,
            "lean": 2,
        }
        client.post("/people/others/add", given)
        [clinic] = queries.others(jo.actor, owner=jo.id)
        page = client.get("/people").content.decode()
        assert "Clinic" in page and re.search(r'<svg class="map[^>]*aria-label="[^"]*Clinic', page)
        assert 'href="tel:612-555-0100"' in client.get(f"/people/others/{clinic.id}").content.decode()
        client.post(f"/people/others/{clinic.id}", {**given, "name": "New clinic"})
        assert queries.others(jo.actor, owner=jo.id)[0].name == "New clinic"
        client.post(f"/people/others/{clinic.id}", {"do": "remove"})
        assert queries.others(jo.actor, owner=jo.id) == []

    @pytest.mark.parametrize(
        "wrong", [{"name": ""}, {"kind": "king"}, {"phone": "call me"}, {"lean": "9"}, {"name": "x" * 61}]
    )
    def test_nonsense_is_kindly_refused_and_kept(self, browse: Browse, jo: Somebody, wrong: dict[str, str]) -> None:
        good = {
            "name": "Clinic",
            "kind": "physician",
            "phone": "",
            "about": "Ask <b>Ana</b>",
            "closeness": "2",
            "lean": "0",
        }
        answer = browse(jo).post("/people/others/add", {**good, **wrong})
        assert answer.status_code == 422 and "Ask &lt;b&gt;Ana" in answer.content.decode()
        assert queries.others(jo.actor, owner=jo.id) == []

    def test_nobody_else_sees_or_changes_them(self, browse: Browse, jo: Somebody, mum: Somebody) -> None:
        kept = actions.keep_outsider(
            jo.actor, owner=jo.id, kind="group", name="Tuesday", phone="", about="", closeness=2, lean=0
        )
        assert browse(mum).get(f"/people/others/{kept}").status_code == 404
        for reach in (
            lambda: queries.others(mum.actor, owner=jo.id),
            lambda: actions.remove_outsider(mum.actor, outsider=kept),
            lambda: actions.remove_outsider(jo.actor, outsider=new_id()),
        ):
            with pytest.raises(NotHere):
                reach()

    def test_where_somebody_stands_is_the_person_s_own_business(
        self, browse: Browse, jo: Somebody, mum: Somebody
    ) -> None:
        [place] = queries.roster(jo.actor, owner=jo.id)
        browse(jo).post(f"/people/{place.membership_id}/place", {"closeness": 1, "lean": 3})
        [place] = queries.roster(jo.actor, owner=jo.id)
        assert (place.closeness, place.lean) == (1, 3)
        assert browse(mum).get(f"/people/{place.membership_id}/place").status_code == 404
        assert browse(jo).post(f"/people/{place.membership_id}/place", {"closeness": 7}).status_code == 422


UNSAID = [Stands("Sam", "sponsor", 0, True, LONG_AGO, place="s"), Stands("Dee", "friend", 0, True, LONG_AGO, place="d")]


def test_of_whom_the_person_has_said_nothing_they_are_asked_once_and_last() -> None:
    found = rules.gaps(UNSAID, NOW)
    assert [gap.kind for gap in found][-2:] == ["unsaid", "unsaid"] and found[0].kind != "unsaid"
    last = said.gaps(found)[-1]
    assert last.title == "You have not said how often you lean on Sam and Dee"
    assert last.places == [("Sam", "s"), ("Dee", "d")]
    assert "unsaid" not in kinds([*FULL, Stands("River House", "program", 0, False, LONG_AGO, place="r")])
    assert "unsaid" not in kinds([*FULL, Stands("Kit", "friend", 0, True, NOW - timedelta(days=29), place="k")])


def test_many_of_whom_nothing_was_said_are_counted_in_the_heading() -> None:
    many = [Stands(name, "friend", 0, True, LONG_AGO, place=name) for name in "ABCD"]
    last = said.gaps(rules.gaps(many, NOW))[-1]
    assert last.title == "You have not said how often you lean on 4 of your people" and len(last.places) == 4


@pytest.mark.django_db
def test_from_the_question_one_tap_leads_to_where_it_is_said(browse: Browse, jo: Somebody, mum: Somebody) -> None:
    [place] = queries.roster(jo.actor, owner=jo.id)
    link = f"/people/{place.membership_id}/place"
    assert link not in browse(jo).get("/people/gaps").content.decode()
    with clock.moved_by(days=31):
        assert link in browse(jo).get("/people/gaps").content.decode()
        browse(jo).post(link, {"closeness": 1, "lean": 2})
        assert link not in browse(jo).get("/people/gaps").content.decode()


@pytest.mark.django_db
def test_who_has_no_room_on_the_picture_is_counted_under_it(browse: Browse, jo: Somebody) -> None:
    for n in range(MOST + 2):
        if n == MOST:
            assert "more in the list below" not in browse(jo).get("/people").content.decode()
        kept = {"kind": "group", "name": f"Group {n}", "phone": "", "about": "", "closeness": 2, "lean": 0}
        actions.keep_outsider(jo.actor, owner=jo.id, **kept)
    assert "2 more in the list below." in browse(jo).get("/people").content.decode()
