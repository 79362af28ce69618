from datetime import UTC, datetime

import pytest

from handrail.gate import Category
from tests.fixtures.people import share


@pytest.fixture(autouse=True)
def afternoon(clock):
    clock.at(datetime(2027, 3, 9, 19, 5, tzinfo=UTC))


def test_a_check_in_is_saved_once_changed_and_taken_back(jo, program_of):
    program = program_of(jo)
    said = {"key": "phone-1:42", "mood": 2, "craving": 3, "note": "A long day"}
    first, again = program("post", "/checkins", said), program("post", "/checkins", said)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    saved = first.json()
    assert (saved["day"], saved["at"], saved["mood"], saved["sleep"]) == (
        "2027-03-09",
        "2027-03-09T14:05:00-05:00",
        2,
        None,
    )

    changed = program("patch", f"/checkins/{saved['id']}", {"sleep": 1, "note": None}).json()
    assert (changed["mood"], changed["sleep"], changed["note"]) == (2, 1, None)
    assert [each["id"] for each in program("get", "/checkins").json()] == [saved["id"]]

    assert program("delete", f"/checkins/{saved['id']}").status_code == 204
    assert program("delete", f"/checkins/{saved['id']}").status_code == 204
    assert program("get", "/checkins").json() == []
    assert program("patch", f"/checkins/{saved['id']}", {"mood": 5}).status_code in (404, 409)


def test_days_are_asked_for_in_their_order_and_not_too_many(jo, program_of):
    program = program_of(jo)
    program("post", "/checkins", {"key": "12345678", "mood": 3, "day": "2027-03-05"})
    assert len(program("get", "/checkins?since=2027-03-05&until=2027-03-05").json()) == 1
    assert program("get", "/checkins?since=2027-03-06").json() == []
    for wrong in ("since=2027-03-09&until=2027-03-08", "since=2020-01-01&until=2027-01-01", "since=0001-01-01"):
        assert program("get", f"/checkins?{wrong}").status_code == 422
    assert program("get", "/checkins?until=0001-01-01").status_code == 200


def test_a_share_is_set_and_closes_the_next_request(jo, sam, program_of):
    program = program_of(jo)
    (place,) = program("get", "/circle").json()
    assert (place["name"], place["role"], place["shares"]) == ("Sam", "sponsor", [])
    path = f"/shares/{place['membership']}"
    assert program("put", path, {"categories": ["help", "feeling"]}).json()["categories"] == ["feeling", "help"]
    assert program_of(sam)("get", "/circles").json()[0]["gets_calls"] is True
    assert program("put", path, {"categories": []}).json()["categories"] == []
    assert program_of(sam)("get", "/circles").json()[0]["gets_calls"] is False
    assert program("get", "/shares").json()[0]["categories"] == []


def test_a_call_for_help_is_made_answered_and_ended(jo, sam, program_of):
    share(jo, sam, Category.HELP)
    jos, sams = program_of(jo), program_of(sam)
    made = jos("post", "/calls", {"key": "call-0001", "words": "Can you call me?"})
    assert made.status_code == 201
    call = made.json()["id"]
    assert jos("get", "/calls/open").json()["id"] == call

    assert sams("get", "/alerts").json() == [{"owner": jo.id, "call": call}]
    assert jos("get", f"/calls/{call}").json()["seen"] is False  # a program that lists alerts has opened none
    assert sams("post", f"/alerts/{call}/seen").json()["words"] == "Can you call me?"
    assert jos("get", f"/calls/{call}").json()["seen"] is True
    assert sams("post", f"/alerts/{call}/answer", {"answer": "yes"}).json()["taken_by_me"] is True
    assert jos("get", f"/calls/{call}").json()["answered_by"] == "Sam"

    ended = jos("post", f"/calls/{call}/end", {"ending": "okay"}).json()
    assert (ended["state"], ended["ending"]) == ("ended", "okay")
    assert jos("get", "/calls/open").status_code == 404


@pytest.mark.parametrize("words", [{}, {"words": ""}, {"words": " \n"}])
def test_a_call_without_words_sends_those_of_the_page(jo, sam, program_of, words):
    share(jo, sam, Category.HELP)
    call = program_of(jo)("post", "/calls", {"key": "call-0001", **words}).json()
    assert call["words"] == "I am having a hard time. Can you call me?"
    assert program_of(sam)("post", f"/alerts/{call['id']}/seen").json()["words"] == call["words"]


def test_who_could_not_reach_them_says_so_with_or_without_a_yes_before(jo, sam, program_of):
    share(jo, sam, Category.HELP)
    jos, sams = program_of(jo), program_of(sam)
    call = jos("post", "/calls", {"key": "call-0001"}).json()["id"]
    for said in (["unreached"], ["yes", "unreached"]):
        for answer in said:
            assert sams("post", f"/alerts/{call}/answer", {"answer": answer}).status_code == 200
        now = jos("get", f"/calls/{call}").json()
        assert (now["state"], now["asked"][0]["stands"]) == ("open", "unreached")
        assert now["nobody_answered"] and now["everybody_next"]


def test_a_call_to_nobody_is_refused_with_what_to_do(jo, program_of):
    answer = program_of(jo)("post", "/calls", {"key": "call-0001", "words": "Hello?"})
    assert answer.status_code == 422
    assert "lines" in answer.json()["detail"]
