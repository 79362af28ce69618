import base64
import contextlib
import json
import os
from datetime import timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from handrail.delivery import outbox
from handrail.delivery.channels.email import EmailChannel, MailServer
from handrail.delivery.channels.push import PushChannel
from handrail.delivery.sender import SendingThread
from handrail.engine.lanes import Lane
from handrail.gate import Category
from tests.fixtures.outside import wait_for


class Phone:
    """A browser that has subscribed to push: it keeps the keys and can open what arrives."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    @property
    def subscription(self):
        point = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {"endpoint": self.endpoint, "keys": {"p256dh": _text(point), "auth": _text(self._auth)}}

    def opens(self, body):
        return json.loads(http_ece.decrypt(body, private_key=self._key, auth_secret=self._auth, version="aes128gcm"))


def _text(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def mail(mailbox):
    """The mail server, empty and willing."""
    mailbox.letters.clear()
    mailbox.refuse_with = None
    yield mailbox
    mailbox.refuse_with = None


@pytest.fixture
def push(push_service, local_services):
    push_service.received.clear()
    push_service.answer_with = 201
    yield push_service
    push_service.answer_with = 201


@pytest.fixture
def local_services(monkeypatch):
    """As on a demo install: a push service on this machine counts as public."""
    monkeypatch.setattr("handrail.delivery.endpoints._local_services_allowed", lambda: True)


@pytest.fixture
def push_key(tmp_path):
    file = tmp_path / "push.pem"
    file.write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return file


@pytest.fixture
def send(mail, push_key):
    """`with send(): ...` keeps a real sender running beside the test."""

    @contextlib.contextmanager
    def sending(worker="w", lease=60.0, **channel):
        def channels():
            return [
                EmailChannel(MailServer.read(mail.url), "house@example.org", **channel),
                PushChannel(push_key, "mailto:operator@example.org", **channel),
            ]

        thread = SendingThread(worker, channels, lease=timedelta(seconds=lease))
        thread.start()
        try:
            yield thread
        finally:
            thread.stop()
            thread.join(30)
            assert not thread.is_alive()

    return sending


@pytest.fixture
def put():
    """Put one message about Jo's call for help."""

    def put_one(to, owner, membership="", *, kind="call", lane=Lane.CALL, matter="call1", round="1"):
        with transaction.atomic():
            outbox.put(
                to=to.id, owner=owner.id, membership=membership, category=Category.HELP if membership else None,
                kind=kind, lane=lane, matter=matter, round=round, link="/s/alert/call1",
            )  # fmt: skip

    return put_one


@pytest.fixture
def with_email(mail):
    """Give somebody a confirmed e-mail address, through the door."""
    from handrail.delivery import ways
    from handrail.delivery.models import Way

    def give(somebody, address):
        way = ways.begin(somebody.actor, owner=somebody.id, channel="email", address=address)
        code = _code_of(somebody, way)
        assert ways.confirm(somebody.actor, owner=somebody.id, way=way, code=code).ok
        with transaction.atomic():
            outbox.withdraw(matter=way)  # the mail with the code has done its work
        assert Way.objects.get(pk=way).verified_at
        return way

    return give


def _code_of(somebody, way):
    from handrail.delivery import ways
    from handrail.gate import Actor

    return ways.opened_ways(Actor.system("a test"), owners=[somebody.id], ways=[way])[way][1]


@pytest.fixture
def until():
    return wait_for
