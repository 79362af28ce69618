import pytest

from handrail.delivery import standby
from handrail.delivery.channels.email import EmailChannel, MailServer
from handrail.delivery.models import Outbox
from handrail.delivery.queries import Step, how_far
from handrail.engine.lanes import Lane

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mail_is_set_up(mail, monkeypatch):
    monkeypatch.setattr(standby, "AGAIN_SECONDS", 0.5)
    monkeypatch.setattr(standby, "has_any", lambda: True)
    monkeypatch.setattr(
        standby, "installed_channels", lambda: [EmailChannel(MailServer.read(mail.url), "house@example.org")]
    )


@pytest.fixture(autouse=True)
def all_stood_down(until):
    yield
    until(lambda: not standby._watched)


def test_a_call_for_help_leaves_although_no_worker_lives(jo, with_email, mail_is_set_up, put, mail, until):
    with_email(jo, "jo@example.org")
    put(jo, jo)
    mail.wait_for_letter_to("jo@example.org")
    until(lambda: how_far(matter="call1")[jo.id].step == Step.HANDED_OVER)


def test_without_a_worker_it_is_tried_again_too(jo, with_email, mail_is_set_up, put, mail, until):
    with_email(jo, "jo@example.org")
    mail.refuse_with = "451 busy"
    put(jo, jo)
    until(lambda: Outbox.objects.get(matter="call1", channel="email").attempts >= 1)
    mail.refuse_with = None
    mail.wait_for_letter_to("jo@example.org")


def test_a_living_worker_is_not_disturbed(jo, with_email, mail_is_set_up, put, mail, send, until):
    with_email(jo, "jo@example.org")
    with send():
        put(jo, jo)
        mail.wait_for_letter_to("jo@example.org")
        until(lambda: not standby._watched)
    assert len(mail.to("jo@example.org")) == 1


def test_routine_messages_wait_for_the_worker(jo, with_email, mail_is_set_up, put):
    with_email(jo, "jo@example.org")
    put(jo, jo, lane=Lane.ROUTINE, matter="reminder")
    assert "reminder" not in standby._watched
