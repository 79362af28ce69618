"""The API says of every member what is ticked for them, what they see of it now, and whether they are paused."""

import json

from handrail.circle import actions
from handrail.gate import Category
from handrail.interop.document import document
from tests.fixtures.people import roster, share


def test_a_pause_is_said_and_what_rests_is_not_called_seen(jo, mum, program_of):
    share(jo, mum, Category.FEELING, Category.HELP)
    program = program_of(jo)
    place = roster(jo)[0].membership_id
    for keeps_help, sees in ((True, ["help"]), (False, [])):
        actions.pause(jo.actor, owner=jo.id, membership=place, keeps_help=keeps_help)
        [shares] = program("get", "/shares").json()
        assert (shares["categories"], shares["sees"], shares["paused"]) == (["feeling", "help"], sees, True)
        [member] = program("get", "/circle").json()
        assert (member["shares"], member["sees"], member["paused"]) == (["feeling", "help"], sees, True)
    actions.resume(jo.actor, owner=jo.id, membership=place)
    [shares] = program("get", "/shares").json()
    assert (shares["categories"], shares["sees"], shares["paused"]) == (["feeling", "help"], ["feeling", "help"], False)


def test_a_tick_under_a_pause_says_that_it_rests(jo, mum, program_of):
    place = roster(jo)[0].membership_id
    actions.pause(jo.actor, owner=jo.id, membership=place, keeps_help=True)
    set_to = program_of(jo)("put", f"/shares/{place}", {"categories": ["plan"]}).json()
    assert (set_to["categories"], set_to["sees"], set_to["paused"]) == (["plan"], [], True)


def test_the_document_does_not_call_an_empty_list_nothing_at_all():
    said = json.dumps(document()["components"]["schemas"]["NewShares"])
    assert "Empty: nothing." not in said and "DELETE /notes/shown/{id}" in said
