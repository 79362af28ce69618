"""From a fresh install to a case worker who reads what Jo shares, and back: through the pages, as people go."""

import re
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from handrail.circle import queries as roster
from handrail.gate import Category
from handrail.gate import programs as kept
from handrail.gate.categories import PostKind
from handrail.programs import rules
from handrail.programs.models import Offer
from tests.fixtures.people import PASSPHRASE, Somebody, sign_up
from tests.fixtures.programs import RiverHouse, share_at

pytestmark = pytest.mark.django_db
LINK = re.compile(r"/w/[A-Za-z0-9]{44}")
PHRASE = re.compile(r'class="sheet phrase">([^<]+)<')


@pytest.fixture
def browser() -> Callable[[Somebody], Client]:
    from handrail.people.models import Person

    def signed_in(somebody: Somebody) -> Client:
        client = Client()
        client.force_login(Person.objects.get(pk=somebody.id))
        return client

    return signed_in


def appointed(kind: str) -> str:
    said = StringIO()
    call_command("appoint", kind, stdout=said)
    return LINK.search(said.getvalue())[0]  # type: ignore[index]


def made(client: Client, path: str, **said: str) -> str:
    """The link that a form makes; it is on the page that follows."""
    return LINK.search(client.post(path, said, follow=True).content.decode())[0]  # type: ignore[index]


@pytest.fixture
def operator(browser: Callable[[Somebody], Client]) -> Client:
    sign_up("Olu")
    client = Client()
    client.post("/enter", {"name": "Olu", "passphrase": f"{PASSPHRASE} Olu"})
    client.post(appointed("operator") + "/take")
    return client


def take(client: Client, link: str) -> str:
    """Use a link to a place at a program; answers the three words."""
    assert client.post(f"{link}/take").status_code == 302
    return PHRASE.search(client.get(f"{link}/wait").content.decode())[1]  # type: ignore[index]


def test_from_a_fresh_install_to_a_page_that_staff_may_read(
    operator: Client, browser: Callable[[Somebody], Client], jo: Somebody, ticks_are_enough: None
) -> None:
    keeper, dana, owner = browser(sign_up("Kim")), browser(sign_up("Dana")), browser(jo)

    operator.post("/o/programs/add", {"name": "River House", "kind": "housing", "about": "14 Hill Street"})
    [program] = kept.programs()
    link = made(operator, f"/o/programs/{program.id}", name="Kim Lee", role="lead")
    words = take(keeper, link)
    assert keeper.get("/c/people").content.decode().count("River House") == 0  # not before the words have matched
    [offer] = Offer.objects.filter(program_id=program.id)
    operator.post(f"/o/programs/{program.id}/link/{offer.id}", {"phrase": words})
    assert "River House" in keeper.get("/c/people").content.decode()

    link = made(keeper, f"/c/staff/{program.id}", name="Dana Ruiz", role="case_worker")
    words = take(dana, link)
    [offer] = Offer.objects.filter(program_id=program.id, state="asked")
    keeper.post(f"/c/staff/{program.id}/link/{offer.id}", {"phrase": words})

    assert "14 Hill Street" in owner.get("/people/programs").content.decode()
    page = owner.get(f"/people/programs/{program.id}").content.decode()
    assert "Dana Ruiz" in page and "Case worker" in page and "checked" not in page
    owner.post(f"/people/programs/{program.id}", {"called": "Jo Miller"})
    assert "Jo Miller" in dana.get("/c/people").content.decode()
    assert "Not shared right now." in dana.get("/c/people").content.decode()

    [place] = [m.membership_id for m in roster.roster(jo.actor, owner=jo.id)]
    owner.post("/people/sharing", {"on_page": place, "share": f"{place}:feeling"})
    owner.post("/checkin", {"mood": "3", "key": "k" * 22})
    assert "Shares: How they feel" in dana.get("/c/people").content.decode()
    page = dana.get(f"/c/p/{jo.id}").content.decode()
    assert "is feeling okay" in page and "Dana Ruiz, River House" in page
    assert "Dana Ruiz, River House" in owner.get("/me/seen").content.decode()

    [desk] = [each for each in kept.staff_of(program.id) if each.name == "Dana Ruiz"]
    keeper.post(f"/c/staff/{program.id}/{desk.id}/end")
    assert dana.get(f"/c/p/{jo.id}").status_code == 404
    assert "Jo Miller" not in dana.get("/c/people").content.decode()


def test_words_that_do_not_match_kill_the_link_and_open_nothing(
    river: RiverHouse, browser: Callable[[Somebody], Client], ann: Somebody
) -> None:
    keeper, taker = browser(river.keeper), browser(ann)
    link = made(keeper, f"/c/staff/{river.id}", name="Dana Ruiz", role="peer")
    take(taker, link)
    offer = Offer.objects.get()
    keeper.post(f"/c/staff/{river.id}/link/{offer.id}", {"phrase": "none"})
    assert kept.desks_of(ann.id) == []
    assert keeper.post(f"/c/staff/{river.id}/link/{offer.id}", {"phrase": offer.phrase}).status_code == 404
    assert kept.desks_of(ann.id) == []


