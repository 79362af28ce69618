import asyncio
import socket

import pytest

from handrail.delivery import endpoints
from handrail.delivery.endpoints import Private, PublicOnly, is_private, require_public
from handrail.kernel.errors import Invalid


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://8.8.8.8/abc",
    ],
)
def test_public_push_services_are_taken(endpoint):
    require_public(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/abc",
        "https://127.0.0.1/abc",
        "https://[::1]/abc",
        "https://10.0.0.7/abc",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/abc",
        "https://push.example.org:8080/abc",
        "https://user@push.example.org/abc",
        "https://[::ffff:10.0.0.1]/abc",
        "https://[broken/abc",
        "https://\u2460\u2461\u2466.0.0.1/abc",  # circled digits: our HTTP client reads them as 127
        "https://\u3131.example.org/abc",
        "https://127.1/abc",
        "https://0x7f.1/abc",
        "https://127.0.0.1./abc",
        "https://[::127.0.0.1]/abc",
        "https://[64:ff9b::10.0.0.1]/abc",
        "https://push.example.org\\@10.0.0.1/abc",
        "https://push.example.org/" + "a" * 3000,
        "ftp://push.example.org/abc",
        "",
    ],
)
def test_what_leads_into_a_private_network_is_refused(endpoint):
    with pytest.raises(Invalid):
        require_public(endpoint)


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("8.8.8.8", False), ("2001:4860:4860::8888", False),
        ("10.1.2.3", True), ("192.168.0.1", True), ("172.16.0.1", True), ("100.64.0.1", True), ("127.0.0.1", True),
        ("0.0.0.0", True), ("169.254.1.1", True), ("224.0.0.1", True), ("255.255.255.255", True),
        ("::1", True), ("fe80::1%eth0", True), ("fc00::1", True), ("::ffff:192.168.0.1", True), ("2002:7f00:1::", True),
    ],
)  # fmt: skip
def test_the_public_internet_and_nothing_else_is_public(address, private):
    assert is_private(address) is private


def resolve(name):
    async def run():
        resolver = PublicOnly()
        try:
            return await resolver.resolve(name, 443, socket.AF_INET)
        finally:
            await resolver.close()

    return asyncio.run(run())


def test_a_public_looking_name_that_resolves_to_this_machine_is_refused():
    with pytest.raises(Private):
        resolve("localhost")


def test_on_a_demo_or_test_install_this_machine_may_be_a_push_service(monkeypatch):
    monkeypatch.setattr(endpoints, "_local_services_allowed", lambda: True)
    assert resolve("localhost")
    require_public("http://127.0.0.1:9/push/x")
    with pytest.raises(Invalid):
        require_public("http://10.0.0.1/push/x")
