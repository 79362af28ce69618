"""After a stop the next request is refused, by every way out of the house: pages, API, alerts, messages, exports.

Each way first shows what it shows while it may; then something stops it, and with the same session and the same token
nothing comes out any more. A page, a route or a message that is new belongs in here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from handrail.agreements import actions as agreements
from handrail.agreements.rules import Line
from handrail.care import actions as care
from handrail.care.times import PartOfDay
from handrail.checkins import actions as checkins
from handrail.checkins.queries import of_checkin
from handrail.circle import actions as circle
from handrail.circle import queries as circles
from handrail.consents import actions as consents
from handrail.delivery import claims, outbox
from handrail.delivery.models import Channel, Outbox
from handrail.engine.lanes import Lane
from handrail.engine.leases import new_token
from handrail.engine.models import Bell
from handrail.gate import Category, Role
from handrail.gate import programs as kept
from handrail.home import seen
from handrail.kernel import clock
from handrail.kernel.errors import HandrailError, Invalid
from handrail.kernel.ids import new_id
from handrail.leaving import actions as leaving
from handrail.leaving import queries as leaving_seen
from handrail.notes import actions as notes
from handrail.people import actions as people
from handrail.people.models import Person
from handrail.plan import actions as plan
from handrail.programs import actions as programs
from handrail.safety import actions as safety
from tests.fixtures.people import Somebody, roster, share, sign_for, stand_by
from tests.fixtures.programs import RiverHouse, share_at

pytestmark = pytest.mark.django_db
ZONE = "America/New_York"
MARKS = ("feeling rough", "Strong", "Long evenings by the river", "Morning film", "I walked it off")
AGREED = "I can drive on Sundays"
FOR_PROGRAMS = [Category.FEELING, Category.CRAVINGS, Category.PLAN, Category.MEDICINE]


@dataclass
class Looking:
    """Somebody who may see Jo: their open session, their token, and the place through which they see."""

    jo: Somebody
    who: Somebody
    place: str
    call: str = ""
    agreement: str = ""
    program: str = ""

    def __post_init__(self) -> None:
        self.session = Client(raise_request_exception=False)
        self.session.force_login(Person.objects.get(pk=self.who.id))
        token = people.make_token(self.who.actor, owner=self.who.id, label="t", scopes=list(people.SCOPES))
        self.program_of = Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)

    def page(self, path: str) -> str:
        return str(self.session.get(path).content.decode())

    def api(self, path: str) -> str:
        return str(self.program_of.get(f"/api/v1{path}").content.decode())

    def sends(self, path: str, **said: Any) -> int:
        answer = self.program_of.post(f"/api/v1{path}", said, content_type="application/json")
        return int(answer.status_code)


def of_jo(text: str) -> bool:
    return any(mark in text for mark in MARKS)


# --- the ways out: each says whether something of Jo's still comes ---


def own_page(of: Looking) -> bool:
    return of_jo(of.page(f"/s/{of.jo.id}"))


def list_of_people(of: Looking) -> bool:
    return of_jo(of.page("/s/today"))


def alert_page(of: Looking) -> bool:
    return "Can you call me?" in of.page(f"/s/alert/{of.call}")


def alert_answered_on_the_page(of: Looking) -> bool:
    return of.session.post(f"/s/alert/{of.call}/answer", {"answer": "yes"}).status_code == 302


def api_circles(of: Looking) -> bool:
    return '"gets_calls": true' in of.api("/circles")


def api_alerts(of: Looking) -> bool:
    return of.call in of.api("/alerts")


def api_alert_opened(of: Looking) -> bool:
    return of.sends(f"/alerts/{of.call}/seen") == 200


def api_alert_answered(of: Looking) -> bool:
    return of.sends(f"/alerts/{of.call}/answer", answer="yes") == 200


def preview(of: Looking) -> bool:
    """What the owner is told that they see."""
    try:
        eyes = circles.seen_by(of.jo.actor, owner=of.jo.id, membership=of.place)
        page = seen.person(eyes, owner=of.jo.id)
    except HandrailError:
        return False
    return bool(page.card.mood or page.card.craving or page.plan or page.care or page.notes)


def taken_along(of: Looking) -> bool:
    """The member's own export: nothing of Jo's but the name, while they stand beside Jo."""
    packed = str(leaving_seen.everything(of.who.actor))
    assert not of_jo(packed)
    return "'called': 'Jo'" in packed


def doorbell(of: Looking) -> bool:
    """Does Jo's next call for help ring at their open pages?"""
    safety.end_call(of.jo.actor, call=of.call, ending="okay")
    before = Bell.objects.filter(person_id=of.who.id).count()
    with suppress(Invalid):  # nobody is left who could be asked
        safety.make_call(of.jo.actor, owner=of.jo.id, key=new_id(), words="Once more")
    return Bell.objects.filter(person_id=of.who.id).count() > before