def test_a_link_is_shown_one_time_and_made_one_time(river: RiverHouse, browser: Callable[[Somebody], Client]) -> None:
    keeper = browser(river.keeper)
    made(keeper, f"/c/staff/{river.id}", name="Dana", role="peer")
    assert not LINK.search(keeper.get(f"/c/staff/{river.id}").content.decode())
    assert Offer.objects.count() == 1


def test_a_link_works_once(river: RiverHouse, browser: Callable[[Somebody], Client], ann: Somebody) -> None:
    link = made(browser(river.keeper), f"/c/staff/{river.id}", name="Dana", role="peer")
    take(browser(ann), link)
    second = browser(sign_up("Zoe"))
    assert second.post(f"{link}/take").status_code == 409
    assert second.get(f"{link}/wait").status_code == 404
    assert "does not work any more" in second.get(link).content.decode()


def test_a_link_with_another_secret_is_no_link(river: RiverHouse, browser: Callable[[Somebody], Client]) -> None:
    link = made(browser(river.keeper), f"/c/staff/{river.id}", name="Dana", role="peer")
    forged = link[:-1] + ("a" if link[-1] != "a" else "b")
    assert Client().get(forged).status_code == 404


def test_staff_who_keep_nothing_name_nobody(
    river: RiverHouse, dana: Somebody, browser: Callable[[Somebody], Client]
) -> None:
    [keeper] = [each for each in kept.staff_of(river.id) if each.keeper]
    client = browser(dana)
    assert "Make the link" not in client.get(f"/c/staff/{river.id}").content.decode()
    assert client.post(f"/c/staff/{river.id}", {"name": "Zoe", "role": "peer"}).status_code == 404
    assert client.post(f"/c/staff/{river.id}/{keeper.id}/end").status_code == 404
    assert len(kept.staff_of(river.id)) == 2


def test_whoever_runs_the_install_puts_nobody_into_a_running_program(
    operator: Client, river: RiverHouse, ann: Somebody
) -> None:
    assert "Make the link" not in operator.get(f"/o/programs/{river.id}").content.decode()
    operator.post(f"/o/programs/{river.id}", {"name": "Ann", "role": "lead"})
    assert not Offer.objects.filter(program_id=river.id).exists()
    assert operator.get(f"/c/staff/{river.id}").status_code == 404
    assert operator.post(f"/c/staff/{river.id}", {"name": "Ann", "role": "lead"}).status_code == 404


def test_whoever_runs_the_install_does_not_work_at_a_program_under_the_same_account(
    operator: Client, river: RiverHouse, browser: Callable[[Somebody], Client]
) -> None:
    link = made(browser(river.keeper), f"/c/staff/{river.id}", name="Olu", role="lead")
    answer = operator.post(f"{link}/take")
    assert answer.status_code == 422
    assert "use another account" in answer.content.decode()


@pytest.mark.parametrize("path", ["/o", "/o/programs/add", "/o/posts/add"])
def test_the_operators_pages_are_not_there_for_anybody_else(
    path: str, river: RiverHouse, browser: Callable[[Somebody], Client]
) -> None:
    kept.give_post(person_id=river.keeper.id, kind=PostKind.MODERATOR)
    assert browser(river.keeper).get(path).status_code == 404
    assert browser(river.keeper).get(f"/o/programs/{river.id}").status_code == 404


def test_a_post_is_ended_on_the_page_and_by_the_command(operator: Client) -> None:
    kept.give_post(person_id=sign_up("Ann").id, kind=PostKind.MODERATOR)
    [moderator] = [each for each in kept.held_posts() if each.kind == PostKind.MODERATOR]
    operator.post(f"/o/posts/{moderator.id}/end")
    [mine] = kept.held_posts()
    said = StringIO()
    call_command("appoint", "operator", "--list", stdout=said)
    assert mine.id in said.getvalue()
    call_command("appoint", "operator", "--end", mine.id, stdout=said)
    assert operator.get("/o").status_code == 404
    with pytest.raises(CommandError):
        call_command("appoint", "operator", "--end", mine.id, stdout=said)


def test_closing_and_ending_a_post_ask_whether_it_is_still_them(operator: Client, river: RiverHouse) -> None:
    kept.give_post(person_id=sign_up("Ann").id, kind=PostKind.MODERATOR)
    [moderator] = [each for each in kept.held_posts() if each.kind == PostKind.MODERATOR]
    session = operator.session
    session["account_authentication_methods"] = []  # they signed in long ago
    session.save()
    for path in (f"/o/programs/{river.id}/close", f"/o/posts/{moderator.id}/end"):
        assert "/again" in operator.get(path)["Location"]
        assert "/again" in operator.post(path)["Location"]
    assert [each.id for each in kept.programs()] == [river.id]
    assert moderator in kept.held_posts()


