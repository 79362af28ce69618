"""Jo's account with one of everything in it, so that every address leads somewhere."""

from datetime import timedelta
from typing import Any

from handrail.agreements import actions as agreements
from handrail.agreements.rules import Line
from handrail.care import actions as care
from handrail.checkins import actions as checkins
from handrail.checkins.answers import Craving, Mood, UseKind
from handrail.checkins.queries import of_checkin
from handrail.circle import actions as circle
from handrail.circle import queries as circle_seen
from handrail.consents import actions as consents
from handrail.delivery import ways
from handrail.gate import Category, programs
from handrail.kernel import clock
from handrail.kernel.ids import LENGTH, new_id
from handrail.kindness import actions as kindness
from handrail.kindness import queries as kindness_seen
from handrail.leaving import actions as leaving
from handrail.leaving import queries as leaving_seen
from handrail.notes import actions as notes
from handrail.notes import queries as notes_seen
from handrail.people import actions as people
from handrail.plan import actions as plan
from handrail.plan import queries as plan_seen
from handrail.programs import actions as named
from handrail.safety import actions as safety
from handrail.supporters import actions as supporters
from tests.fixtures.people import Somebody, share, sign_up, stand_by
from tests.fixtures.programs import found

ZONE = "America/New_York"
#: Words that stand nowhere else, so that a page which shows them can be told.
WRITTEN = {
    "plan": "Long evenings alone",
    "medicine": "Evening dose",
    "help": "Can you sit with me tonight?",
    "place": "Behind the old mill",
    "note": "I walked it off by noon",
    "private": "By the river, after the row",
}
ANSWERED: dict[str, Any] = {"mood": Mood.ROUGH.value, "craving": Craving.STRONG.value, "medicine": "taken"}


def fill(jo: Somebody, mum: Somebody) -> dict[str, Any]:
    """{argument of an address: what belongs there}. Mum stands in Jo's circle and sees everything; she is called."""
    mine: dict[str, Any] = {"actor": jo.actor, "owner": jo.id}
    membership = stand_by(jo, mum)
    share(jo, mum, *Category)
    everybody = [each.membership_id for each in circle_seen.roster(**mine)]
    circle.order_ladder(**mine, rungs=dict.fromkeys(everybody, 1))  # a call asks them all at once
    yesterday = clock.today(ZONE) - timedelta(days=1)
    checkin = checkins.record_checkin(**mine, zone=ZONE, key=new_id(), note=WRITTEN["note"], **ANSWERED)
    checkins.record_use_day(
        **mine, zone=ZONE, key=new_id(), kind=UseKind.USED, day=yesterday, details=WRITTEN["private"], told=everybody
    )
    checkins.set_start(**mine, zone=ZONE, began=yesterday - timedelta(days=140))
    shown = {"source": of_checkin(checkin.id), "day": checkin.day, "words": WRITTEN["note"]}
    notes.show(**mine, **shown, memberships=[membership])
    invitation = circle.invite(**mine, calls_member="Kit", role="friend", shares=[])
    plan.write_step(**mine, number=1, lines=["Long evenings"])
    plan.write_step(**mine, number=1, lines=[WRITTEN["plan"]])
    medicine = care.add_medicine(**mine, name=WRITTEN["medicine"], part_of_day=1)
    care.mark_taken(jo.actor, medicine=medicine, day=clock.today(ZONE))
    pair = {"owner": jo.id, "membership": membership}
    agreement = agreements.offer(mum.actor, **pair, kind="limits", lines=[Line("I can drive on Sundays")])
    topic = agreements.add_topic(mum.actor, **pair, text="Money")
    agreements.keep_note(mum.actor, topic=topic, text="The rent", shared=True)
    agreements.share_note(mum.actor, **pair, text="I was scared.")
    agreements.keep_repair(jo.actor, membership=membership, answers={"third": "Dee"})
    kindness.send(mum.actor, owner=jo.id, words="Thinking of you.")
    token = people.make_token(**mine, label="Watch", scopes=["read"])
    return {
        "owner": jo.id,
        "membership": membership,
        "checkin": checkin.id,
        "shownnote": notes_seen.shown(**mine)[0].id,
        "day": yesterday,
        "invitation": invitation,
        "code": circle_seen.invitation(jo.actor, invitation=invitation).code,
        "step": plan_seen.step_to_edit(**mine, number=1).earlier[0].id,
        "number": 1,
        "visit": care.add_visit(**mine, at=clock.now() + timedelta(days=2), title="Clinic"),
        "medicine": medicine,
        "pair": membership,
        "agreement": agreement,
        "kindnote": kindness_seen.unread(**mine)[0].id,
        "topic": topic,
        "note": supporters.keep_note(**mine, text="I may rest."),
        "place": membership,
        "kind": "limits",
        "consent": consents.write(
            **mine,
            zone=ZONE,
            kind="named",
            recipient="Dr Osei",
            things=["plan"],
            purpose="treatment",
            last_day=clock.today(ZONE) + timedelta(days=90),
        ),
        "call": safety.make_call(**mine, key=new_id(), words=WRITTEN["help"], place=WRITTEN["place"]),
        "token": token.split("_")[1],
        "way": ways.begin(**mine, channel="email", address="jo@example.org"),
        "outsider": circle.keep_outsider(
            **mine, kind="peer", name="Tuesday group", phone="", about="", closeness=2, lean=1
        ),
        "archive": _packed(jo),
        "ref": new_id(),
        **_river_house(jo),
        "who": "person",
        "pk": 1,
    }


def _river_house(jo: Somebody) -> dict[str, Any]:
    """A program in Jo's circle with a keeper, a case worker and a link that waits, and a post that somebody holds."""
    keeper, worker, holder = (sign_up(name) for name in ("Keeper", "Dana Ruiz", "Olu"))
    river = found("River House", keeper)
    river.hire(worker)
    programs.give_post(person_id=holder.id, kind="operator")
    link = named.name_staff(keeper.actor, program=river.id, name="Zoe", role="peer")
    return {
        "program": river.id,
        "programplace": river.stand_by(jo),
        "staff": next(each.id for each in programs.staff_of(river.id) if each.person_id == worker.id),
        "offer": link[:LENGTH],
        "link": link,
        "post": programs.held_posts()[0].id,
    }


def _packed(jo: Somebody) -> str:
    leaving.pack(jo.actor)
    ready = leaving_seen.archive(jo.actor, owner=jo.id)
    return str(ready.id) if ready else ""
