"""The pages, as a browser without scripts has them."""

import csv
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.consents import actions, queries
from handrail.consents.rules import Status
from handrail.consents.tests.pdf_reading import pages_of
from handrail.kernel import clock
from handrail.kernel.ids import new_id
from handrail.library.statements import notice
from handrail.people import actions as people
from handrail.people.models import Person
from handrail.plan import actions as plan
from handrail.safety import actions as safety
from tests.fixtures.people import Somebody, sign_for

Browse = Callable[[Somebody], Client]


@pytest.fixture(autouse=True)
def a_plan(jo: Somebody) -> None:
    plan.write_step(jo.actor, owner=jo.id, number=1, lines=["Payday"])


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def shown_on(answer) -> str:
    return re.search(r'name="shown" value="(\w+)"', answer.content.decode()).group(1)


CHOICES = {"things": ["plan"], "kind": "share", "purpose": "treatment", "span": "90"}


def test_from_a_tick_to_a_signature_to_taking_it_back(jo, osei, place, browse: Browse) -> None:
    jos = browse(jo)
    sent = jos.post("/people/sharing", {"on_page": [place], "share": [f"{place}:plan"]})
    assert sent["Location"] == f"/people/{place}/papers?thing=plan"
    form = jos.get(sent["Location"])
    assert "One more step for Dr Osei" in text_of(form)
    assert re.search(r'value="plan"[^>]*checked', form.content.decode())
    made = jos.post(sent["Location"], CHOICES)["Location"]
    read = jos.get(made)
    assert "My plan: my plan for hard moments" in text_of(read)
    assert "not yet checked by a lawyer" in text_of(read)
    assert "Payday" not in text_of(browse(osei).get(f"/s/{jo.id}"))
    jos = browse(jo)
    signed = jos.post(f"{made}/sign", {"shown": shown_on(read), "name": "Jo"}, follow=True)
    assert "Signed. Dr Osei (Doctor or nurse) sees it from now on." in text_of(signed)
    seen = browse(osei).get(f"/s/{jo.id}")
    assert "Payday" in text_of(seen)
    assert notice() in text_of(seen)
    assert f'href="/s/{jo.id}/papers"' in seen.content.decode()
    covers = text_of(browse(osei).get(f"/s/{jo.id}/papers"))
    assert "Their plan" in covers and "For their treatment" in covers and notice() in covers
    assert "My plan" not in covers and "my treatment" not in covers  # it is not theirs
    assert "Jo signed for this: Their plan." in text_of(seen)
    assert "Dr Osei" in text_of(browse(jo).get("/papers/given"))
    ended = browse(jo).post(f"{made}/end", {"do": "revoked"}, follow=True)
    assert "Nothing more is open under it. They are not told." in text_of(ended)
    after = text_of(browse(osei).get(f"/s/{jo.id}"))
    assert "Payday" not in after and notice() not in after
    assert browse(osei).get(f"/s/{jo.id}/papers").status_code == 404


def test_ticks_for_family_are_saved_beside_one_that_waits_for_a_signature(jo, osei, mum, place, browse: Browse) -> None:
    family = next(m.membership_id for m in roster.roster(jo.actor, owner=jo.id) if m.name == "Mum")
    sent = browse(jo).post(
        "/people/sharing", {"on_page": [place, family], "share": [f"{place}:plan", f"{family}:feeling"]}
    )
    assert f"/people/{place}/papers" in sent["Location"]
    stands = {m.name: m.categories for m in roster.roster(jo.actor, owner=jo.id)}
    assert stands == {"Mum": {"feeling"}, "Dr Osei": set()}