def test_a_link_to_a_post_that_nobody_used_is_listed_and_can_be_taken_back(operator: Client, ann: Somebody) -> None:
    page = operator.post("/o/posts/add", {"kind": "operator"}, follow=True).content.decode()
    assert "three words" not in page
    link = LINK.search(page)[0]  # type: ignore[index]
    [waits] = Offer.objects.filter(post="operator", state="made")
    assert f'value="{waits.pk}"' in operator.get("/o").content.decode()
    assert operator.post("/o/posts/add", {"take_back": waits.pk})["Location"] == "/o"
    assert str(waits.pk) not in operator.get("/o").content.decode()
    other = Client()
    other.post("/enter", {"name": ann.name, "passphrase": f"{PASSPHRASE} {ann.name}"})
    other.post(f"{link}/take")
    assert kept.posts_of(ann.id) == []
    assert operator.post("/o/posts/add", {"take_back": waits.pk}).status_code == 404


def test_the_person_is_told_of_new_staff_until_they_have_looked(
    river: RiverHouse, jo: Somebody, browser: Callable[[Somebody], Client], ann: Somebody
) -> None:
    place, owner = river.stand_by(jo), browser(jo)
    assert "Somebody new works at River House" not in owner.get("/today").content.decode()
    river.hire(ann)
    for page in ("/today", "/people"):
        assert "Somebody new works at River House" in owner.get(page).content.decode()
    page = owner.get(f"/people/{place}/staff").content.decode()
    assert "<strong>Ann</strong>" in page and "<strong>Keeper</strong>" not in page
    owner.post(f"/people/{place}/staff")
    assert "Somebody new works" not in owner.get("/today").content.decode()


def test_a_closed_program_ends_all_its_places_and_the_people_see_it(
    operator: Client, river: RiverHouse, dana: Somebody, jo: Somebody, browser: Callable[[Somebody], Client]
) -> None:
    river.stand_by(jo)
    operator.post(f"/o/programs/{river.id}/close")
    assert "River House left your circle" in browser(jo).get("/people").content.decode()
    assert roster.roster(jo.actor, owner=jo.id) == []
    assert kept.desks_of(dana.id) == []
    assert browser(jo).get("/people/programs").content.decode().count("River House") == 0
    assert browser(jo).get(f"/people/programs/{river.id}").status_code == 404


def test_the_list_comes_in_pages_and_shows_everybody_once(
    river: RiverHouse, dana: Somebody, browser: Callable[[Somebody], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"Person {number}" for number in range(53)]
    for name in names:
        river.stand_by(sign_up(name))
    client, found, path = browser(dana), [], "/c/people"
    for _page in range(3):
        page = client.get(path).content.decode()
        found += re.findall(r"Person \d+ M\.", page)
        further = re.search(r'href="(\?at=[^"]*after=[^"]*)"', page)
        if not further:
            break
        path = "/c/people" + further[1].replace("&amp;", "&")
    assert sorted(found) == sorted(f"{name} M." for name in names)


@pytest.mark.parametrize(
    "after", ["x", "1-", "-1", "99999999999999999999-a", "1-ü", "%00", "1-%00", "1-a%00", "1-" + "a" * 23]
)
def test_a_page_of_the_list_that_cannot_be_is_no_error(
    after: str, river: RiverHouse, dana: Somebody, browser: Callable[[Somebody], Client]
) -> None:
    assert browser(dana).get(f"/c/people?after={after}&shows=nothing&at=x").status_code == 200


@pytest.mark.parametrize("place", ["\0", "a\0", "", "a" * 23, "a b"])
def test_a_place_in_the_list_is_an_id_and_nothing_that_a_database_refuses(place: str) -> None:
    assert rules.mark_from_text(f"1-{place}") is None
    assert rules.mark_from_text("1-" + "a" * 22) is not None


def test_the_list_asks_as_many_questions_for_many_as_for_few(
    river: RiverHouse, dana: Somebody, browser: Callable[[Somebody], Client]
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/c/people").status_code == 200
        return len(asked)

    client = browser(dana)
    client.get("/c/people")
    for number in range(3):
        share_at(jo := sign_up(f"Person {number}"), river.stand_by(jo), Category.FEELING)
    few = questions()
    for number in range(3, 20):
        share_at(jo := sign_up(f"Person {number}"), river.stand_by(jo), Category.FEELING)
    assert questions() == few
    assert few <= 10


def test_no_words_chosen_is_kindly_asked_again(
    river: RiverHouse, browser: Callable[[Somebody], Client], ann: Somebody
) -> None:
    keeper = browser(river.keeper)
    take(browser(ann), made(keeper, f"/c/staff/{river.id}", name="Dana", role="peer"))
    answer = keeper.post(f"/c/staff/{river.id}/link/{Offer.objects.get().id}")
    assert answer.status_code == 422
    assert "Choose the three words" in answer.content.decode()
    assert kept.desks_of(ann.id) == []
