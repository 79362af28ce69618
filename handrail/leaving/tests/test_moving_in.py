"""From one install into a new account on another: all of it or nothing, and whatever the file says it stays a file."""

import io
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from handrail.care import actions as care
from handrail.care import queries as care_seen
from handrail.checkins import actions as checkins
from handrail.checkins.answers import Craving, Mood, UseKind
from handrail.circle import actions as circle
from handrail.circle import queries as circle_seen
from handrail.gate import Category
from handrail.gate.carrying import NotOurs
from handrail.kernel import clock
from handrail.kernel.errors import Invalid
from handrail.kernel.ids import new_id
from handrail.leaving import actions, archive, queries
from handrail.leaving.tests.canaries import ids_of_everything
from handrail.people import actions as people
from handrail.people import queries as people_seen
from handrail.plan import actions as plan
from handrail.plan import queries as plan_seen
from handrail.safety import actions as safety
from handrail.supporters import actions as supporters
from tests.fixtures.people import Somebody, share

pytestmark = pytest.mark.django_db

ZONE = "America/New_York"
FORMAT = Path(__file__).parents[3] / "docs" / "export.md"
WORDS = 'It was "hard", <b>really</b> & truly. 🌿'


@pytest.fixture
def lived(jo: Somebody, mum: Somebody) -> Somebody:
    """Jo after a while, by what pages do."""
    mine: dict[str, Any] = {"actor": jo.actor, "owner": jo.id}
    today = clock.today(ZONE)
    checkins.record_checkin(**mine, zone=ZONE, key=new_id(), mood=Mood.LOW, craving=Craving.STRONG, note=WORDS)
    checkins.record_use_day(**mine, zone=ZONE, key=new_id(), kind=UseKind.USED, day=today - timedelta(days=1))
    plan.write_step(**mine, number=1, lines=["Long evenings"])
    plan.write_step(**mine, number=1, lines=["Long evenings", WORDS])
    medicine = care.add_medicine(**mine, name="Evening dose", part_of_day=1)
    care.mark_taken(jo.actor, medicine=medicine, day=today)
    care.add_visit(**mine, at=clock.now() + timedelta(days=2), title="Clinic", note=WORDS)
    circle.keep_outsider(**mine, kind="group", name="Tuesday group", phone=None, about=WORDS, closeness=1, lean=2)
    people.choose_own_words(**mine, for_use="a bad day", for_recovery="my road")
    share(jo, mum, Category.HELP)
    call = safety.make_call(**mine, key=new_id(), words="I need someone now.")
    safety.end_call(jo.actor, call=call, ending="okay")
    checkins.set_start(**mine, zone=ZONE, began=today - timedelta(days=40))
    checkins.hide_day(**mine, zone=ZONE, day=today - timedelta(days=3))
    supporters.keep_note(**mine, text=WORDS)
    supporters.choose_asking(**mine, zone=ZONE, asked=True, reminded=False)
    supporters.say_how(**mine, zone=ZONE, strength=2, sleep=1, worry=3, good=WORDS)
    return jo


def moves_in() -> set[str]:
    """The kinds of which the document says that they move in. What was signed is over elsewhere: its own test asks."""
    rows = re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", FORMAT.read_text(), re.MULTILINE)
    assert len(rows) > 12
    return {kind for kind, said in rows if said != "to be invited again"} - {"consents"}


def zip_of(data: Any, *, name: str = archive.DATA, **said: Any) -> bytes:
    whole = {"format": archive.FORMAT, "version": archive.VERSION, "kinds": data, **said}
    return zip_with(json.dumps(whole), name=name)


def zip_with(text: str, *, name: str = archive.DATA) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(name, text)
    return held.getvalue()


def exported_by(somebody: Somebody) -> bytes:
    actions.pack(somebody.actor)
    ready = queries.archive(somebody.actor, owner=somebody.id)
    return queries.taken(somebody.actor, archive=ready.id)[1]


def without_ids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = {"id", "medicine_id", "told", "asking_of", "answered_by", "generation", "climbs_at", "rung"}
    plain = [{name: value for name, value in row.items() if name not in ids} for row in rows]
    return sorted(plain, key=lambda row: json.dumps(row, sort_keys=True))


def test_everything_arrives_as_it_was(lived: Somebody, ann: Somebody) -> None:
    invite_again = actions.move_in(ann.actor, content=exported_by(lived))
    assert invite_again == ["Mum"]
    before, after = queries.everything(lived.actor), queries.everything(ann.actor)
    for kind in moves_in():
        assert without_ids(after[kind]) == without_ids(before[kind]) != [], kind


def test_what_arrived_can_be_used(lived: Somebody, ann: Somebody, browse: Any) -> None:
    actions.move_in(ann.actor, content=exported_by(lived))
    assert plan_seen.plan(ann.actor, owner=ann.id).steps[0].lines[1].text == WORDS
    assert care_seen.everything(ann.actor, owner=ann.id).medicines[0].taken_at is not None
    assert people_seen.own_words(ann.actor, owner=ann.id).for_use == "a bad day"
    assert people_seen.profile(ann.actor, owner=ann.id).name == "Ann"
    client = browse(ann)
    for page in ("/today", "/trends", "/plan", "/care", "/people", f"/d/{clock.today(ZONE)}"):
        answer = client.get(page)
        assert answer.status_code == 200 and b"<b>really" not in answer.content, page


def test_nobody_comes_along_and_nobody_is_asked(lived: Somebody, ann: Somebody) -> None:
    actions.move_in(ann.actor, content=exported_by(lived))
    assert circle_seen.roster(ann.actor, owner=ann.id) == []
    rows = ids_of_everything(ann.id)
    assert rows["circle.Invitation"] == rows["safety.Asked"] == rows["people.Token"] == []


