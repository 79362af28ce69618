import pytest
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError

from handrail.delivery import outbox
from handrail.delivery.models import Attempt, Outbox
from handrail.delivery.queries import Step, how_far
from handrail.engine.lanes import Lane
from handrail.engine.models import Bell
from handrail.gate import Category
from tests.fixtures.people import share

pytestmark = pytest.mark.django_db(transaction=True)


def membership_of(owner, member):
    from handrail.gate.models import Membership

    return Membership.objects.get(owner_id=owner.id, member_id=member.id).pk


def test_a_message_rings_in_the_app_at_once_and_waits_for_each_confirmed_way(jo, sam, with_email, put):
    share(jo, sam, Category.HELP)
    with_email(sam, "sam@example.org")
    Bell.objects.all().delete()
    put(sam, jo, membership_of(jo, sam))
    rows = Outbox.objects.filter(matter="call1")
    assert sorted(rows.values_list("channel", "state")) == [("email", "waiting"), ("in_app", "handed")]
    assert list(Bell.objects.values_list("person_id", flat=True)) == [sam.id]


def test_the_same_message_put_twice_is_one_message_and_another_round_is_another(jo, sam, with_email, put):
    with_email(sam, "sam@example.org")
    for round in ("1.0", "1.0", "1.1"):
        put(sam, jo, membership_of(jo, sam), round=round)
    assert Outbox.objects.filter(matter="call1", channel="email").count() == 2


def test_a_message_without_its_transaction_is_refused(jo):
    with pytest.raises(TransactionManagementError):
        outbox.put(to=jo.id, owner=jo.id, kind="reminder", matter="m", link="/today")


def test_a_message_to_a_member_needs_the_right_it_goes_by(jo, sam):
    with pytest.raises(ValueError), transaction.atomic():
        outbox.put(to=sam.id, owner=jo.id, kind="call", matter="m", link="/s/today")
    with pytest.raises(IntegrityError), transaction.atomic():
        Outbox.objects.bulk_create([
            Outbox(idem="x", to=sam.id, owner=jo.id, channel="in_app", kind="call", matter="m", link="/",
                   due_at=jo_now(), ready_at=jo_now())
        ])  # fmt: skip


def jo_now():
    from handrail.kernel import clock

    return clock.now()


@pytest.mark.parametrize("link", ["https://elsewhere.example/", "//elsewhere.example/", "today"])
def test_a_message_links_to_this_install_only(jo, link):
    with pytest.raises(ValueError), transaction.atomic():
        outbox.put(to=jo.id, owner=jo.id, kind="reminder", matter="m", link=link)


def test_a_rolled_back_cause_leaves_no_message(jo, with_email):
    with_email(jo, "jo@example.org")
    before = Outbox.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.put(to=jo.id, owner=jo.id, kind="reminder", matter="m", link="/today")
        raise RuntimeError
    assert Outbox.objects.count() == before


def test_what_was_withdrawn_does_not_leave(jo, with_email, put, send, mail, until):
    with_email(jo, "jo@example.org")
    put(jo, jo, matter="first")
    put(jo, jo, matter="second")
    with transaction.atomic():
        outbox.withdraw(matter="first")
    with send():
        until(lambda: mail.to("jo@example.org"))
    assert len(mail.to("jo@example.org")) == 1
    progress = how_far(matter="first")[jo.id]
    assert {way.channel: way.step for way in progress.ways} == {"in_app": Step.IN_APP, "email": Step.TAKEN_BACK}


def test_one_kind_can_be_withdrawn_alone(jo, with_email, put):
    with_email(jo, "jo@example.org")
    put(jo, jo, kind="call")
    put(jo, jo, kind="stand-down")
    with transaction.atomic():
        outbox.withdraw(matter="call1", kind="call")
    assert Outbox.objects.get(matter="call1", kind="stand-down", channel="email").state == Outbox.WAITING


def test_a_share_that_was_stopped_closes_what_still_waits(jo, sam, mum, with_email, put, send, mail, until):
    share(jo, sam, Category.HELP)
    share(jo, mum, Category.HELP)
    with_email(sam, "sam@example.org")
    with_email(mum, "mum@example.org")
    put(sam, jo, membership_of(jo, sam))
    put(mum, jo, membership_of(jo, mum))
    share(jo, sam)
    with send():
        until(lambda: mail.to("mum@example.org"))
        until(lambda: Outbox.objects.get(to=sam.id, matter="call1", channel="email").state == Outbox.WITHDRAWN)
    assert mail.to("sam@example.org") == []
    assert Attempt.objects.get(outbox__to=sam.id, outbox__matter="call1").outcome == "closed"


def test_a_membership_that_ended_closes_what_still_waits(jo, sam, with_email, put, send, mail, until):
    from handrail.gate.models import Membership
    from handrail.kernel import clock

    share(jo, sam, Category.HELP)
    with_email(sam, "sam@example.org")
    put(sam, jo, membership_of(jo, sam))
    Membership.objects.filter(pk=membership_of(jo, sam)).update(ended_at=clock.now())
    with send():
        until(lambda: Outbox.objects.get(to=sam.id, matter="call1", channel="email").state == Outbox.WITHDRAWN)
    assert mail.to("sam@example.org") == []


def test_how_far_a_message_came_is_the_furthest_way(jo, with_email, put, send, mail, until):
    with_email(jo, "jo@example.org")
    put(jo, jo)
    assert how_far(matter="call1")[jo.id].step == Step.IN_APP
    with send():
        until(lambda: how_far(matter="call1")[jo.id].step == Step.HANDED_OVER)


def test_erasing_a_person_erases_their_ways_and_messages(jo, sam, with_email, put):
    from handrail.delivery import ways
    from handrail.delivery.models import Way

    with_email(jo, "jo@example.org")
    with_email(sam, "sam@example.org")
    put(jo, jo, matter="hers", lane=Lane.ROUTINE)
    put(sam, sam, matter="his")
    with transaction.atomic():
        ways.forget(person=jo.id)
    assert set(Way.objects.values_list("person_id", flat=True)) == {sam.id}
    assert not Outbox.objects.filter(to=jo.id).exists()
    assert Outbox.objects.filter(matter="his").exists()
