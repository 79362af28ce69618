"""A prepared question answers as the query set would, for whoever is open now, and never for whoever asked first."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from django.db.models import CharField, DateTimeField, Exists, OuterRef, QuerySet, Value

from handrail.agreements import actions as agreements
from handrail.agreements.models import Agreement
from handrail.agreements.rules import Line
from handrail.checkins import actions
from handrail.checkins.models import CheckIn, HiddenDay, UseDay
from handrail.gate import Actor, Category, gated
from handrail.gate.circle import members_of
from handrail.gate.models import Grant, Membership
from handrail.gate.opening import GateShut
from handrail.gate.prepared import Given, Prepared, PreparedRecords
from handrail.kernel import clock
from handrail.kernel.ids import new_id
from handrail.kindness import actions as kindness
from handrail.kindness.models import KindNote, NoNotes
from handrail.people.models import Person, Session
from tests.fixtures.people import share, stand_by

ZONE = "America/New_York"
KEPT = PreparedRecords(Agreement, lambda rows: rows(Agreement))
MOODS = PreparedRecords(CheckIn, lambda rows: rows(CheckIn).filter(undone_at=None).order_by("at"))


@gated("checkin.read")
def own_moods(actor: Actor, *, owner: str) -> list[int]:
    return [row.mood for row in MOODS.rows()]


@gated("member.see", many=True)
def whose_checkins(actor: Actor, *, owners: Collection[str]) -> set[str]:
    """From a prepared question; the manager must say the same."""
    found = {row.owner_id for row in MOODS.rows()}
    assert found == {row.owner_id for row in CheckIn.objects.filter(undone_at=None)}
    return found


@gated("agreement.read", many=True)
def what_is_kept(actor: Actor, *, owners: Collection[str]) -> set[str]:
    found = {row.pk for row in KEPT.rows()}
    assert found == set(Agreement.objects.values_list("pk", flat=True))
    return found


@gated("checkin.read")
def put_together(actor: Actor, *, owner: str, question: PreparedRecords) -> int:
    return len(question.rows())


def check_in(somebody, mood: int) -> None:
    actions.record_checkin(somebody.actor, owner=somebody.id, zone=ZONE, key=new_id(), mood=mood)


def test_each_owner_finds_their_own_with_the_same_statement(jo, ann) -> None:
    check_in(jo, 2)
    check_in(ann, 5)
    assert own_moods(jo.actor, owner=jo.id) == [2]
    assert own_moods(ann.actor, owner=ann.id) == [5]
    assert own_moods(jo.actor, owner=jo.id) == [2]


def test_a_member_finds_those_who_share_and_nobody_else(make_person, jo, ann, sam) -> None:
    """Four circles, of which one, then two, then three are shared: the statement has room for as many as it needs."""
    others = [ann, make_person("Bea"), make_person("Cy")]
    for owner in others:
        stand_by(owner, sam)
    for owner in [jo, *others]:
        check_in(owner, 3)
    everybody = [owner.id for owner in [jo, *others]]
    assert whose_checkins(sam.actor, owners=everybody) == set()
    for known in range(1, 5):
        share([jo, *others][known - 1], sam, Category.FEELING)
        assert whose_checkins(sam.actor, owners=everybody) == set(everybody[:known])


def test_a_share_that_stops_is_gone_from_the_next_asking(jo, sam) -> None:
    check_in(jo, 3)
    share(jo, sam, Category.FEELING)
    assert whose_checkins(sam.actor, owners=[jo.id]) == {jo.id}
    share(jo, sam)
    assert whose_checkins(sam.actor, owners=[jo.id]) == set()


def test_what_two_keep_is_found_by_these_two_alone(jo, ann, sam) -> None:
    place = stand_by(jo, ann)
    share(jo, sam, *Category)
    kept = agreements.offer(jo.actor, owner=jo.id, membership=place, kind="words", lines=[Line("Please do not shout")])
    for somebody, found in ((jo, {kept}), (ann, {kept}), (sam, set()), (jo, {kept})):
        assert what_is_kept(somebody.actor, owners=[jo.id]) == found


def test_outside_the_gate_there_is_no_answer(jo) -> None:
    with pytest.raises(GateShut):
        MOODS.rows()


def test_a_question_that_begins_with_a_manager_would_keep_its_first_owner_and_is_refused(jo) -> None:
    with pytest.raises(TypeError):
        put_together(jo.actor, owner=jo.id, question=PreparedRecords(CheckIn, lambda rows: CheckIn.objects.all()))


def test_nor_may_a_manager_stand_inside_it(jo) -> None:
    def build(rows) -> QuerySet:
        return rows(CheckIn).filter(day__in=CheckIn.objects.values("day"))

    with pytest.raises(TypeError):
        put_together(jo.actor, owner=jo.id, question=PreparedRecords(CheckIn, build))


def test_records_of_another_kind_of_share_are_not_joined_into_it(jo) -> None:
    def build(rows) -> QuerySet:
        return rows(CheckIn).filter(key__in=rows(UseDay).values("key"))

    with pytest.raises(TypeError):
        put_together(jo.actor, owner=jo.id, question=PreparedRecords(CheckIn, build))


def test_what_is_the_owner_s_alone_may_stand_beside_what_two_keep_and_is_found_by_the_owner_alone(jo, ann) -> None:
    """Ann reads what she keeps with Jo, and has a circle of her own in which she wants no notes either."""
    place = stand_by(jo, ann)
    kindness.send(ann.actor, owner=jo.id, words="Thinking of you")
    with_aside = PreparedRecords(
        KindNote,
        lambda rows: rows(KindNote).annotate(
            aside=Exists(rows(NoNotes).filter(membership_id=OuterRef("membership_id")))
        ),
    )

    @gated("agreement.read", many=True)
    def found(actor: Actor, *, owners: Collection[str]) -> list[bool]:
        return [bool(row.aside) for row in with_aside.rows()]

    assert found(jo.actor, owners=[jo.id]) == [False]
    kindness.want_none(jo.actor, owner=jo.id, membership=place)
    assert found(jo.actor, owners=[jo.id]) == [True]
    assert found(ann.actor, owners=[jo.id]) == [False]


HIDES = PreparedRecords(
    CheckIn, lambda rows: rows(CheckIn).annotate(hides=Exists(rows(HiddenDay).filter(owner_id=OuterRef("owner_id"))))
)


@gated("member.see", many=True)
def who_hides(actor: Actor, *, owners: Collection[str]) -> dict[str, bool]:
    return {row.owner_id: row.hides for row in HIDES.rows()}


def test_what_comes_with_anything_may_stand_inside_it(jo, ann, sam) -> None:
    stand_by(ann, sam)
    for owner in (jo, ann):
        check_in(owner, 3)
        share(owner, sam, Category.FEELING)
    actions.hide_day(ann.actor, owner=ann.id, zone=ZONE, day=clock.today(ZONE))
    assert who_hides(sam.actor, owners=[jo.id, ann.id]) == {jo.id: False, ann.id: True}
    assert who_hides(sam.actor, owners=[jo.id]) == {jo.id: False}


def test_records_are_not_asked_for_past_the_gate(jo) -> None:
    with pytest.raises(TypeError):
        Prepared(lambda: QuerySet(CheckIn)).rows()


def test_what_is_given_is_asked_anew_each_time(jo, ann) -> None:
    people = Prepared(lambda: Person.objects.filter(pk=Given("person")))
    assert [people.first(person=one.id).pk for one in (jo, ann)] == [jo.id, ann.id]
    assert people.first(person=new_id()) is None


def test_moments_go_in_and_come_out_as_moments(jo, browse) -> None:
    browse(jo)
    later = Prepared(lambda: Session.objects.filter(expire_date__gt=Given("now", DateTimeField())))
    (row,) = later.rows(now=clock.now())
    assert row.expire_date == Session.objects.get().expire_date
    assert later.rows(now=row.expire_date + timedelta(seconds=1)) == []


def test_an_annotation_is_read_as_its_field_would_be(jo, mum) -> None:
    share(jo, mum, Category.FEELING)
    until = clock.now() + timedelta(days=7)
    Grant.objects.update(until=until)
    places = Prepared(
        lambda: Membership.objects.annotate(word=Value("so", CharField())).filter(owner_id=Given("owner"))
    )
    assert [row.word for row in places.rows(owner=jo.id)] == ["so"]
    assert ends_of(jo.actor, owner=jo.id) == [{"feeling": until}]


@gated("circle.read")
def ends_of(actor: Actor, *, owner: str) -> list[dict]:
    return [dict(member.ends) for member in members_of(owner)]


def test_what_comes_along_by_a_relation_needs_no_second_question(jo, browse, django_assert_num_queries) -> None:
    browse(jo)
    theirs = Prepared(lambda: Session.objects.filter(person_id=Given("person")).select_related("person"))
    with django_assert_num_queries(1):
        assert [row.person.pk for row in theirs.rows(person=jo.id)] == [jo.id]
    Session.objects.update(person=None)
    assert Prepared(lambda: Session.objects.select_related("person")).rows()[0].person is None