def test_only_an_empty_account_can_be_moved_into(lived: Somebody, ann: Somebody) -> None:
    content = exported_by(lived)
    actions.move_in(ann.actor, content=content)
    with pytest.raises(Invalid, match="already"):
        actions.move_in(ann.actor, content=content)


def bomb() -> bytes:
    return zip_with(" " * (archive.BIGGEST + 10))


def broken_stream() -> bytes:
    content = bytearray(zip_of({"plan_steps": [{"x": "y" * 500}]}))
    content[60:80] = b"\xff" * 20
    return bytes(content)


CHECKIN = {
    "id": "a", "key": "k", "day": "2026-11-20", "at": "2026-11-20T10:00:00+00:00", "late": False,
    "received_at": "2026-11-20T10:00:00+00:00", "undone_at": None, "zone": "UTC", "mood": 3, "craving": None,
    "sleep": None, "medicine": None, "note": None,
}  # fmt: skip

BAD_FILES = {
    "no zip": b"hello",
    "nothing": b"",
    "half a zip": zip_of({})[:-30],
    "a bomb": bomb(),
    "a broken stream": broken_stream(),
    "another name": zip_of({}, name="other.json"),
    "not json": zip_with("everything, as it was"),
    "a list": zip_of([]),
    "a newer one": zip_of({}, version=2),
    "another thing": zip_of({}, format="phone-book"),
    "kinds are words": zip_of({"checkins": "all of them"}),
    "rows are words": zip_of({"checkins": ["one"]}),
    "a mood there is not": zip_of({"checkins": [{**CHECKIN, "mood": 9}]}),
    "a mood of words": zip_of({"checkins": [{**CHECKIN, "mood": {"a": 1}}]}),
    "a true mood": zip_of({"checkins": [{**CHECKIN, "mood": True}]}),
    "a day there is not": zip_of({"checkins": [{**CHECKIN, "day": "2026-02-30"}]}),
    "a day long before": zip_of({"checkins": [{**CHECKIN, "day": "0001-01-01"}]}),
    "a moment without a zone": zip_of({"checkins": [{**CHECKIN, "at": "2026-11-20T10:00:00"}]}),
    "the end of time": zip_of({"checkins": [{**CHECKIN, "at": "9999-12-31T23:59:59+00:00"}]}),
    "no moment": zip_of({"checkins": [{**CHECKIN, "at": None}]}),
    "a zone there is not": zip_of({"checkins": [{**CHECKIN, "zone": "../../etc/passwd"}]}),
    "twice the same": zip_of({"checkins": [CHECKIN, CHECKIN]}),
    "a very long text": zip_of({"checkins": [{**CHECKIN, "note": "x" * 30_000}]}),
    "a text with a zero": zip_of({"checkins": [{**CHECKIN, "note": "a\x00b"}]}),
    "a long key": zip_of({"checkins": [{**CHECKIN, "key": "k" * 100}]}),
    "lines that are none": zip_of({"plan_steps": [{"number": 1, "lines": "x", "changed_at": CHECKIN["at"]}]}),
    "a seventh step": zip_of({"plan_steps": [{"number": 7, "lines": [], "changed_at": CHECKIN["at"]}]}),
    "medicine of nobody": zip_of({"medicine_taken": [{"medicine_id": "z", "day": "2026-11-20", "at": CHECKIN["at"]}]}),
    "a start of words": zip_of({"start": [{"began": "soon", "since_use_hidden": False}]}),
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_not_ours_is_answered_kindly_and_changes_nothing(ann: Somebody, content: bytes) -> None:
    before = ids_of_everything(ann.id)
    with pytest.raises(NotOurs):
        actions.move_in(ann.actor, content=content)
    assert ids_of_everything(ann.id) == before


def test_what_comes_after_something_wrong_is_not_taken_either(ann: Somebody) -> None:
    good_then_bad = zip_of({"checkins": [CHECKIN], "plan_steps": [{"number": 1, "lines": 5}]})
    with pytest.raises(NotOurs):
        actions.move_in(ann.actor, content=good_then_bad)
    assert not any(ids_of_everything(ann.id).values())


def test_braces_without_end_are_no_fault_of_ours(ann: Somebody) -> None:
    with pytest.raises(NotOurs):
        actions.move_in(ann.actor, content=zip_with('{"a":' * 100_000))


def test_what_a_file_says_of_whose_it_is_counts_for_nothing(ann: Somebody, jo: Somebody) -> None:
    actions.move_in(ann.actor, content=zip_of({"checkins": [{**CHECKIN, "owner_id": jo.id, "owner": jo.id}]}))
    assert len(ids_of_everything(ann.id)["checkins.CheckIn"]) == 1
    assert ids_of_everything(jo.id)["checkins.CheckIn"] == []


def test_the_page_takes_a_file_and_says_kindly_what_it_cannot_take(browse: Any, lived: Somebody, ann: Somebody) -> None:
    content = exported_by(lived)
    client: Client = browse(ann)
    assert client.post("/me/import").status_code == 422
    wrong = client.post("/me/import", {"file": SimpleUploadedFile("a.zip", b"hello")})
    assert wrong.status_code == 422 and b"not a file that Handrail packed" in wrong.content
    big = client.post("/me/import", {"file": SimpleUploadedFile("a.zip", b"x" * 950_000)})
    assert big.status_code == 422 and b"bigger than we can take" in big.content
    right = client.post("/me/import", {"file": SimpleUploadedFile("2026-11-20.zip", content)})
    assert right.status_code == 200 and b"Mum" in right.content
