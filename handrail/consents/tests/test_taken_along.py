"""Consents go along as history: somewhere else they are read, and open nothing."""

import json
from typing import Any

import pytest

from handrail.consents import actions, queries
from handrail.consents.rules import Kind, Status
from handrail.gate.carrying import NotOurs
from handrail.kernel import clock
from tests.fixtures.people import ZONE, Somebody, sign_for


def carried(jo: Somebody) -> dict[str, Any]:
    return json.loads(json.dumps(queries.exported(jo.actor, owner=jo.id)))


def test_what_was_signed_is_read_elsewhere_and_is_over(jo: Somebody, osei: Somebody, ann: Somebody, place: str) -> None:
    consent = sign_for(jo, place, "plan")
    actions.write(
        jo.actor, owner=jo.id, zone=ZONE, kind=Kind.NAMED, things=["use"], purpose="treatment", recipient="Court",
        last_day=clock.today(ZONE),
    )  # fmt: skip
    actions.imported(ann.actor, owner=ann.id, data=carried(jo))
    (found,) = queries.all_of(ann.actor, owner=ann.id)
    was = queries.one(jo.actor, consent=consent)
    assert (found.text, found.digest, found.signed_name) == (was.text, was.digest, "Jo")
    assert (found.status, found.membership) == (Status.REVOKED, "")
    assert found.status_words == "Over: it was signed on another Handrail"
    with pytest.raises(actions.NotCovered):
        actions.give_copy(ann.actor, consent=found.id, channel="pdf")
    assert was.in_force


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "active"},
        {"status": "draft"},
        {"status": []},
        {"status": {}},
        {"kind": "everything"},
        {"things": ["everything"]},
        {"purpose": "any"},
        {"zone": "Moon/Base"},
        {"last_day": "soon"},
        {"text": None},
        {"version": -1},
    ],
)
def test_a_file_that_says_otherwise_opens_nothing_or_is_refused(
    jo: Somebody, osei: Somebody, ann: Somebody, place: str, wrong: dict[str, Any]
) -> None:
    sign_for(jo, place, "plan")
    data = carried(jo)
    data["consents"][0] |= wrong
    try:
        actions.imported(ann.actor, owner=ann.id, data=data)
    except NotOurs:
        return
    (found,) = queries.all_of(ann.actor, owner=ann.id)
    assert found.status == Status.REVOKED
    assert set(wrong) == {"status"}