def test_a_text_that_changed_meanwhile_is_shown_again_and_not_signed(jo, place, browse: Browse) -> None:
    jos = browse(jo)
    made = jos.post(f"/people/{place}/papers", CHOICES)["Location"]
    before = shown_on(jos.get(made))
    jos.post(f"{made}/change", {**CHOICES, "things": ["plan", "use"]})
    again = jos.post(f"{made}/sign", {"shown": before, "name": "Jo"})
    assert again.status_code == 422
    assert "Please read it again" in text_of(again)
    assert "If I use" in text_of(again)
    assert jos.post(f"{made}/sign", {"shown": shown_on(again), "name": "Jo"}).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"things": []}, "Tick at least one thing."),
        ({"span": "day"}, "Choose the last day on which it holds."),
        ({"span": "day", "last_day": "2020-01-01"}, "That day is over. Choose a later one."),
        ({"purpose": ""}, "Choose what it is for."),
        ({"kind": ""}, "Choose what kind it is."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(jo, place, browse: Browse, wrong, said) -> None:
    answer = browse(jo).post(f"/people/{place}/papers", {**CHOICES, "event": "When I move", **wrong})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="When I move"' in answer.content.decode()


def test_an_empty_signature_is_asked_for(jo, place, browse: Browse) -> None:
    jos = browse(jo)
    made = jos.post(f"/people/{place}/papers", CHOICES)["Location"]
    answer = jos.post(f"{made}/sign", {"shown": shown_on(jos.get(made)), "name": " "})
    assert answer.status_code == 422
    assert "Type your name to sign." in text_of(answer)


COPY = {"kind": "named", "recipient": "Case team", "things": ["plan"], "purpose": "benefits", "span": "30"}


def test_somebody_is_given_a_copy_on_paper_and_as_a_file(jo, browse: Browse) -> None:
    jos = browse(jo)
    made = jos.post("/papers/add", COPY)["Location"]
    refused = jos.post(f"{made}/copy", {"as": "pdf"})
    assert refused.status_code == 409
    assert "Nothing was given out" in text_of(refused)
    jos.post(f"{made}/sign", {"shown": shown_on(jos.get(made)), "name": "Jo"})
    page = text_of(jos.post(f"{made}/copy", {"as": "page"}))
    assert "Payday" in page and notice() in page and "Given to Case team under a signed consent" in page
    file = jos.post(f"{made}/copy", {"as": "pdf"})
    assert re.fullmatch(r'attachment; filename="copy-\d{4}-\d\d-\d\d\.pdf"', file["Content-Disposition"])
    assert "Payday" in pages_of(file.content)[0]
    given = text_of(jos.get("/papers/given"))
    assert given.count("Case team") == 2 and "Refused:" in given
    assert "My plan (1 line in the copy)" in given and "The notice that the law asks for" in given
    table = jos.get("/papers/given/list.csv").content.decode("utf-8-sig").splitlines()
    assert len(table) == 4 and "Case team" in table[1]
    rows = list(csv.DictReader(table))
    assert [(row["count"], row["counted"]) for row in rows] == [("1", "lines in the copy")] * 2 + [("", "")]
    assert "notice" not in rows[0]  # nothing records it for one line
    paper = pages_of(jos.get("/papers/given/list.pdf").content)[0]
    assert "Case team" in paper and "1 line in the copy" in paper
    assert paper.count("The notice that the law asks for goes with every page and every copy.") == 1
    assert "Case team" in text_of(jos.get("/papers/given/print"))


def test_own_notes_and_a_court_need_a_page_each(jo, browse: Browse) -> None:
    jos = browse(jo)
    mixed = jos.post("/papers/add", {**COPY, "kind": "counselling"})
    assert mixed.status_code == 422 and "need a page of their own" in text_of(mixed)
    alone = jos.post("/papers/add", {**COPY, "kind": "counselling", "things": [], "purpose": "treatment"}, follow=True)
    assert "My own notes: what I wrote for myself" in text_of(alone)
    court = jos.post("/papers/add", {**COPY, "kind": "proceedings"}, follow=True)
    assert "What I give out here can be used there, also against me." in text_of(court)


def test_ones_own_copy_of_what_one_signed(jo, place, browse: Browse) -> None:
    consent = sign_for(jo, place, "plan")
    jos = browse(jo)
    (page, *_more) = pages_of(jos.get(f"/papers/{consent}/page.pdf").content)
    found = queries.one(jo.actor, consent=consent)
    assert "Dr Osei (Doctor or nurse)" in page
    everything = " ".join(pages_of(jos.get(f"/papers/{consent}/page.pdf").content))
    assert f"Number of this text (SHA-256): {found.digest}" in everything  # whole, and no letters pulled apart
    assert "Signed" in everything
    last = pages_of(jos.get(f"/papers/{consent}/page.pdf").content)[-1]
    assert "Signed Jo, on" in last and found.digest in last  # a signature is not torn from its number
    assert found.digest in text_of(jos.get(f"/papers/{consent}/print"))


def test_renewing_asks_for_a_new_signature_and_today_says_that_it_ends(jo, osei, place, browse: Browse) -> None:
    consent = sign_for(jo, place, "plan", days=10)
    jos = browse(jo)
    assert "your signature ends" in text_of(jos.get("/today"))
    made = jos.post(f"/papers/{consent}/renew", {"span": "365"})["Location"]
    assert queries.one(jo.actor, consent=consent).in_force
    jos.post(f"{made}/sign", {"shown": shown_on(jos.get(made)), "name": "Jo"})
    assert queries.one(jo.actor, consent=consent).status == Status.SUPERSEDED
    assert "your signature ends" not in text_of(jos.get("/today"))
    assert "It is signed" not in text_of(jos.get(f"/people/{place}"))


def test_throwing_a_draft_away(jo, place, browse: Browse) -> None:
    jos = browse(jo)
    made = jos.post(f"/people/{place}/papers", CHOICES)["Location"]
    assert "Nothing was signed" in text_of(jos.post(f"{made}/end", {"do": "throw-away"}, follow=True))
    assert jos.get(made).status_code == 404


def test_family_needs_no_signature(jo, mum, browse: Browse) -> None:
    (family,) = roster.roster(jo.actor, owner=jo.id)
    assert "a tick is enough" in text_of(browse(jo).get(f"/people/{family.membership_id}/papers", follow=True))


def test_the_form_offers_what_a_consent_in_force_covers_already(jo, place, browse: Browse) -> None:
    sign_for(jo, place, "plan", "cravings")
    page = browse(jo).get(f"/people/{place}/papers?thing=use").content.decode()
    assert set(re.findall(r'name="things" value="(\w+)"[^>]*checked', page)) == {"plan", "cravings", "use"}


def test_the_api_carries_the_notice_where_something_was_opened(jo, osei, place, client: Client) -> None:
    token = people.make_token(osei.actor, owner=osei.id, label="t", scopes=list(people.SCOPES))
    bearer = {"Authorization": f"Bearer {token}"}
    consent = sign_for(jo, place, "help")
    call = safety.make_call(jo.actor, owner=jo.id, key=new_id(), words="I need someone now.")
    opened = client.post(f"/api/v1/alerts/{call}/seen", headers=bearer)
    assert opened.json()["words"] == "I need someone now."
    assert opened.headers["Handrail-Notice"] == notice()
    assert f"/s/{jo.id}/papers" in opened.headers["Link"]
    assert "Handrail-Notice" not in client.get("/api/v1/me", headers=bearer).headers
    line = queries.accounting(jo.actor, owner=jo.id)[0]
    assert (line.consent, line.channel) == (consent, "through a program of theirs")
    actions.end(jo.actor, consent=consent)
    assert client.post(f"/api/v1/alerts/{call}/seen", headers=bearer).status_code == 404


def test_an_end_date_keeps_what_was_signed(jo, place, browse: Browse) -> None:
    sign_for(jo, place, "plan", days=60)
    page = browse(jo).get(f"/people/{place}").content.decode()
    assert 'name="purpose"' not in page
    assert browse(jo).post(f"/people/{place}/ends", {"plan": "tonight"}).status_code == 302
    member = roster.member(jo.actor, owner=jo.id, membership=place)
    assert member.ends["plan"] < clock.now() + timedelta(days=2)
    assert member.purposes["plan"] == "treatment"


def test_a_member_who_leaves_and_comes_back_sees_what_is_signed_only_when_ticked_again(jo, osei, place) -> None:
    sign_for(jo, place, "plan")
    circle.leave_circle(osei.actor, owner=jo.id)
    circle.come_back(osei.actor, owner=jo.id, membership=place)
    assert roster.member(jo.actor, owner=jo.id, membership=place).categories == set()
    circle.change_shares(jo.actor, owner=jo.id, wanted={place: ["plan"]})
    assert roster.member(jo.actor, owner=jo.id, membership=place).categories == {"plan"}


def test_a_page_that_was_open_before_the_signature_gets_the_notice_too(jo, osei, place, browse: Browse) -> None:
    """The doorbell makes it fetch the part that changed; the rest of the page stays as it was."""
    before = browse(osei).get(f"/s/{jo.id}").content.decode()
    assert '<div id="goes-along"></div>' in before and notice() not in before
    sign_for(jo, place, "plan")
    for address in (f"/s/{jo.id}", "/s/today"):
        part = browse(osei).get(address, headers={"HX-Request": "true"}).content.decode()
        assert "</html>" not in part
        carries = 'id="goes-along" hx-swap-oob="true"' in part and notice() in part
        assert carries == (address != "/s/today"), "the list shows nothing of a plan"
    whole = browse(osei).get(f"/s/{jo.id}").content.decode()
    assert whole.count(notice()) == 1 and "hx-swap-oob" not in whole


def test_a_program_of_ones_own_reads_what_was_signed_and_takes_it_back(jo, osei, place, client: Client) -> None:
    token = people.make_token(jo.actor, owner=jo.id, label="t", scopes=list(people.SCOPES))
    bearer = {"Authorization": f"Bearer {token}"}
    consent = sign_for(jo, place, "plan")
    browse_as = Client()
    browse_as.force_login(Person.objects.get(pk=osei.id))
    assert "Payday" in text_of(browse_as.get(f"/s/{jo.id}"))
    (found,) = client.get("/api/v1/consents", headers=bearer).json()
    assert (found["id"], found["status"], found["things"]) == (consent, "active", ["plan"])
    (line, *_rest) = client.get("/api/v1/disclosures", headers=bearer).json()
    assert (line["who"], line["consent"], line["what"]) == ("Dr Osei", consent, "My plan")
    assert client.get(f"/api/v1/disclosures?before={line['number']}", headers=bearer).json() == _rest
    ended = client.post(f"/api/v1/consents/{consent}/end", headers=bearer)
    assert (ended.status_code, ended.json()["status"]) == (200, "revoked")
    assert "Payday" not in text_of(browse_as.get(f"/s/{jo.id}"))
    assert client.post(f"/api/v1/consents/{consent}/end", headers=bearer).status_code == 409


def test_no_cell_of_the_table_is_a_formula(jo, browse: Browse) -> None:
    """A spreadsheet would run it, with whatever a name or a word holds."""
    jos = browse(jo)
    made = jos.post("/papers/add", {**COPY, "recipient": "=HYPERLINK(1)"})["Location"]
    jos.post(f"{made}/sign", {"shown": shown_on(jos.get(made)), "name": "Jo"})
    jos.post(f"{made}/copy", {"as": "pdf"})
    table = jos.get("/papers/given/list.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in table and ",=HYPERLINK" not in table
