import pytest

from handrail.delivery.channels.email import MailServer, message_id
from handrail.delivery.models import Attempt, Outbox, Way
from handrail.delivery.queries import Step, how_far
from handrail.engine.lanes import Lane

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_letter_says_nothing_but_that_there_is_something(jo, with_email, put, send, mail, settings):
    with_email(jo, "jo@example.org")
    put(jo, jo)
    with send():
        letter = mail.wait_for_letter_to("jo@example.org")
    assert letter["Subject"] == "You have an update"
    assert letter["From"] == "house@example.org"
    text = letter.get_content()
    assert "/s/alert/call1" in text
    for word in ("Jo", "Handrail", "help", "call for", "recovery"):
        assert word not in text.replace("/s/alert/call1", "") + letter["Subject"]


def test_the_same_letter_sent_again_carries_the_same_message_id(jo, with_email, put, send, mail, until):
    with_email(jo, "jo@example.org")
    put(jo, jo)
    with send():
        mail.wait_for_letter_to("jo@example.org")
        until(lambda: how_far(matter="call1")[jo.id].step == Step.HANDED_OVER)
        Outbox.objects.filter(channel="email", matter="call1").update(state=Outbox.WAITING)
        mail.wait_for_letter_to("jo@example.org", after=1)
    first, again = mail.to("jo@example.org")
    assert first["Message-ID"] == again["Message-ID"]
    assert "call1" not in first["Message-ID"]


def test_another_round_is_another_message_id():
    assert message_id("a", "house@example.org") != message_id("b", "house@example.org")
    assert message_id("a", "House <house@example.org>").endswith("@example.org>")


def test_a_mail_server_that_is_busy_is_asked_again_soon(jo, with_email, put, send, mail, until):
    with_email(jo, "jo@example.org")
    mail.refuse_with = "451 busy"
    put(jo, jo)
    with send():
        until(lambda: Attempt.objects.filter(outcome="smtp 451").exists())
        mail.refuse_with = None
        mail.wait_for_letter_to("jo@example.org")


def test_an_address_that_does_not_exist_marks_the_way_and_is_not_tried_again(
    jo, with_email, put, send, mail, until, monkeypatch
):
    async def refuse(self, server, session, envelope, address, options):
        return "550 no such person"

    way = with_email(jo, "jo@example.org")
    monkeypatch.setattr(type(mail), "handle_RCPT", refuse, raising=False)
    put(jo, jo)
    with send():
        until(lambda: Outbox.objects.get(matter="call1", channel="email").state == Outbox.GAVE_UP)
    assert Way.objects.get(pk=way).failing_since is not None
    steps = {seen.channel: seen.step for seen in how_far(matter="call1")[jo.id].ways}
    assert steps["email"] == Step.GAVE_UP


def test_a_way_that_works_again_is_no_longer_marked(jo, with_email, put, send, until):
    from handrail.kernel import clock

    way = with_email(jo, "jo@example.org")
    Way.objects.filter(pk=way).update(failing_since=clock.now())
    put(jo, jo)
    with send():
        until(lambda: Way.objects.get(pk=way).failing_since is None)


def test_a_mail_server_that_is_not_there_loses_nothing(jo, with_email, put, send, mail, until, monkeypatch):
    with_email(jo, "jo@example.org")
    there = mail.url
    monkeypatch.setattr(type(mail), "url", "smtp://127.0.0.1:9")
    put(jo, jo)
    with send():
        until(lambda: Attempt.objects.filter(outcome__startswith="smtp connect").exists())
    monkeypatch.setattr(type(mail), "url", there)
    with send():
        mail.wait_for_letter_to("jo@example.org")


def test_many_letters_share_connections_and_each_goes_out_once(jo, with_email, put, send, mail, until):
    with_email(jo, "jo@example.org")
    for number in range(60):
        put(jo, jo, matter=f"m{number}", lane=Lane.ROUTINE)
    with send(connections=4):
        until(lambda: not Outbox.objects.filter(state__in=[Outbox.WAITING, Outbox.CLAIMED]).exists())
    ids = [letter["Message-ID"] for letter in mail.to("jo@example.org")]
    assert len(ids) == len(set(ids)) == 60


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 587, False, "", "")),
        ("smtps://u%40x:p%2Fw@mail.example.org", ("mail.example.org", 465, True, "u@x", "p/w")),
    ],
)
def test_the_mail_setting_is_read(url, expected):
    server = MailServer.read(url)
    assert (server.host, server.port, server.tls_from_start, server.user, server.password) == expected


def test_a_mail_setting_that_is_none_is_refused():
    with pytest.raises(ValueError):
        MailServer.read("mail.example.org:25")


def test_a_routine_letter_is_given_up_after_a_day_and_a_call_for_help_never(
    jo, with_email, put, send, mail, until, clock
):
    from handrail.kernel import clock as house_clock

    with_email(jo, "jo@example.org")
    mail.refuse_with = "451 busy"
    put(jo, jo, matter="reminder", lane=Lane.ROUTINE)
    put(jo, jo, matter="help", lane=Lane.CALL)
    with house_clock.moved_by(hours=25), send():
        until(lambda: Outbox.objects.get(matter="reminder", channel="email").state == Outbox.GAVE_UP)
        until(lambda: Outbox.objects.get(matter="help", channel="email").attempts >= 1)
    help_row = Outbox.objects.get(matter="help", channel="email")
    assert help_row.state == Outbox.WAITING
    assert (help_row.ready_at - help_row.due_at).total_seconds() <= 25 * 3600 + 11
