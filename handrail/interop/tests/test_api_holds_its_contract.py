"""Schemathesis: what the document says is what the API does, for answers that none of us thought of."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from handrail.gate import Category
from handrail.interop.tests.conftest import one_transaction
from tests.fixtures.people import share, stand_by
from tests.fixtures.selection import examples

SERVED_ELSEWHERE = "/api/v1/doorbell"  # by the event loop: see handrail/engine/tests
#: Which days are too far apart, too old or still to come is no matter of form.
ABOUT_DAYS = {"/api/v1/checkins", "/api/v1/rest", "/api/v1/days/{day}/hidden"}
contract = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application()).exclude(path=SERVED_ELSEWHERE)


@pytest.fixture
def everything(jo, sam, program_of):
    """Jo's program, which may do everything, and ids that exist: [[of Jo's], [that Jo may see of Sam's]]."""
    stand_by(sam, jo)
    share(jo, sam, *Category)
    share(sam, jo, *Category)
    program, call = program_of(jo), {"key": "first-key", "words": "Can you call me?"}
    place = program("get", "/circle").json()[0]["membership"]
    lines = {"lines": [{"say": "I can drive on Sundays"}]}
    program("post", f"/pairs/{place}/topics", {"text": "Money"})
    checkin = program("post", "/checkins", {"key": "first-key", "mood": 3, "note": "I walked home"}).json()["id"]
    shown = program("post", f"/checkins/{checkin}/shown", {"memberships": [place]}).json()
    ids = {
        "pair": [each["pair"] for each in program("get", "/pairs").json()],
        "agreement": [program("put", f"/pairs/{place}/lines/limits", lines).json()["id"]],
        "topic": [program("get", f"/pairs/{place}").json()["topics"][0]["id"]],
        "checkin": [checkin],
        "shownnote": [shown[0]["id"]],
        "membership": [program("get", "/circle").json()[0]["membership"]],
        "call": [each("post", "/calls", call).json()["id"] for each in (program, program_of(sam))],
    }
    with one_transaction():
        yield program, ids


@contract.parametrize()
@settings(max_examples=examples(10), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_names(case, everything):
    program, ids = everything
    for name, value in (case.path_parameters or {}).items():
        chosen = sum(str(value).encode()) % 4
        if case.meta.generation.mode.is_positive and chosen and name in ids:  # else: an id of nothing
            case.path_parameters[name] = ids[name][chosen % len(ids[name])]
    about_days = case.operation.path in ABOUT_DAYS
    case.call_and_validate(
        headers={"Authorization": f"Bearer {program.token}"},
        excluded_checks=[positive_data_acceptance] if about_days else [],
    )
