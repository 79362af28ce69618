import pytest
from django.test import Client

from handrail.gate import Category
from handrail.interop.api import api
from handrail.interop.tests.conftest import Program
from handrail.people import actions, limits, queries
from handrail.people import api as people_api
from handrail.people.api import PersonalToken
from tests.fixtures.people import share

UNKNOWN = "A" * 22


def _problem(answer, status, code):
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["type"] == f"/api/v1/docs#{code}"
    return told


def test_every_route_asks_for_a_token_and_for_nothing_else():
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                (lock,) = operation.auth_callbacks
                assert isinstance(lock, PersonalToken), operation.path


def test_a_cookie_opens_nothing(jo, browse):
    _problem(browse(jo).get("/api/v1/me"), 401, "sign_in_needed")


@pytest.mark.parametrize("token", ["", "hr_x", "hr_" + UNKNOWN + "_" + "a" * 32, "é" * 40, "hr_" + "0" * 5000])
def test_a_token_that_is_not_one_is_told_how_to_ask(db, token):
    answer = Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/me")
    _problem(answer, 401, "sign_in_needed")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_an_ended_token_opens_nothing_from_the_next_request_on(jo, program_of):
    program = program_of(jo)
    assert program("get", "/me").json()["name"] == "Jo"
    (line,) = queries.tokens(jo.actor, owner=jo.id)
    actions.end_token(jo.actor, owner=jo.id, token=line.id)
    _problem(program("get", "/me"), 401, "sign_in_needed")


def test_a_token_does_only_what_it_was_made_for(jo, program_of):
    reads = program_of(jo, "read")
    assert reads("get", "/checkins").status_code == 200
    _problem(reads("post", "/checkins", {"key": "12345678", "mood": 3}), 403, "out_of_scope")
    saves = program_of(jo, "checkins")
    assert saves("post", "/checkins", {"key": "12345678", "mood": 3}).status_code == 201
    _problem(saves("get", "/checkins"), 403, "out_of_scope")
    _problem(saves("put", f"/shares/{UNKNOWN}", {"categories": []}), 403, "out_of_scope")


def test_a_token_is_held_to_its_own_pace(jo, program_of, monkeypatch):
    monkeypatch.setattr(people_api, "BY_TOKEN", limits.Limit("api", 2))
    first, second = program_of(jo), program_of(jo)
    assert [first("get", "/me").status_code for _ in range(3)] == [200, 200, 429]
    assert second("get", "/me").status_code == 200


def test_an_unknown_field_is_an_error_that_names_it(jo, program_of):
    told = _problem(program_of(jo)("post", "/checkins", {"key": "12345678", "mood": 3, "cravings": 2}), 422, "invalid")
    assert told["field"] == "cravings"


def test_a_mistyped_parameter_is_an_error_that_names_it(jo, program_of):
    assert _problem(program_of(jo)("get", "/checkins?sicne=2027-03-01"), 422, "invalid")["field"] == "sicne"
    assert program_of(jo)("get", "/checkins?since=2026-11-01&until=2026-11-02").status_code == 200


def test_what_was_sent_is_not_repeated_in_an_error(jo, program_of):
    answer = program_of(jo)("post", "/checkins", {"key": "12345678", "mood": "I used yesterday"})
    assert _problem(answer, 422, "invalid")["field"] == "mood"
    assert b"yesterday" not in answer.content


@pytest.mark.parametrize(
    "path", ["/checkins/x", "/checkins/" + UNKNOWN, "/calls/" + UNKNOWN, "/nothing", "/%C3%98%0A", ""]
)
def test_a_bad_id_and_one_of_nothing_look_the_same(jo, program_of, path):
    _problem(program_of(jo)("get", path), 404, "not_here")


def test_what_belongs_to_somebody_else_is_not_here(jo, sam, program_of):
    checkin = program_of(jo)("post", "/checkins", {"key": "12345678", "mood": 3}).json()["id"]
    membership = program_of(jo)("get", "/circle").json()[0]["membership"]
    share(jo, sam, *Category)
    sams = program_of(sam)
    _problem(sams("get", f"/checkins/{checkin}"), 404, "not_here")
    _problem(sams("delete", f"/checkins/{checkin}"), 404, "not_here")
    _problem(sams("put", f"/shares/{membership}", {"categories": []}), 404, "not_here")


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(jo, program_of):
    answer = program_of(jo)("delete", "/me")
    _problem(answer, 405, "wrong_method")
    assert answer["Allow"] == "GET"


def test_what_is_no_json_is_a_problem(jo, program_of):
    program = program_of(jo)
    answer = program._client.post("/api/v1/checkins", data="{mood: 3", content_type="application/json")
    _problem(answer, 400, "bad_request")
    assert isinstance(program, Program)


def test_no_answer_may_be_kept_on_the_way(jo, program_of):
    assert program_of(jo)("get", "/checkins")["Cache-Control"] == "no-store"
