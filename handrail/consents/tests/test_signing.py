"""Nothing opens before a signature; a signature opens what it names; its end closes that at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.consents import actions, queries
from handrail.consents.models import Consent
from handrail.consents.rules import Kind, Status
from handrail.delivery import outbox
from handrail.delivery.claims import may_still_go
from handrail.delivery.models import Outbox
from handrail.engine import runner
from handrail.gate import Category, Role
from handrail.gate.covers import ConsentNeeded
from handrail.home import seen
from handrail.kernel import clock
from handrail.kernel.environment import Posture
from handrail.kernel.errors import Invalid, NotHere, TooLate
from handrail.people import actions as people
from handrail.plan import actions as plan
from tests.fixtures.people import ZONE, Somebody, share, sign_for, sign_up
from tests.fixtures.programs import found


@pytest.fixture(autouse=True)
def a_plan(jo: Somebody) -> None:
    plan.write_step(jo.actor, owner=jo.id, number=1, lines=["Payday"])


def sees_plan(who: Somebody, jo: Somebody) -> bool:
    return seen.person(who.actor, owner=jo.id).plan is not None


def may_leave(who: Somebody, jo: Somebody, place: str) -> bool:
    outbox.put(
        to=who.id, owner=jo.id, membership=place, category=Category.PLAN, kind="try", matter=new_matter(), link="/"
    )
    found = Outbox.objects.filter(may_still_go(), to=who.id, kind="try").exists()
    Outbox.objects.filter(kind="try").delete()
    return found


def new_matter() -> str:
    from handrail.kernel.ids import new_id

    return new_id()


def preview_shows(jo: Somebody, place: str) -> bool:
    return seen.person(roster.seen_by(jo.actor, owner=jo.id, membership=place), owner=jo.id).plan is not None


def draft(jo: Somebody, place: str, *things: str, kind: str = Kind.SHARE, days: int = 90) -> str:
    return actions.write(
        jo.actor, owner=jo.id, zone=ZONE, kind=kind, things=list(things), purpose="treatment", membership=place,
        last_day=clock.today(ZONE) + timedelta(days=days),
    )  # fmt: skip


def test_a_tick_alone_opens_nothing_to_a_care_worker(jo: Somebody, osei: Somebody, place: str) -> None:
    with pytest.raises(ConsentNeeded):
        circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["plan"]})
    draft(jo, place, "plan")
    assert not sees_plan(osei, jo)
    assert not preview_shows(jo, place)


def test_family_friends_and_peers_are_shared_with_as_before(jo: Somebody, mum: Somebody, sam: Somebody) -> None:
    share(jo, mum, Category.PLAN)
    share(jo, sam, Category.PLAN)
    assert sees_plan(mum, jo)
    assert sees_plan(sam, jo)


def test_a_signature_opens_just_what_it_names(jo: Somebody, osei: Somebody, place: str) -> None:
    sign_for(jo, place, "plan")
    assert sees_plan(osei, jo)
    assert preview_shows(jo, place)
    assert may_leave(osei, jo, place)
    assert roster.member(jo.actor, owner=jo.id, membership=place).sees == {"plan"}
    with pytest.raises(ConsentNeeded):
        circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["plan", "feeling"]})
    assert roster.member(jo.actor, owner=jo.id, membership=place).sees == {"plan"}


def test_taking_it_back_closes_every_way_at_the_next_request(jo: Somebody, osei: Somebody, place: str) -> None:
    consent = sign_for(jo, place, "plan")
    kept = osei.actor
    assert seen.person(kept, owner=jo.id).plan
    actions.end(jo.actor, consent=consent)
    assert not sees_plan(osei, jo)
    assert not preview_shows(jo, place)
    assert not may_leave(osei, jo, place)
    found = queries.one(jo.actor, consent=consent)
    assert (found.status, found.ended_how) == (Status.REVOKED, "revoked")
    with pytest.raises(ConsentNeeded):
        circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["plan"]})
    with pytest.raises(TooLate):
        actions.end(jo.actor, consent=consent)


def test_its_last_day_ends_it_with_no_worker_running(jo: Somebody, osei: Somebody, place: str) -> None:
    consent = sign_for(jo, place, "plan", days=3)
    with clock.moved_to(queries.one(jo.actor, consent=consent).expires_at - timedelta(minutes=1)):
        assert sees_plan(osei, jo)
    with clock.moved_to(queries.one(jo.actor, consent=consent).expires_at):
        assert not sees_plan(osei, jo)
        assert not may_leave(osei, jo, place)
        assert queries.one(jo.actor, consent=consent).status == Status.EXPIRED
        with pytest.raises(ConsentNeeded):
            circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["plan"]})


@pytest.mark.django_db(transaction=True)
def test_the_worker_writes_down_that_it_is_over_and_says_two_weeks_before(
    jo: Somebody, osei: Somebody, place: str
) -> None:
    consent = sign_for(jo, place, "plan", days=40)
    assert queries.coming_up(jo.actor, owner=jo.id) == []
    with clock.moved_to(clock.now() + timedelta(days=30)):
        runner.run_what_is_due()
        (row,) = queries.coming_up(jo.actor, owner=jo.id)
        assert "Dr Osei" in row.title and consent in row.url
    with clock.moved_to(clock.now() + timedelta(days=42)):
        runner.run_what_is_due()
        assert status_in_the_table(jo, consent) == Status.EXPIRED
        assert queries.coming_up(jo.actor, owner=jo.id) == []


def status_in_the_table(jo: Somebody, consent: str) -> str:
    from handrail.gate import Actor, gated

    @gated("consent.read")
    def read(actor: Actor, *, owner: str) -> str:
        return str(Consent.objects.get(pk=consent).status)

    return read(jo.actor, owner=jo.id)


def test_what_was_cleared_can_be_ticked_again_while_it_holds(jo: Somebody, osei: Somebody, place: str) -> None:
    consent = sign_for(jo, place, "plan", "feeling")
    circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["feeling"]})
    assert not sees_plan(osei, jo)
    circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["feeling", "plan"]})
    assert sees_plan(osei, jo)
    member = roster.member(jo.actor, owner=jo.id, membership=place)
    assert member.ends["plan"] == queries.one(jo.actor, consent=consent).expires_at


def test_no_end_date_makes_a_share_outlive_its_consent(jo: Somebody, osei: Somebody, place: str) -> None:
    consent = sign_for(jo, place, "plan", days=10)
    end = queries.one(jo.actor, consent=consent).expires_at
    for wanted in (None, end + timedelta(days=30)):
        circle.set_ends(jo.actor, owner=jo.id, membership=place, ends={"plan": wanted}, purpose="support")
        member = roster.member(jo.actor, owner=jo.id, membership=place)
        assert (member.ends["plan"], member.purposes["plan"]) == (end, "treatment")
    sooner = clock.now() + timedelta(days=1)
    circle.set_ends(jo.actor, owner=jo.id, membership=place, ends={"plan": sooner}, purpose="support")
    assert roster.member(jo.actor, owner=jo.id, membership=place).ends["plan"] == sooner


def test_one_signs_the_text_that_was_shown_and_no_other(jo: Somebody, osei: Somebody, place: str) -> None:
    made = draft(jo, place, "plan")
    shown = queries.one(jo.actor, consent=made).digest
    actions.write(
        jo.actor, owner=jo.id, zone=ZONE, kind=Kind.SHARE, things=["plan", "use"], purpose="treatment",
        membership=place, last_day=clock.today(ZONE), consent=made,
    )  # fmt: skip
    with pytest.raises(actions.ReadAgain):
        actions.sign(jo.actor, consent=made, shown=shown, name="Jo")
    assert not sees_plan(osei, jo)
    actions.sign(jo.actor, consent=made, shown=queries.one(jo.actor, consent=made).digest, name="Jo")
    assert sees_plan(osei, jo)


@pytest.mark.parametrize("name", ["", "   "])
def test_a_signature_has_a_name(jo: Somebody, place: str, name: str) -> None:
    made = draft(jo, place, "plan")
    with pytest.raises(Invalid):
        actions.sign(jo.actor, consent=made, shown=queries.one(jo.actor, consent=made).digest, name=name)
    assert queries.one(jo.actor, consent=made).status == Status.DRAFT


def test_what_is_signed_does_not_change(jo: Somebody, place: str) -> None:
    consent = sign_for(jo, place, "plan")
    before = queries.one(jo.actor, consent=consent)
    with pytest.raises(TooLate):
        actions.sign(jo.actor, consent=consent, shown=before.digest, name="Jo")
    with pytest.raises(TooLate):
        actions.throw_away(jo.actor, consent=consent)
    with pytest.raises(TooLate):
        actions.write(
            jo.actor, owner=jo.id, zone=ZONE, kind=Kind.SHARE, things=["use"], purpose="treatment", membership=place,
            last_day=clock.today(ZONE), consent=consent,
        )  # fmt: skip
    assert queries.one(jo.actor, consent=consent) == before


def test_the_newer_takes_the_place_of_the_older(jo: Somebody, osei: Somebody, place: str) -> None:
    old = sign_for(jo, place, "plan", "feeling")
    new = actions.renew(jo.actor, consent=old, zone=ZONE, last_day=clock.today(ZONE) + timedelta(days=200))
    assert queries.one(jo.actor, consent=old).in_force
    actions.sign(jo.actor, consent=new, shown=queries.one(jo.actor, consent=new).digest, name="Jo")
    assert queries.one(jo.actor, consent=old).status == Status.SUPERSEDED
    found = queries.one(jo.actor, consent=new)
    assert (found.version, found.in_force) == (2, True)
    assert set(roster.member(jo.actor, owner=jo.id, membership=place).consents.values()) == {new}
    third = sign_for(jo, place, "plan")
    assert queries.one(jo.actor, consent=new).status == Status.SUPERSEDED
    assert roster.member(jo.actor, owner=jo.id, membership=place).consents == {"plan": third}


def test_a_mistake_is_called_one(jo: Somebody, osei: Somebody, place: str) -> None:
    consent = sign_for(jo, place, "plan")
    actions.end(jo.actor, consent=consent, how=Status.ERROR)
    assert queries.one(jo.actor, consent=consent).status == Status.ERROR
    assert not sees_plan(osei, jo)


def test_nobody_else_reads_writes_or_ends_it(jo: Somebody, osei: Somebody, ann: Somebody, place: str) -> None:
    consent = sign_for(jo, place, "plan")
    for other in (osei, ann):
        for reach in (
            lambda actor: queries.one(actor, consent=consent),
            lambda actor: queries.all_of(actor, owner=jo.id),
            lambda actor: actions.end(actor, consent=consent),
            lambda actor: actions.give_copy(actor, consent=consent, channel="pdf"),
            lambda actor: queries.accounting(actor, owner=jo.id),
        ):
            with pytest.raises(NotHere):
                reach(other.actor)


def test_the_member_is_told_what_is_open_and_nothing_of_what_is_not(jo: Somebody, osei: Somebody, place: str) -> None:
    sign_for(jo, place, "plan", "cravings")
    circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["plan"]})
    (scope,) = queries.scopes(osei.actor, owner=jo.id)
    assert scope.things == "Their plan"
    circle.pause(jo.actor, owner=jo.id, membership=place, keeps_help=True)
    assert queries.scopes(osei.actor, owner=jo.id) == []


def test_an_invitation_to_a_doctor_opens_nothing_by_itself(jo: Somebody, ann: Somebody) -> None:
    link = circle.invite(jo.actor, owner=jo.id, calls_member="Dr Ann", role=Role.PHYSICIAN, shares=["plan"])
    code = roster.invitation(jo.actor, invitation=link).code
    circle.ask_to_join(ann.actor, code=code)
    assert circle.confirm(jo.actor, invitation=link, phrase=roster.waiting(ann.actor, code=code).phrase)
    assert not sees_plan(ann, jo)
    (waiting,) = roster.waits_for_signature(jo.actor, invitation=link).values()
    assert waiting == ["plan"]


def test_a_share_from_before_the_posture_counts_no_more(
    jo: Somebody, osei: Somebody, place: str, settings: object
) -> None:
    as_it_was = settings.HANDRAIL  # type: ignore[attr-defined]
    settings.HANDRAIL = replace(as_it_was, posture=Posture.CIRCLE)  # type: ignore[attr-defined]
    circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["plan"]})
    assert sees_plan(osei, jo)
    settings.HANDRAIL = as_it_was  # type: ignore[attr-defined]
    assert not sees_plan(osei, jo)
    assert not may_leave(osei, jo, place)
    assert not preview_shows(jo, place)
    sign_for(jo, place, "plan")
    assert sees_plan(osei, jo)


def test_staff_of_a_program_see_what_was_signed_for_and_no_more(jo: Somebody) -> None:

    house = found("River House", sign_up("Keeper"))
    dana = sign_up("Dana Ruiz")
    house.hire(dana)
    place = house.stand_by(jo)
    with pytest.raises(ConsentNeeded):
        circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["plan"]})
    assert not sees_plan(dana, jo)
    consent = sign_for(jo, place, "plan", kind=Kind.TREATMENT)
    assert sees_plan(dana, jo)
    line = queries.accounting(jo.actor, owner=jo.id)[0]
    assert (line.who, line.consent, line.things) == ("Dana Ruiz, River House", consent, "My plan")
    with pytest.raises(Invalid):
        draft(jo, place, "help")
    actions.end(jo.actor, consent=consent)
    assert not sees_plan(dana, jo)


def test_there_is_nothing_to_sign_for_family(jo: Somebody, mum: Somebody) -> None:
    with pytest.raises(Invalid):
        sign_for(jo, roster.roster(jo.actor, owner=jo.id)[0].membership_id, "plan")


@pytest.fixture
def token(jo: Somebody) -> str:
    return people.make_token(jo.actor, owner=jo.id, label="t", scopes=list(people.SCOPES))


def test_the_api_does_not_lead_round_it(jo: Somebody, osei: Somebody, place: str, token: str, client: Client) -> None:
    bearer = {"Authorization": f"Bearer {token}"}
    put = {"path": f"/api/v1/shares/{place}", "data": '{"categories": ["plan"]}', "content_type": "application/json"}
    answer = client.put(**put, headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (422, "consent_needed")
    assert not sees_plan(osei, jo)
    sign_for(jo, place, "plan")
    assert client.put(**put, headers=bearer).status_code == 200
    assert sees_plan(osei, jo)


def test_a_program_is_not_told_of_shares_that_need_a_signature_and_have_none(jo: Somebody, settings: object) -> None:
    from handrail.gate import programs

    house = found("River House", sign_up("Keeper"))
    place, as_it_is = house.stand_by(jo), settings.HANDRAIL  # type: ignore[attr-defined]
    settings.HANDRAIL = replace(as_it_is, posture=Posture.CIRCLE)  # type: ignore[attr-defined]
    circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["plan"]})
    assert [owner for owner, _mark in programs.whose(house.id, category=Category.PLAN)] == [jo.id]
    settings.HANDRAIL = as_it_is  # type: ignore[attr-defined]
    assert programs.whose(house.id, category=Category.PLAN) == []
    sign_for(jo, place, "plan")
    assert [owner for owner, _mark in programs.whose(house.id, category=Category.PLAN)] == [jo.id]


def test_of_two_drafts_for_one_place_signed_at_once_one_stands(
    jo: Somebody, osei: Somebody, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draft(*things: str) -> tuple[str, str]:
        made = actions.write(
            jo.actor, owner=jo.id, zone=ZONE, kind=Kind.SHARE, things=list(things), purpose="treatment",
            last_day=clock.today(ZONE) + timedelta(days=30), membership=place,
        )  # fmt: skip
        return made, queries.one(jo.actor, consent=made).digest

    first, second = draft("plan"), draft("feeling")
    actions.sign(jo.actor, consent=first[0], shown=first[1], name="Jo")
    monkeypatch.setattr(actions, "_end_earlier", lambda row: None)  # it looked before the other one was there
    with pytest.raises(TooLate):
        actions.sign(jo.actor, consent=second[0], shown=second[1], name="Jo")
    assert [each.id for each in queries.all_of(jo.actor, owner=jo.id) if each.in_force] == [first[0]]
    assert sees_plan(osei, jo)


def test_the_page_offers_no_end_later_than_the_paper_and_says_why(
    jo: Somebody, osei: Somebody, place: str, browse: Callable[[Somebody], Client]
) -> None:
    sign_for(jo, place, "plan", days=10)
    page = browse(jo).get(f"/people/{place}").content.decode()
    assert "For longer, sign again." in page and "As long as signed" in page and "For a week" in page
    assert "For a month" not in page and "Until I change it" not in page
    assert browse(jo).post(f"/people/{place}/ends", {"plan": "month"}).status_code == 422
    assert browse(jo).post(f"/people/{place}/ends", {"plan": "week"}).status_code == 302