def scope_page(of: Looking) -> bool:
    """What the signed page lets them see, as they may read it."""
    return "Their plan" in of.page(reverse("s-consent", args=[of.jo.id]))


def agreed_page(of: Looking) -> bool:
    return AGREED in of.page(f"/s/{of.jo.id}/agreed") or AGREED in of.page(f"/agreed/{of.agreement}")


def agreed_on_paper(of: Looking) -> bool:
    return AGREED in of.page(f"/agreed/{of.agreement}/print")


def api_agreed(of: Looking) -> bool:
    return AGREED in of.api(f"/pairs/{of.place}") + of.api(f"/agreements/{of.agreement}")


def program_page(of: Looking) -> bool:
    return of_jo(of.page(f"/c/p/{of.jo.id}"))


def program_list(of: Looking) -> bool:
    return '"feeling"' in of.api(f"/programs/{of.program}/people") or of.jo.id in of.page("/c/people?shows=feeling")


def queued(of: Looking, channel: str) -> bool:
    """A message that was put before the stop, when a worker comes for it."""
    rows = Outbox.objects.filter(to=of.who.id, kind="try", channel=channel)
    rows.update(state=Outbox.WAITING, ready_at=clock.now(), worker="", lease_until=None)
    return any(letter.owner == of.jo.id for letter in claims.claim(
        channel, Lane.ROUTINE, worker="w", lease=timedelta(minutes=1), limit=50
    ))  # fmt: skip


def by_mail(of: Looking) -> bool:
    return queued(of, Channel.EMAIL)


def by_push(of: Looking) -> bool:
    return queued(of, Channel.PUSH)


def by_text(of: Looking) -> bool:
    return queued(of, Channel.SMS)


def claimed_and_not_sent_yet(of: Looking) -> bool:
    """A letter in the sender's hands: it asks again before it sends."""
    row = Outbox.objects.filter(to=of.who.id, kind="in hand").first()
    if row is None:
        return False
    [letter] = claims._letters([row], timedelta(hours=9))
    return claims.is_still_wanted(letter)


# --- two kinds of people who look ---

WHILE_THE_PLACE_IS_THERE = {agreed_page, agreed_on_paper, api_agreed, taken_along}
OF_A_MEMBER: list[Callable[[Looking], bool]] = [
    own_page, list_of_people, alert_page, alert_answered_on_the_page, api_circles, api_alerts, api_alert_opened,
    api_alert_answered, preview, doorbell, by_mail, by_push, by_text, claimed_and_not_sent_yet,
    agreed_page, agreed_on_paper, api_agreed, taken_along,
]  # fmt: skip
OF_STAFF: list[Callable[[Looking], bool]] = [
    program_page, program_list, by_mail, by_push, by_text, claimed_and_not_sent_yet,
]  # fmt: skip


