"""Signing in: nobody learns from any answer, or from the work behind it, whether there is an account."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from handrail.kernel import clock as house_clock
from handrail.kernel.keys import destroy_data_key
from handrail.people import actions, door, limits
from handrail.people.middleware import person_of_scope
from handrail.people.models import Session, Tally
from handrail.people.sessions import hashed
from tests.fixtures.people import PASSPHRASE, Somebody

RIGHT = f"{PASSPHRASE} Jo"


def sign_in(client: Client, passphrase: str = RIGHT, name: str = "Jo", **more: str):
    return client.post("/enter", {"name": name, "passphrase": passphrase, **more})


def without_tokens(page: bytes) -> bytes:
    return re.sub(rb'csrfmiddlewaretoken" value="[^"]+"', b"", page)


def count_argon2(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    runs: list[str] = []
    real = door._argon2
    monkeypatch.setattr(door, "_argon2", lambda purpose, secret: (runs.append(purpose), real(purpose, secret))[1])
    return runs


def test_the_right_name_and_passphrase_open_the_account(client: Client, jo: Somebody) -> None:
    answer = sign_in(client)
    assert answer["Location"] == "/today"
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize("name", ["jo", " JO ", "Jo."])
def test_a_tired_thumb_makes_no_difference_to_the_name(client: Client, jo: Somebody, name: str) -> None:
    assert sign_in(client, name=name).status_code == 302


def test_an_unknown_name_and_a_wrong_passphrase_look_the_same_and_cost_the_same(
    jo: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = count_argon2(monkeypatch)
    seen = []
    for name in ("Jo", "Xy"):
        Tally.objects.all().delete()
        before = len(runs)
        with CaptureQueriesContext(connection) as queries:
            answer = sign_in(Client(), "this is not the one", name=name)
        page = without_tokens(answer.content).replace(b'value="%b"' % name.encode(), b"")
        seen.append((answer.status_code, page, len(runs) - before, len(queries), sorted(answer.headers)))
    assert seen[0] == seen[1]
    assert seen[0][2] == 1


def test_unknown_recovery_words_cost_one_run_too(jo: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = count_argon2(monkeypatch)
    Client().post("/enter/words", {"words": "one two three four five six", "passphrase": "four slow green boats"})
    assert runs == ["recovery"]


@pytest.mark.parametrize("name", ["Jo", "Nobody of that name"])
def test_too_many_tries_get_the_same_answer_whether_or_not_there_is_an_account(jo: Somebody, name: str) -> None:
    for number in range(limits.BY_NAME.most):
        answer = Client(REMOTE_ADDR=f"10.0.0.{number}").post("/enter", {"name": name, "passphrase": "not this one"})
        assert answer.status_code == 422
    answer = Client(REMOTE_ADDR="10.0.1.1").post("/enter", {"name": name, "passphrase": RIGHT})
    assert answer.status_code == 429
    assert b"Please wait" in answer.content


def test_one_address_can_only_guess_so_often_and_an_hour_later_it_may_again(jo: Somebody, clock) -> None:
    clock.at(house_clock.now().replace(minute=5))
    for _try in range(limits.BY_ADDRESS.most):
        sign_in(Client(), "not this one", name=f"N{_try}")
    assert sign_in(Client()).status_code == 429
    clock.forward(hours=1)
    assert sign_in(Client()).status_code == 302
    assert Tally.objects.filter(hour__lt=house_clock.now() - timedelta(hours=3)).count() == 0


def test_one_address_cannot_shut_out_a_name_and_leaves_no_more_rows_than_tries(jo: Somebody) -> None:
    for _try in range(limits.BY_NAME.most + 2):
        sign_in(Client(REMOTE_ADDR="10.0.0.9"), "not this one")
    rows = Tally.objects.count()
    sign_in(Client(REMOTE_ADDR="10.0.0.9"), "not this one", name="Somebody else")
    assert Tally.objects.count() == rows
    assert sign_in(Client(REMOTE_ADDR="10.7.7.7")).status_code == 302


def test_signing_in_right_does_not_use_up_tries(jo: Somebody) -> None:
    for _try in range(limits.BY_ADDRESS.most + 5):
        assert sign_in(Client()).status_code == 302


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb"]
)
def test_next_only_leads_to_our_own_pages(client: Client, jo: Somebody, address: str) -> None:
    assert sign_in(client, next=address)["Location"] == "/today"


def test_next_leads_back_to_where_somebody_was_going(client: Client, jo: Somebody) -> None:
    asked = client.get("/me/devices")
    assert asked["Location"] == "/enter?next=%2Fme%2Fdevices"
    assert sign_in(client, next="/me/devices")["Location"] == "/me/devices"


def test_a_page_costs_one_query_to_know_who_asks(client: Client, jo: Somebody) -> None:
    sign_in(client)
    with CaptureQueriesContext(connection) as queries:
        client.get("/me")
    assert len(queries) == 4  # the session with its person and key; then what is on it: profile, where they work, posts


def test_the_doorbell_knows_a_session_as_a_page_does(client: Client, jo: Somebody) -> None:
    sign_in(client)
    scope = {"type": "http", "headers": [(b"cookie", b"c=1; s=" + client.cookies["s"].value.encode())]}
    assert person_of_scope(scope) == jo.id
    actions.change_passphrase(jo.actor, owner=jo.id, passphrase="nine warm yellow chairs")
    assert person_of_scope(scope) is None
    assert person_of_scope({"type": "http", "headers": []}) is None
    assert person_of_scope({"type": "http", "headers": [(b"cookie", b"s=x")]}) is None


def test_an_erased_key_opens_nothing_any_more(client: Client, jo: Somebody) -> None:
    sign_in(client)
    destroy_data_key(jo.id)
    assert client.get("/me").status_code == 302
    assert sign_in(Client()).status_code == 422


def test_signing_out_ends_the_session_row(client: Client, jo: Somebody) -> None:
    sign_in(client)
    client.post("/me/sign-out")
    assert not Session.objects.exists()
    assert client.get("/me").status_code == 302


def test_a_session_that_was_seen_an_hour_ago_is_noted_again_and_not_before(client: Client, jo: Somebody, clock) -> None:
    clock.at(house_clock.now())
    sign_in(client)
    first = Session.objects.get().seen_at
    clock.forward(minutes=50)
    client.get("/me")
    assert Session.objects.get().seen_at == first
    clock.forward(minutes=11)
    client.get("/me")
    assert Session.objects.get().seen_at == first + timedelta(minutes=61)


def test_a_session_that_nobody_used_for_long_is_over_and_swept_away(client: Client, jo: Somebody, clock) -> None:
    clock.at(house_clock.now())
    sign_in(client)
    clock.forward(days=61)
    assert client.get("/me").status_code == 302
    sign_in(Client())
    assert Session.objects.count() == 1


def test_changed_session_bytes_sign_nobody_in(client: Client, jo: Somebody) -> None:
    sign_in(client)
    row = Session.objects.get()
    Session.objects.update(session_data=row.session_data[:-6] + "AAAA==")
    assert client.get("/me").status_code == 302


def test_the_person_time_zone_is_the_clock_of_their_pages(client: Client, jo: Somebody, clock) -> None:
    clock.at(house_clock.now().replace(month=1, hour=3, minute=0))
    sign_in(client)
    Session.objects.update(began_at=house_clock.now().replace(day=15), seen_at=house_clock.now().replace(day=15))
    assert b"last used 14 January, 10 p.m." in client.get("/me/devices").content
    assert hashed(client.cookies["s"].value) == Session.objects.get().session_key
