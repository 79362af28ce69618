"""The demo shows the product alive, and stays out of every real install."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from handrail.checkins import queries as checkins
from handrail.circle import queries as circle
from handrail.demo import cast, queries
from handrail.gate import Actor
from handrail.people.models import Person
from tests.fixtures.people import Somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: object) -> str:
    from dataclasses import replace

    settings.HANDRAIL = replace(settings.HANDRAIL, demo=True)  # type: ignore[attr-defined]
    call_command("seed_demo")
    shown = queries.figure("person")
    assert shown
    return shown.person_id


def test_jo_has_142_days_and_a_hard_day_18_days_ago(demo: str) -> None:
    days = checkins.days(Actor.person(demo), owner=demo, zone="America/New_York")
    assert (days.in_recovery, days.since_use) == (142, 18)


def test_there_are_six_weeks_of_check_ins_with_quiet_days_among_them(demo: str) -> None:
    assert len(cast.days()) == 42 and cast.days().count(None) >= 2
    rows = checkins.of_days(
        Actor.person(demo), owner=demo, zone="America/New_York", since=date(2000, 1, 1), until=date(2100, 1, 1)
    )
    assert len(rows) == len([day for day in cast.days() if day])


def test_four_people_and_a_program_stand_around_jo_and_the_log_says_who_looked(demo: str) -> None:
    members = circle.roster(Actor.person(demo), owner=demo)
    assert {m.name for m in members} == {"Mum", "Sam", "Dee", "Dr Osei", "River House"}
    looks = circle.who_looked(Actor.person(demo), owner=demo)
    assert {look.staff or look.name for look in looks if not look.by_me} == {
        "Mum",
        "Sam",
        "Dr Osei",
        "Dana Ruiz, River House",
    }


def test_seeding_twice_is_seeding_once(demo: str) -> None:
    before = queries.figures()
    call_command("seed_demo")
    assert queries.figures() == before


def test_each_of_them_is_one_click_away(demo: str, client: Client) -> None:
    for shown in queries.figures():
        assert client.post(f"/demo/as/{shown.who}", follow=True).status_code == 200
    assert client.post("/demo/as/nobody").status_code == 404


def test_a_real_install_has_no_demo_door_and_no_demo_people(client: Client, jo: Somebody) -> None:
    assert client.post("/demo/as/person").status_code == 404
    assert "demo-bar" not in client.get("/").content.decode()
    with pytest.raises(CommandError):
        call_command("seed_demo")


def test_the_demo_does_not_move_in_where_people_live(jo: Somebody, settings: object) -> None:
    from dataclasses import replace

    settings.HANDRAIL = replace(settings.HANDRAIL, demo=True)  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="people in this database"):
        call_command("seed_demo")


def test_mum_has_a_page_of_her_own_and_jo_sees_who_carries_how_much(demo: str, client: Client) -> None:
    client.post("/demo/as/mother")
    assert "How are you doing?" in client.get("/s/today").content.decode()
    own = client.get("/s/me-too").content.decode()
    assert "I cannot fix it for Jo" in own and "<svg" in own
    client.post("/demo/as/person")
    assert "Mum said yes to 2 of your last 3 calls" in client.get("/people/load").content.decode()


def test_jo_hides_one_rough_day(demo: str) -> None:
    everything = {"since": date(2000, 1, 1), "until": date(2100, 1, 1)}
    rows = checkins.of_days(Actor.person(demo), owner=demo, zone="America/New_York", **everything)
    assert [row.mood for row in rows if row.hidden] == [2]


def test_the_log_was_written_in_the_order_in_which_things_happened(demo: str) -> None:
    for shown in queries.figures():
        looks = circle.who_looked(Actor.person(shown.person_id), owner=shown.person_id, most=400)
        assert [look.at for look in looks] == sorted((look.at for look in looks), reverse=True)  # newest first


def ask_whether_it_is_still_them(client: Client, path: str) -> str:
    asked = client.get(path, follow=True)
    assert "Is it still you?" in asked.content.decode()
    return asked.content.decode()


@pytest.mark.parametrize("who", ["person", "mother", "worker"])
def test_it_says_with_which_words_somebody_invented_is_still_themself(demo: str, client: Client, who: str) -> None:
    client.post(f"/demo/as/{who}")
    page = ask_whether_it_is_still_them(client, reverse("erase"))
    assert f"In this demo the passphrase is <strong>{cast.PASSPHRASE}</strong>" in page
    wrong = client.post(reverse("account_reauthenticate"), {"password": "other words than these"})
    assert wrong.status_code == 422
    right = client.post(reverse("account_reauthenticate"), {"password": cast.PASSPHRASE, "next": "/me"})
    assert (right.status_code, right["Location"]) == (302, "/me")


def test_no_real_install_says_any_passphrase(jo: Somebody, client: Client) -> None:
    client.force_login(Person.objects.get(pk=jo.id))
    page = ask_whether_it_is_still_them(client, reverse("erase"))
    assert "In this demo" not in page and cast.PASSPHRASE not in page