def write_everything(jo: Somebody, *members: Somebody) -> None:
    told = [each.membership_id for each in roster(jo)]
    said = checkins.record_checkin(
        jo.actor, owner=jo.id, zone=ZONE, key=new_id(), mood=1, craving=3, medicine="taken", note="I walked it off"
    )
    day = clock.today(ZONE)
    checkins.record_use_day(jo.actor, owner=jo.id, zone=ZONE, key=new_id(), kind="used", day=day, told=told)
    plan.write_step(jo.actor, owner=jo.id, number=1, lines=["Long evenings by the river"])
    care.add_medicine(jo.actor, owner=jo.id, name="Morning film", part_of_day=PartOfDay.MORNING)
    places = [each.membership_id for each in roster(jo) if each.person_id in {member.id for member in members}]
    if places:
        source = of_checkin(said.id)
        notes.show(jo.actor, owner=jo.id, source=source, day=day, words="I walked it off", memberships=places)


def put_messages(looking: Looking) -> None:
    """One waiting message by each channel, and one that a sender has in hand."""
    about = {"owner": looking.jo.id, "membership": looking.place, "category": Category.FEELING}
    for kind in ("try", "in hand"):
        outbox.put(to=looking.who.id, kind=kind, matter=new_id(), link="/", **about)
        [row] = Outbox.objects.filter(to=looking.who.id, kind=kind)
        for channel in (Channel.EMAIL, Channel.PUSH, Channel.SMS):
            row.pk, row.idem, row.channel, row.state = new_id(), new_id(), channel, Outbox.WAITING
            row.save(force_insert=True)
        Outbox.objects.filter(to=looking.who.id, kind=kind, channel=Channel.IN_APP).delete()
    Outbox.objects.filter(to=looking.who.id, kind="in hand").exclude(channel=Channel.EMAIL).delete()
    Outbox.objects.filter(kind="in hand").update(
        state=Outbox.CLAIMED, worker="w", token=new_token(), lease_until=clock.now() + timedelta(hours=9)
    )


@pytest.fixture
def member(jo: Somebody, mum: Somebody, sam: Somebody) -> Looking:
    share(jo, mum, *Category)
    share(jo, sam, Category.HELP)
    write_everything(jo, mum)
    place = next(each.membership_id for each in roster(jo) if each.person_id == mum.id)
    one = agreements.offer(jo.actor, owner=jo.id, membership=place, kind="limits", lines=[Line(AGREED)])
    call = safety.make_call(jo.actor, owner=jo.id, key=new_id(), words="Can you call me?")
    looking = Looking(jo, mum, place, call=call, agreement=one)
    put_messages(looking)
    return looking


@pytest.fixture
def staff(jo: Somebody, river: RiverHouse, dana: Somebody) -> Looking:
    place = river.stand_by(jo)
    share_at(jo, place, *FOR_PROGRAMS)
    write_everything(jo)
    looking = Looking(jo, dana, place, program=river.id)
    put_messages(looking)
    return looking


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def open_ways(looking: Looking, ways: list[Callable[[Looking], bool]]) -> set[str]:
    """The names of those that still give something; what a look changes is taken back."""
    found = set()
    for way in ways:
        with undone():
            if way(looking):
                found.add(way.__name__)
    return found


def end_date(looking: Looking, categories: list[Category]) -> None:
    soon = clock.now() + timedelta(hours=1)
    ends = {str(category): soon for category in categories}
    circle.set_ends(looking.jo.actor, owner=looking.jo.id, membership=looking.place, ends=ends, purpose="support")


def end_of_the_note(looking: Looking) -> None:
    from handrail.notes.queries import shown

    for one in shown(looking.jo.actor, owner=looking.jo.id):
        notes.stop(looking.jo.actor, shownnote=one.id)


STOPS_OF_A_MEMBER: dict[str, Callable[[Looking], object]] = {
    "one tap": lambda of: circle.stop_all(of.jo.actor, owner=of.jo.id, membership=of.place),
    "pause": lambda of: circle.pause(of.jo.actor, owner=of.jo.id, membership=of.place, keeps_help=False),
    "pause all": lambda of: circle.pause(of.jo.actor, owner=of.jo.id, keeps_help=False),
    "an end date": lambda of: (end_date(of, list(Category)), end_of_the_note(of)),
    "parting": lambda of: circle.end_membership(of.jo.actor, owner=of.jo.id, membership=of.place),
    "leaving": lambda of: circle.leave_circle(of.who.actor, owner=of.jo.id),
    "erasing": lambda of: leaving.erase(of.jo.actor),
}
THE_PLACE_ENDS = {"parting", "leaving", "erasing"}


