"""Each wall of the gate, by somebody who tries to climb it. CheckIn stands for every record of a person."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from handrail.checkins import queries as checkins
from handrail.checkins.models import CheckIn
from handrail.circle import actions as circle
from handrail.gate import Actor, Category, Record, gated, open_to
from handrail.gate import circle as places
from handrail.gate.door import Unfinished
from handrail.gate.opening import GateShut, opening
from handrail.gate.policy import POLICY
from handrail.kernel import clock
from handrail.kernel.errors import NotHere, SignInNeeded
from handrail.kernel.ids import new_id
from handrail.kernel.sealed import SealedShut
from handrail.people.models import Person
from tests.fixtures.people import Somebody, share, stand_by

pytestmark = pytest.mark.django_db(transaction=True)


def checkin_of(owner: str, **answers: object) -> CheckIn:
    return CheckIn(
        owner_id=owner, key=new_id(), day=dt.date(2026, 11, 20), zone="UTC", at=clock.now(), received_at=clock.now(),
        **{"mood": 3, **answers},
    )  # fmt: skip


@gated("checkin.record", writes=True)
def write_one(actor: Actor, *, owner: str) -> str:
    row = checkin_of(owner, note="only mine")
    row.save()
    return row.pk


@gated("checkin.read")
def carry_out(actor: Actor, *, owner: str, hide_in: list[object]) -> None:
    """A careless action that smuggles live rows past the door."""
    hide_in.append(CheckIn.objects.all())
    hide_in.append(CheckIn.objects.get())


@pytest.fixture
def row(jo: Somebody) -> Iterator[str]:
    yield write_one(jo.actor, owner=jo.id)


# wall one: the door


def test_an_action_that_the_policy_does_not_name_fails_when_it_is_written() -> None:
    with pytest.raises(KeyError):
        gated("checkin.peek")


def test_nobody_is_asked_to_sign_in(jo: Somebody, row: str) -> None:
    with pytest.raises(SignInNeeded):
        write_one(Actor.nobody(), owner=jo.id)


def test_a_stranger_gets_the_answer_for_what_does_not_exist(jo: Somebody, ann: Somebody, row: str) -> None:
    with pytest.raises(NotHere):
        write_one(ann.actor, owner=jo.id)
    with pytest.raises(NotHere):
        checkins.one(ann.actor, checkin=row, zone="UTC")
    with pytest.raises(NotHere):
        checkins.one(jo.actor, checkin=new_id(), zone="UTC")


def test_the_system_may_only_do_what_the_policy_gives_it(jo: Somebody) -> None:
    assert not POLICY["checkin.record"].system
    with pytest.raises(NotHere):
        write_one(Actor.system("curiosity"), owner=jo.id)


def test_a_member_sees_only_what_is_shared_and_only_while_it_is(jo: Somebody, mum: Somebody, row: str) -> None:
    def seen() -> int | None:
        return checkins.seen_by_member(mum.actor, owners=[jo.id])[jo.id].mood

    assert seen() is None
    share(jo, mum, Category.FEELING)
    assert seen() == 3
    share(jo, mum)
    assert seen() is None


def test_one_refused_owner_refuses_the_whole_list(jo: Somebody, mum: Somebody, ann: Somebody) -> None:
    with pytest.raises(NotHere):
        checkins.seen_by_member(mum.actor, owners=[jo.id, ann.id])


def test_an_ended_membership_opens_nothing(jo: Somebody, mum: Somebody, row: str) -> None:
    share(jo, mum, Category.FEELING)
    [membership] = [each.membership_id for each in _roster(jo)]
    circle.end_membership(jo.actor, owner=jo.id, membership=membership)
    with pytest.raises(NotHere):
        checkins.seen_by_member(mum.actor, owners=[jo.id])


def test_a_right_is_read_again_inside_the_transaction_of_a_change(jo: Somebody, mum: Somebody) -> None:
    eager = mum.actor
    assert eager.right_to(jo.id) is not None  # learnt earlier in the same request
    [membership] = [each.membership_id for each in _roster(jo)]
    circle.end_membership(jo.actor, owner=jo.id, membership=membership)
    with pytest.raises(NotHere):
        circle.leave_circle(eager, owner=jo.id)


@pytest.mark.parametrize(
    "give", [lambda: CheckIn.objects.all(), lambda: CheckIn.objects.get(), lambda: (x for x in "ab")]
)
def test_a_gated_function_hands_out_nothing_that_lives(jo: Somebody, row: str, give: object) -> None:
    @gated("checkin.read")
    def careless(actor: Actor, *, owner: str) -> object:
        return give()  # type: ignore[operator]

    with pytest.raises(Unfinished):
        careless(jo.actor, owner=jo.id)


def test_a_refused_change_leaves_nothing_behind(jo: Somebody, row: str) -> None:
    @gated("checkin.record", writes=True)
    def half(actor: Actor, *, owner: str) -> None:
        checkin_of(owner).save()
        raise NotHere

    with pytest.raises(NotHere):
        half(jo.actor, owner=jo.id)
    assert _count(jo) == 1


# wall two: records do not work outside


def test_the_manager_refuses(row: str) -> None:
    for reach in (
        CheckIn.objects.all,
        CheckIn.objects.count,
        CheckIn._base_manager.all,
        CheckIn._default_manager.first,
    ):
        with pytest.raises(GateShut):
            reach()


def test_saving_and_deleting_refuse(jo: Somebody, row: str) -> None:
    fresh = checkin_of(jo.id)
    for reach in (fresh.save, fresh.delete, fresh.refresh_from_db, fresh.save_base):
        with pytest.raises((GateShut, SealedShut)):  # which of the two walls stands first is Django's business
            reach()


def test_what_was_carried_out_is_dead(jo: Somebody, row: str) -> None:
    carried: list = []  # type: ignore[type-arg]
    carry_out(jo.actor, owner=jo.id, hide_in=carried)
    rows, one = carried
    for reach in (lambda: list(rows), rows.count, rows.exists, lambda: rows.update(late=True), rows.delete):
        with pytest.raises(GateShut):
            reach()
    with pytest.raises(SealedShut):
        _ = one.mood
    with pytest.raises(GateShut):
        one.refresh_from_db()


def test_no_way_leads_from_a_person_to_their_records(jo: Somebody, row: str) -> None:
    person = Person.objects.get(pk=jo.id)
    assert not [name for name in dir(person) if "checkin" in name.lower()]
    with pytest.raises(Exception, match="Cannot resolve keyword"):
        Person.objects.filter(checkin__mood=3)


def test_raw_sql_and_django_s_own_shortcuts_meet_the_wall_at_the_foot(jo: Somebody, row: str) -> None:
    with connection.cursor() as cursor, pytest.raises(GateShut):
        cursor.execute("SELECT * FROM checkins_checkin")
    with connection.cursor() as cursor, pytest.raises(GateShut):
        cursor.execute('DELETE FROM "CHECKINS_CHECKIN"')
    with pytest.raises(GateShut), transaction.atomic():
        Person.objects.get(pk=jo.id).delete()  # the collector goes past managers


def test_an_open_gate_opens_one_owner_and_one_way(jo: Somebody, sam: Somebody, row: str) -> None:
    write_one(sam.actor, owner=sam.id)

    @gated("checkin.record", writes=True)
    def reach_over(actor: Actor, *, owner: str) -> list[object]:
        assert [each.owner_id for each in CheckIn.objects.all()] == [owner]
        with pytest.raises(GateShut):
            checkin_of(jo.id).save()
        with pytest.raises(GateShut), transaction.atomic():
            CheckIn.objects.bulk_create([checkin_of(jo.id)])
        with pytest.raises(GateShut):
            CheckIn.objects.update(owner_id=jo.id)
        return [CheckIn.objects.filter(pk=row).update(late=True), CheckIn.objects.filter(pk=row).delete()[0]]

    assert reach_over(sam.actor, owner=sam.id) == [0, 0]
    assert _count(jo) == 1


def test_a_gate_opened_for_reading_does_not_write(jo: Somebody, row: str) -> None:
    @gated("checkin.read")
    def scribble(actor: Actor, *, owner: str) -> None:
        found = CheckIn.objects.get()
        found.mood = 1
        for reach in (
            found.save,
            found.delete,
            lambda: CheckIn.objects.update(late=True),
            CheckIn.objects.all().delete,
        ):
            with pytest.raises(GateShut):
                reach()

    scribble(jo.actor, owner=jo.id)


def test_private_words_stay_shut_for_a_member_whatever_is_shared(jo: Somebody, mum: Somebody, row: str) -> None:
    share(jo, mum, *Category)

    @gated("member.see")
    def read_note(actor: Actor, *, owner: str) -> object:
        return CheckIn.objects.get().note

    with pytest.raises(SealedShut):
        read_note(mum.actor, owner=jo.id)


def test_every_record_has_the_gate_s_manager_and_no_way_back_from_its_owner() -> None:
    from django.apps import apps

    records = [model for model in apps.get_models() if issubclass(model, Record)]
    assert len(records) > 5
    for model in records:
        assert model._base_manager.__class__.__name__ == model._default_manager.__class__.__name__ == "RecordManager"
        assert model._meta.get_field("owner").remote_field.hidden


def test_the_gate_is_shut_again_after_an_error(jo: Somebody) -> None:
    @gated("checkin.read")
    def trip(actor: Actor, *, owner: str) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        trip(jo.actor, owner=jo.id)
    with pytest.raises(GateShut):
        opening()


# wall four: views


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("everything about everybody")


@open_to("signed-in")
def for_the_signed_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse("yours")


class Urls:
    urlpatterns = [path("forgotten", forgotten), path("mine", for_the_signed_in)]


@override_settings(ROOT_URLCONF="handrail.urls")
def test_a_view_that_says_nothing_is_refused_to_everybody(
    jo: Somebody, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.urls import clear_url_caches

    import handrail.urls

    monkeypatch.setattr(handrail.urls, "urlpatterns", [*handrail.urls.urlpatterns, *Urls.urlpatterns])
    clear_url_caches()
    assert client.get("/forgotten").status_code == 403
    client.force_login(Person.objects.get(pk=jo.id))
    assert client.get("/forgotten").status_code == 403
    assert client.get("/mine").content == b"yours"
    client.logout()
    assert client.get("/mine").status_code == 302
    clear_url_caches()


@pytest.mark.parametrize("audience", ["everyone", "", "staff"])
def test_an_audience_that_does_not_exist_cannot_be_declared(audience: str) -> None:
    with pytest.raises(ValueError, match="no such audience"):
        open_to(audience)


def _roster(owner: Somebody) -> list[places.Member]:
    from handrail.circle import queries

    return queries.roster(owner.actor, owner=owner.id)


@gated("checkin.read")
def _rows(actor: Actor, *, owner: str) -> int:
    return CheckIn.objects.count()


def _count(owner: Somebody) -> int:
    return _rows(owner.actor, owner=owner.id)


def test_standing_by_shares_nothing(jo: Somebody, ann: Somebody) -> None:
    stand_by(jo, ann)
    assert [each.categories for each in _roster(jo)] == [frozenset()]
