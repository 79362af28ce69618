"""A copy holds just what its consent names; everything that is opened or given out is accounted for; refusals too."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from handrail.care import actions as care
from handrail.care import queries as cared
from handrail.care.times import PartOfDay
from handrail.checkins import actions as checkins
from handrail.circle import queries as circle
from handrail.consents import actions, paper, queries
from handrail.consents.packing import Copy
from handrail.consents.rules import Kind, Purpose
from handrail.consents.said import Block
from handrail.consents.tests.pdf_reading import pages_of
from handrail.gate import Category
from handrail.home import seen
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.kernel.ids import new_id
from handrail.plan import actions as plan
from tests.fixtures.people import ZONE, Somebody, share, sign_for, sign_up
from tests.fixtures.programs import found

NOTE = "Only for me"


@pytest.fixture(autouse=True)
def some_days(jo: Somebody) -> None:
    mine = {"owner": jo.id, "zone": ZONE}
    checkins.record_checkin(jo.actor, **mine, key=new_id(), mood=3, craving=2, sleep=1, medicine="taken", note=NOTE)
    day = clock.today(ZONE) - timedelta(days=3)
    checkins.record_checkin(jo.actor, **mine, key=new_id(), mood=5, craving=0, day=day)
    checkins.record_use_day(jo.actor, **mine, key=new_id(), kind="used", day=day)
    plan.write_step(jo.actor, owner=jo.id, number=1, lines=["Payday"])
    care.add_medicine(jo.actor, owner=jo.id, name="Morning film", part_of_day=PartOfDay.MORNING)
    care.add_visit(jo.actor, owner=jo.id, at=clock.now() + timedelta(days=1), title="Clinic", note="Ask about sleep")


def signed(jo: Somebody, *things: str, **more: object) -> str:
    given = {"kind": Kind.NAMED, "purpose": Purpose.TREATMENT, "recipient": "Dr Osei", **more}
    return sign_for(jo, "", *things, **given)


def copy(jo: Somebody, consent: str) -> Copy:
    return actions.give_copy(jo.actor, consent=consent, channel="pdf")


def words(found: Copy) -> str:
    return " | ".join(line for section in found.sections for line in section.words)


@pytest.mark.parametrize(
    ("thing", "holds"),
    [
        ("feeling", "Felt okay, slept badly"),
        ("cravings", "Some"),
        ("use", "I used"),
        ("plan", "Payday"),
        ("medicine", "Morning film"),
    ],
)
def test_a_copy_holds_the_thing_that_is_named_and_no_other(jo: Somebody, thing: str, holds: str) -> None:
    found = words(copy(jo, signed(jo, thing)))
    assert holds in found
    others = {"Felt okay", "Some", "I used", "Payday", "Morning film"} - {holds.partition(",")[0]}
    assert not [other for other in others if other in found]
    assert NOTE not in found and "Ask about sleep" not in found


def test_a_copy_holds_the_days_that_are_named_and_no_other(jo: Somebody) -> None:
    today = clock.today(ZONE)
    assert "Felt great" in words(copy(jo, signed(jo, "feeling")))
    found = words(copy(jo, signed(jo, "feeling", first_data=today - timedelta(days=1), last_data=today)))
    assert "Felt okay" in found and "Felt great" not in found
    earlier = words(copy(jo, signed(jo, "feeling", last_data=today - timedelta(days=1))))
    assert "Felt great" in earlier and "Felt okay" not in earlier


def test_hidden_days_stay_out_of_a_copy_too(jo: Somebody) -> None:
    checkins.hide_day(jo.actor, owner=jo.id, zone=ZONE, day=clock.today(ZONE))
    found = words(copy(jo, signed(jo, "feeling")))
    assert "Felt great" in found and "Felt okay" not in found


def test_own_notes_leave_by_their_own_page_alone(jo: Somebody) -> None:
    everything = signed(jo, *Category)
    assert NOTE not in words(copy(jo, everything))
    found = words(copy(jo, signed(jo, "notes", kind=Kind.COUNSELLING)))
    assert NOTE in found and "Ask about sleep" in found
    assert "Payday" not in found


def test_a_copy_is_accounted_for_with_its_count_and_the_chain_holds(jo: Somebody) -> None:
    consent = signed(jo, "feeling", "plan")
    made = copy(jo, consent)
    (line,) = queries.accounting(jo.actor, owner=jo.id)
    assert (line.consent, line.version, line.recipient) == (consent, 1, "Dr Osei")
    assert (line.things, line.items, line.purpose) == ("How I feel, My plan", made.items, "My treatment")
    assert (line.channel, line.refused, line.who) == ("as a PDF", False, "You")
    assert made.items == 3 and line.count == "3 lines in the copy"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE gate_logentry SET items = 2 WHERE consent = %s", [consent])
    with pytest.raises(CommandError):
        call_command("check_log")


def test_without_a_page_in_force_nothing_leaves_and_the_refusal_is_written_down_once_an_hour(jo: Somebody) -> None:
    consent = signed(jo, "plan")
    actions.end(jo.actor, consent=consent)
    for _again in range(3):
        with pytest.raises(actions.NotCovered):
            copy(jo, consent)
    lines = queries.accounting(jo.actor, owner=jo.id)
    assert [(line.refused, line.consent) for line in lines] == [(True, consent)]
    with clock.moved_to(clock.now() + timedelta(minutes=61)), pytest.raises(actions.NotCovered):
        copy(jo, consent)
    assert len(queries.accounting(jo.actor, owner=jo.id)) == 2


def test_a_draft_gives_nothing_out(jo: Somebody) -> None:
    made = actions.write(
        jo.actor, owner=jo.id, zone=ZONE, kind=Kind.NAMED, things=["plan"], purpose="treatment", recipient="Dr Osei",
        last_day=clock.today(ZONE),
    )  # fmt: skip
    with pytest.raises(actions.NotCovered):
        copy(jo, made)


def test_what_a_doctor_opens_is_a_disclosure_and_carries_its_consent(jo: Somebody, osei: Somebody, place: str) -> None:
    consent = sign_for(jo, place, "plan", "feeling")
    actor = osei.actor
    seen.person(actor, owner=jo.id)
    assert actor.under == {jo.id: consent}
    (line,) = queries.accounting(jo.actor, owner=jo.id)
    assert (line.who, line.consent, line.things) == ("Dr Osei", consent, "How I feel, My plan")
    assert line.items and line.channel == "on screen"
    assert line.count == f"{line.items} entries opened"


def test_what_staff_of_two_programs_open_went_to_each_under_what_was_signed_for_it(jo: Somebody) -> None:
    dana = sign_up("Dana Ruiz")
    things = {"River House": ["plan"], "Hill Street": ["cravings", "feeling"]}
    consents = {}
    for name in things:
        house = found(name, sign_up(f"Keeper of {name}"))
        house.hire(dana)
        consents[name] = sign_for(jo, house.stand_by(jo), *things[name])
    actor = dana.actor
    seen.person(actor, owner=jo.id)
    lines = {line.recipient.removesuffix(" (Program)"): line for line in queries.accounting(jo.actor, owner=jo.id)}
    assert {name: line.consent for name, line in lines.items()} == consents
    assert {name: line.who for name, line in lines.items()} == {name: f"Dana Ruiz, {name}" for name in things}
    told = {name: line.things for name, line in lines.items()}
    assert told == {"River House": "My plan", "Hill Street": "Cravings, How I feel"}
    assert lines["River House"].items == 1 < lines["Hill Street"].items  # one step; two days of two things each
    assert actor.under.keys() == {jo.id}
    call_command("check_log")


def test_what_family_opens_is_no_disclosure(jo: Somebody, mum: Somebody) -> None:
    share(jo, mum, Category.PLAN)
    actor = mum.actor
    seen.person(actor, owner=jo.id)
    assert actor.under == {}
    assert queries.accounting(jo.actor, owner=jo.id) == []


def test_what_is_refused_to_a_doctor_is_written_down_once_an_hour(jo: Somebody, osei: Somebody, place: str) -> None:
    consent = sign_for(jo, place, "medicine")
    cared.for_member(osei.actor, owner=jo.id)
    actions.end(jo.actor, consent=consent)
    for _again in range(3):
        with pytest.raises(NotHere):
            cared.for_member(osei.actor, owner=jo.id)
    refused = [line for line in queries.accounting(jo.actor, owner=jo.id) if line.refused]
    assert [(line.who, line.items) for line in refused] == [("Dr Osei", None)]
    call_command("check_log")


def test_a_stranger_and_family_leave_no_such_line(jo: Somebody, mum: Somebody, ann: Somebody) -> None:
    for other in (mum, ann):
        with pytest.raises(NotHere):
            cared.for_member(other.actor, owner=jo.id)
    assert queries.accounting(jo.actor, owner=jo.id) == []


def test_the_account_goes_three_years_back(jo: Somebody) -> None:
    consent = signed(jo, "plan", days=600)
    copy(jo, consent)
    with clock.moved_to(clock.now() + timedelta(days=1090)):
        assert len(queries.accounting(jo.actor, owner=jo.id)) == 1
    with clock.moved_to(clock.now() + timedelta(days=1100)):
        assert queries.accounting(jo.actor, owner=jo.id) == []


def test_the_log_says_it_in_words(jo: Somebody) -> None:
    from handrail.circle import said

    consent = signed(jo, "plan")
    actions.end(jo.actor, consent=consent)
    with pytest.raises(actions.NotCovered):
        copy(jo, consent)
    told = {said.what(look) for look in circle.who_looked(jo.actor, owner=jo.id)}
    assert "signed for what somebody may see" in told
    assert "asked for something that nobody signed for, and got nothing" in told


def test_the_notice_and_the_scope_stand_on_every_page_of_a_pdf(jo: Somebody) -> None:
    for number in (2, 3):
        lines = [f"Line {line} " + "walk " * 30 for line in range(10)]
        plan.write_step(jo.actor, owner=jo.id, number=number, lines=lines)
    made = copy(jo, signed(jo, "plan"))
    drawn = pages_of(paper.copy(made))
    assert len(drawn) > 1
    for page in drawn:
        assert made.notice in page
        assert made.scope in page
    assert "Payday" in drawn[0] and "Dr Osei" in drawn[0]


def test_letters_beyond_english_are_drawn_and_what_cannot_be_drawn_harms_nothing() -> None:
    blocks = [Block("Имя", ("Nguyễn Thị Ánh, Żółć, Ελένη", "李"))]
    (page,) = pages_of(paper.pdf(title="Copy", blocks=blocks, foot=[], made_at=clock.now()))
    assert "Nguyễn Thị Ánh, Żółć, Ελένη" in page and "Имя" in page