@pytest.mark.parametrize("how", STOPS_OF_A_MEMBER)
def test_after_a_stop_a_member_gets_nothing_by_any_way(member: Looking, how: str) -> None:
    assert open_ways(member, OF_A_MEMBER) == {way.__name__ for way in OF_A_MEMBER}
    STOPS_OF_A_MEMBER[how](member)
    still = set() if how in THE_PLACE_ENDS else {way.__name__ for way in WHILE_THE_PLACE_IS_THERE}
    ways = [way for way in OF_A_MEMBER if how != "erasing" or way is not doorbell]  # there is nobody to call
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert open_ways(member, ways) == still


STOPS_OF_STAFF: dict[str, Callable[[Looking], object]] = {
    "one tap": STOPS_OF_A_MEMBER["one tap"],
    "pause": STOPS_OF_A_MEMBER["pause"],
    "an end date": lambda of: end_date(of, FOR_PROGRAMS),
    "parting": STOPS_OF_A_MEMBER["parting"],
    "they work there no more": lambda of: kept.end_staff(program_id=of.program, person_id=of.who.id),
    "the program closes": lambda of: kept.close(of.program),
}


@pytest.mark.parametrize("how", [*STOPS_OF_STAFF, "its keeper parts"])
def test_after_a_stop_staff_get_nothing_by_any_way(staff: Looking, river: RiverHouse, how: str) -> None:
    assert open_ways(staff, OF_STAFF) == {way.__name__ for way in OF_STAFF}
    if how == "its keeper parts":
        programs.part(river.keeper.actor, owner=staff.jo.id, program=river.id)
    else:
        STOPS_OF_STAFF[how](staff)
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert open_ways(staff, OF_STAFF) == set()


@pytest.mark.parametrize("how", ["revoked", "its last day is over", "one tick cleared"])
def test_after_a_consent_has_ended_a_care_worker_gets_nothing(
    jo: Somebody, ann: Somebody, settings: LazySettings, how: str
) -> None:
    place = stand_by(jo, ann, Role.PHYSICIAN)
    consent = sign_for(jo, place, *FOR_PROGRAMS, Category.HELP, days=30)
    write_everything(jo)
    call = safety.make_call(jo.actor, owner=jo.id, key=new_id(), words="Can you call me?")
    looking = Looking(jo, ann, place, call=call)
    put_messages(looking)
    ways = [way for way in OF_A_MEMBER if way not in WHILE_THE_PLACE_IS_THERE] + [scope_page]
    assert open_ways(looking, ways) == {way.__name__ for way in ways}
    if how == "revoked":
        consents.end(jo.actor, consent=consent)
        assert open_ways(looking, ways) == set()
    elif how == "one tick cleared":  # the only one that these messages were about
        circle.change_shares(jo.actor, owner=jo.id, wanted={place: {*FOR_PROGRAMS, Category.HELP} - {Category.FEELING}})
        messages = {by_mail, by_push, by_text, claimed_and_not_sent_yet}
        assert open_ways(looking, ways) == {way.__name__ for way in ways if way not in messages}
        assert "feeling rough" not in looking.page(f"/s/{jo.id}") + looking.page("/s/today")
        assert "How they feel" not in looking.page(reverse("s-consent", args=[jo.id]))
    else:
        Outbox.objects.filter(kind="in hand").update(lease_until=clock.now() + timedelta(days=60))
        with clock.moved_to(clock.now() + timedelta(days=32)):
            looking.session.force_login(Person.objects.get(pk=ann.id))
            assert open_ways(looking, ways) == set()
