"""Going for good: what goes, what stays with others, and what nobody can read any more."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test import Client

from handrail.circle import actions as circle_actions
from handrail.circle import queries as circle
from handrail.circle import said
from handrail.delivery.models import Outbox, Way
from handrail.engine import bell
from handrail.engine.models import Due
from handrail.engine.runner import run_what_is_due
from handrail.gate import Category, Record
from handrail.gate.models import Membership
from handrail.gate.opening import Upkeep
from handrail.home import seen
from handrail.kernel import clock, keys
from handrail.kernel.errors import NotHere
from handrail.kernel.models import DataKey
from handrail.kindness import actions as kindness
from handrail.kindness import queries as kindness_seen
from handrail.leaving import actions, queries
from handrail.leaving.tests.canaries import records, sealed_fields
from handrail.people import queries as people
from handrail.people import tokens
from handrail.people.actions import make_token
from handrail.people.models import Person, Session
from handrail.plan import actions as plan
from handrail.safety import actions as safety
from tests.fixtures.people import PASSPHRASE, Somebody, share, stand_by
from tests.fixtures.programs import RiverHouse, share_at

pytestmark = pytest.mark.django_db(transaction=True)


def enter(client: Client, somebody: Somebody) -> Client:
    given = {"name": somebody.name, "passphrase": f"{PASSPHRASE} {somebody.name}"}
    assert client.post("/enter", given).status_code == 302
    return client


def rows_naming(person_id: str) -> set[str]:
    """Every table and column in the whole database where this id stands."""
    found = set()
    with Upkeep(), connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                if isinstance(field, models.CharField | models.TextField | models.ForeignKey | models.OneToOneField):
                    cursor.execute(
                        f'SELECT count(*) FROM "{model._meta.db_table}" WHERE CAST("{field.column}" AS TEXT) LIKE %s',
                        [f"%{person_id}%"],
                    )
                    if cursor.fetchone()[0]:
                        found.add(f"{model._meta.label}.{field.name}")
    return found


def sealed_bytes() -> list[bytes]:
    """Every sealed value and every wrapped key, as it stands in the database."""
    found: list[bytes] = []
    with Upkeep(), connection.cursor() as cursor:
        for model in [*records(), Person, Membership, Way]:
            for name in sealed_fields(model):
                column = model._meta.get_field(name).column  # type: ignore[union-attr]
                cursor.execute(f'SELECT "{column}" FROM "{model._meta.db_table}" WHERE "{column}" IS NOT NULL')
                found += [bytes(value) for (value,) in cursor.fetchall()]
    return [*found, *(bytes(each) for each in DataKey.objects.values_list("wrapped", flat=True))]


def test_nothing_in_the_database_names_them_but_what_others_keep(full: Somebody, client: Client) -> None:
    enter(client, full)
    make_token(full.actor, owner=full.id, label="Watch", scopes=["read"])
    actions.pack(full.actor)
    bell.ring([full.id])
    actions.erase(full.actor)
    run_what_is_due()
    assert rows_naming(full.id) == {
        "people.Person.id",  # a number that stands for nobody
        "gate.Membership.member",  # Kit's own record of who stood beside them
        "gate.LogEntry.actor",  # Kit's own log
    }
    husk = Person.objects.get(pk=full.id)
    assert not husk.is_active and husk.country == husk.language == "" and husk.recovery_door is None
    assert not DataKey.objects.filter(pk=full.id).exists()
    assert not Session.objects.filter(person_id=full.id).exists()


def test_every_kind_of_record_is_deleted(full: Somebody) -> None:
    actions.erase(full.actor)
    with Upkeep(), connection.cursor() as cursor:
        for model in apps.get_models():
            if issubclass(model, Record):
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                assert cursor.fetchone() == (0,), model


def test_neither_the_file_nor_its_log_holds_what_was_theirs_nor_does_an_old_backup_open(
    full: Somebody, tmp_path: Path, own_key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("looks into SQLite's own files")
    before = sealed_bytes()
    backup, keys_of_that_time = tmp_path / "backup.sqlite3", own_key_file.read_text()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(backup)])
    gone = [value for value in before if full.id and value in backup.read_bytes()]
    assert len(gone) == len(before) > 20  # the backup has it all

    with caplog.at_level("DEBUG"):
        actions.erase(full.actor)
        run_what_is_due()
    kept = set(sealed_bytes())  # of Kit and the mother
    file = Path(connection.settings_dict["NAME"])
    log = file.with_name(file.name + "-wal")
    on_disk = file.read_bytes() + (log.read_bytes() if log.exists() else b"")
    assert not [value for value in before if value not in kept and value in on_disk]
    assert "canary" not in on_disk.decode("latin-1").lower()
    assert "canary" not in caplog.text.lower()

    with sqlite3.connect(backup) as old:
        [(by, wrapped)] = old.execute("SELECT wrapped_by, wrapped FROM kernel_datakey WHERE owner_id = ?", [full.id])
    with pytest.raises(keys.Forgotten):
        keys.unwrap(full.id, by, wrapped)
    own_key_file.write_text(keys_of_that_time)
    assert len(keys.unwrap(full.id, by, wrapped)) == keys.KEY_BYTES  # what SECURITY.md warns of


def test_whoever_is_still_here_opens_as_before(full: Somebody, ann: Somebody) -> None:
    actions.erase(full.actor)
    assert people.profile(ann.actor, owner=ann.id).name == "Ann"
    [kit] = [row.owner_id for row in Membership.objects.filter(member_id=full.id)]
    kit_seen = Somebody(kit, "Kit")
    assert people.profile(kit_seen.actor, owner=kit).name == "Kit"
    assert circle.roster(kit_seen.actor, owner=kit) == []
    newest = circle.who_looked(kit_seen.actor, owner=kit)[0]
    assert (said.who(newest), said.what(newest)) == ("Canary-name", "left your circle")  # Kit's own word for them


def test_members_see_what_they_see_when_a_place_is_ended(jo: Somebody, sam: Somebody, mum: Somebody) -> None:
    share(jo, mum, *Category)
    share(jo, sam, *Category)
    [place] = [each for each in circle.roster(jo.actor, owner=jo.id) if each.person_id == sam.id]
    circle_actions.end_membership(jo.actor, owner=jo.id, membership=place.membership_id)
    messages = Outbox.objects.count()
    actions.erase(jo.actor)
    assert Outbox.objects.count() == messages == 0
    for member in (sam, mum):
        assert seen.cards(member.actor) == []
        with pytest.raises(NotHere):
            seen.person(member.actor, owner=jo.id)


def test_the_last_on_call_is_missed_by_a_message_and_the_page_says_so_before(
    jo: Somebody, sam: Somebody, mum: Somebody, client: Client
) -> None:
    share(jo, sam, Category.HELP)
    share(jo, mum, Category.HELP)
    page = enter(client, sam).get("/me/erase").content.decode()
    assert "if you are the last who gets somebody’s call for help, we tell them" in page
    assert "Nobody gets a message" not in page
    actions.erase(mum.actor)
    assert not Outbox.objects.filter(kind="circle.nobody").exists()  # Sam is there
    actions.erase(sam.actor)
    assert [message.to for message in Outbox.objects.filter(kind="circle.nobody")] == [jo.id]


def test_words_for_others_stay_with_them_and_both_pages_say_so(
    jo: Somebody, mum: Somebody, client: Client, river: RiverHouse, dana: Somebody
) -> None:
    for address in ("/me/erase", "/me/export"):
        page = enter(client, mum).get(address).content.decode()
        assert "kind words you sent, your answers to their calls" in page, address
    kindness.send(mum.actor, owner=jo.id, words="Thinking of you.")
    place = river.stand_by(jo)
    plan.write_step(jo.actor, owner=jo.id, number=1, lines=["Payday"])
    share_at(jo, place, Category.PLAN)
    seen.person(dana.actor, owner=jo.id)
    assert "Thinking of you." not in str(queries.everything(mum.actor))
    actions.erase(mum.actor)
    actions.erase(dana.actor)
    assert [each.note.words for each in kindness_seen.notes(jo.actor, owner=jo.id)] == ["Thinking of you."]
    looked = said.lines(circle.who_looked(jo.actor, owner=jo.id))
    assert "Dana Ruiz, River House" in {line.who for line in looked}


def test_a_call_that_is_going_on_ends_with_them_and_nothing_waits_to_be_sent(jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, *Category)
    safety.make_call(jo.actor, owner=jo.id, key="k" * 22, words="I need someone now.")
    run_what_is_due()
    assert Outbox.objects.exists()
    actions.erase(jo.actor)
    assert not Outbox.objects.exists()
    with clock.moved_by(hours=13):
        run_what_is_due()  # rungs that would have been asked: nothing is left to climb for
    assert not Outbox.objects.exists()


def test_seven_days_are_there_to_take_it_back(client: Client, jo: Somebody) -> None:
    enter(client, jo)
    assert client.post("/me/erase", {"when": "later"}).status_code == 302
    assert b"Keep it" in client.get("/plan").content  # on every page
    with clock.moved_by(days=6):
        run_what_is_due()
    assert client.post("/me/erase/keep").status_code == 302
    assert b"will be erased on" not in client.get("/plan").content
    with clock.moved_by(days=8):
        run_what_is_due()
        assert people.profile(jo.actor, owner=jo.id).name == "Jo"


def test_after_seven_days_it_is_done(client: Client, jo: Somebody) -> None:
    enter(client, jo)
    client.post("/me/erase", {"when": "later"})
    with clock.moved_by(days=7, minutes=1):
        run_what_is_due()
        assert not DataKey.objects.filter(pk=jo.id).exists()
        assert not Due.objects.filter(ref=jo.id).exists()
        assert client.get("/today").headers["Location"].startswith("/enter")


def test_erasing_now_asks_again_first_and_clears_the_browser(client: Client, browse: Any, jo: Somebody) -> None:
    assert browse(jo).post("/me/erase", {"when": "now"}).headers["Location"].startswith("/me/again")
    assert DataKey.objects.filter(pk=jo.id).exists()
    client.post("/me/sign-out")
    enter(client, jo)
    answer = client.post("/me/erase", {"when": "now", "sure": "yes"})
    assert (answer.headers["Location"], answer.headers["Clear-Site-Data"]) == ("/gone", '"*"')
    assert not DataKey.objects.filter(pk=jo.id).exists()
    receipt = client.get("/gone").content
    assert b"It is done" in receipt and jo.id.encode() not in receipt and not re.search(rb"\bJo\b", receipt)
    assert client.post("/enter", {"name": "Jo", "passphrase": f"{PASSPHRASE} Jo"}).status_code == 422


def test_one_tap_erases_nothing_and_does_not_look_like_the_help_button(client: Client, jo: Somebody) -> None:
    enter(client, jo)
    page = client.get("/me/erase").content.decode().partition("<main")[2].partition("</main>")[0]
    assert 'href="?when=now"' in page and "btn help" not in page
    for asked in (client.get("/me/erase?when=now"), client.post("/me/erase", {"when": "now"})):
        assert asked.status_code == 200 and b"Yes, erase everything" in asked.content
    assert DataKey.objects.filter(pk=jo.id).exists()


def test_a_form_that_does_not_say_when_erases_nothing(client: Client, jo: Somebody) -> None:
    enter(client, jo)
    assert client.post("/me/erase", {"when": "soon"}).status_code == 422
    assert people.erase_at(jo.actor, owner=jo.id) is None


def test_a_token_ends_with_its_account(jo: Somebody) -> None:
    token = make_token(jo.actor, owner=jo.id, label="Watch", scopes=["read"])
    actions.erase(jo.actor)
    assert tokens.person_of_token(token) is None


def test_nobody_erases_somebody_else(jo: Somebody, mum: Somebody) -> None:
    with pytest.raises(NotHere):
        actions._erase(mum.actor, owner=jo.id)


def test_what_cannot_be_done_whole_is_not_done_at_all(full: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(**_: str) -> None:
        raise OSError("no room")

    before = rows_naming(full.id)
    monkeypatch.setattr(keys, "destroy_data_key", lambda _: power_cut())
    with pytest.raises(OSError, match="no room"):
        actions.erase(full.actor)
    assert rows_naming(full.id) == before
    assert people.profile(full.actor, owner=full.id).name == full.name


def test_an_older_database_that_is_put_back_holds_them_no_longer_after_the_start(jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, *Category)
    stand_by(mum, jo)
    leaf = keys.leaf_of(bytes(DataKey.objects.get(pk=jo.id).wrapped))
    assert leaf is not None
    with keys.turning(settings.HANDRAIL.key_file) as ring:  # what an erasure after this backup did to the key file
        ring.without([leaf]).write(settings.HANDRAIL.key_file)
    with pytest.raises(keys.KeyFault):
        people.profile(jo.actor, owner=jo.id)
    assert actions.erase_again() == 1
    assert actions.erase_again() == 0
    assert rows_naming(jo.id) == {"people.Person.id", "gate.Membership.member", "gate.LogEntry.actor"}
    assert seen.cards(mum.actor) == []
    assert people.profile(mum.actor, owner=mum.id).name == "Mum"


def test_the_key_file_has_forgotten_when_the_receipt_is_shown(jo: Somebody) -> None:
    leaf = keys.leaf_of(bytes(DataKey.objects.get(pk=jo.id).wrapped))
    assert leaf is not None and keys.install_keys().leaf_key("1", leaf) is not None
    actions.erase(jo.actor)
    assert keys.install_keys().leaf_key("1", leaf) is None


def test_a_key_file_that_could_not_be_written_is_tried_again(jo: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: Any) -> None:
        raise PermissionError("read-only")

    leaf = keys.leaf_of(bytes(DataKey.objects.get(pk=jo.id).wrapped))
    assert leaf is not None
    with monkeypatch.context() as broken:
        broken.setattr(keys.InstallKeys, "write", read_only)
        actions.erase(jo.actor)  # the account is gone; the file is not yet as it should be
        run_what_is_due(at_most=1)
    assert keys.install_keys().leaf_key("1", leaf) is not None
    with clock.moved_by(minutes=5):
        run_what_is_due()
    assert keys.install_keys().leaf_key("1", leaf) is None
