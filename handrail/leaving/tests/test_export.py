"""Everything about a person, in one file, for that person alone, for a day."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from handrail.circle import queries as circle
from handrail.circle import said
from handrail.engine.runner import run_what_is_due
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.leaving import actions, archive, queries
from handrail.leaving.models import Archive
from handrail.leaving.tests.canaries import canary, ids_of_everything, records, sealed_fields
from tests.fixtures.people import PASSPHRASE, Somebody

pytestmark = pytest.mark.django_db

#: Kinds of record that are in no copy, and why.
NOT_TAKEN_ALONG = {
    "circle.Invitation": "a link for somebody else; it ends by itself",
    "people.Token": "a key to this account, worth nothing anywhere else",
    "leaving.Archive": "the copy itself",
}


def enter(client: Client, somebody: Somebody) -> Client:
    given = {"name": somebody.name, "passphrase": f"{PASSPHRASE} {somebody.name}"}
    assert client.post("/enter", given).status_code == 302
    return client


def test_a_canary_in_every_field_of_every_record_is_in_the_copy(full: Somebody) -> None:
    text = json.dumps(queries.everything(full.actor))
    for model in records():
        if model._meta.label not in NOT_TAKEN_ALONG:
            assert not [name for name in sealed_fields(model) if canary(model, name) not in text], model
    for told in ("Canary-name", "Canary-mother", "canary@example.org", "Kit"):
        assert told in text


def test_every_row_of_every_kind_is_in_the_copy_or_its_kind_is_named_with_a_reason(full: Somebody) -> None:
    actions.pack(full.actor)  # so that there is something in the log, and an archive
    data = queries.everything(full.actor)
    text = json.dumps(data)
    rows = ids_of_everything(full.id)
    assert {label for label, ids in rows.items() if not all(row_id in text for row_id in ids)} == set(NOT_TAKEN_ALONG)
    assert all(rows.values()), "a kind of record without a row: tests/canaries.py makes one of each"
    assert data["shares"] and data["access_log"] and data["ways"]


def test_no_way_into_the_account_is_in_the_copy(full: Somebody) -> None:
    text = json.dumps(queries.everything(full.actor))
    for secret in (canary(apps.get_model("people", "Token"), "label"), "door", "digest", "secret"):
        assert secret not in text


def test_the_page_is_readable_without_a_network_and_words_in_it_are_only_words(full: Somebody) -> None:
    data = queries.everything(full.actor)
    data["plan_steps"][0]["lines"] = ["<script>alert(1)</script>"]
    content = archive.packed(data, made_at=timezone.localtime(clock.now()))
    page = zipfile.ZipFile(io.BytesIO(content)).read(archive.PAGE).decode()
    assert "canary-plan.step-lines" not in page and "&lt;script&gt;" in page
    assert "canary-checkins.checkin-note" in page and "Canary-mother" in page
    for outside in ("<script", "src=", "http://", "https://", "<link", "url("):
        assert outside not in page.lower()


def test_a_copy_is_made_after_asking_again_and_is_there_for_one_day(
    client: Client, browse: Any, full: Somebody
) -> None:
    assert browse(full).post("/me/export").headers["Location"].startswith("/me/again")
    client.post("/me/sign-out")
    enter(client, full)
    assert client.post("/me/export").headers["Location"] == "/me/export"
    ready = queries.archive(full.actor, owner=full.id)
    answer = client.get(f"/me/export/{ready.id}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ready.name}"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert archive.opened(answer.content)["profile"][0]["name"] == full.name
    with clock.moved_by(hours=25):
        with pytest.raises(NotHere):
            queries.taken(full.actor, archive=ready.id)
        assert run_what_is_due() >= 1
    assert queries.archive(full.actor, owner=full.id) is None
    assert client.get(f"/me/export/{ready.id}").status_code == 404


def test_nobody_else_gets_the_copy_not_even_who_sees_everything(full: Somebody, browse: Any, ann: Somebody) -> None:
    actions.pack(full.actor)
    ready = queries.archive(full.actor, owner=full.id)
    mother = next(each for each in circle.roster(full.actor, owner=full.id))
    for other in (Somebody(mother.person_id, mother.name), ann):
        with pytest.raises(NotHere):
            queries.taken(other.actor, archive=ready.id)
        with pytest.raises(NotHere):
            queries.archive(other.actor, owner=full.id)


def test_packing_and_taking_stand_in_the_log(full: Somebody) -> None:
    actions.pack(full.actor)
    queries.taken(full.actor, archive=queries.archive(full.actor, owner=full.id).id)
    newest = [said.what(look) for look in circle.who_looked(full.actor, owner=full.id)[:2]]
    assert newest == ["took the packed copy", "packed everything to take along"]


def test_an_ended_session_gets_no_copy(client: Client, full: Somebody) -> None:
    actions.pack(full.actor)
    ready = queries.archive(full.actor, owner=full.id)
    enter(client, full)
    client.post("/me/sign-out")
    assert client.get(f"/me/export/{ready.id}").headers["Location"].startswith("/enter")


def test_a_second_copy_takes_the_place_of_the_first(full: Somebody) -> None:
    actions.pack(full.actor)
    first = queries.archive(full.actor, owner=full.id)
    actions.pack(full.actor)
    with pytest.raises(NotHere):
        queries.taken(full.actor, archive=first.id)


def test_the_copy_is_sealed_where_it_waits(full: Somebody) -> None:
    from django.db import connection

    actions.pack(full.actor)
    from handrail.gate.opening import Upkeep

    with Upkeep(), connection.cursor() as cursor:
        cursor.execute(f"SELECT content FROM {Archive._meta.db_table}")
        assert b"UEsDB" not in bytes(cursor.fetchone()[0])  # how a ZIP begins, in base64


def test_the_description_names_every_kind_and_no_other(full: Somebody) -> None:
    text = (Path(__file__).parents[3] / "docs" / "export.md").read_text()
    table = text.partition("<!-- kinds: begin -->")[2].partition("<!-- kinds: end -->")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == queries.everything(full.actor).keys()
