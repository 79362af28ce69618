"""Tells the demo's story through the house's own actions, day by day, with the clock moved back to each."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from handrail.agreements import actions as agreements
from handrail.agreements.rules import Line
from handrail.card import actions as card
from handrail.care import actions as care
from handrail.care.times import PartOfDay
from handrail.checkins import actions as checkins
from handrail.checkins import queries as checked
from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.consents import actions as consents
from handrail.consents import queries as consented
from handrail.consents.rules import Kind, Purpose
from handrail.demo import cast, queries, river_house
from handrail.demo.models import Figure
from handrail.demo.order import Story
from handrail.gate import Actor
from handrail.home import seen
from handrail.kernel import clock
from handrail.kernel.ids import new_id
from handrail.kindness import actions as kindness
from handrail.notes import actions as notes
from handrail.people import actions as people
from handrail.plan import actions as plan
from handrail.safety import actions as safety
from handrail.supporters import actions as supporters


def tell() -> None:
    """Fill an empty database; all of it or nothing."""
    zone = settings.HANDRAIL.time_zone
    with transaction.atomic():
        jo = _settle("person", cast.JO, opens="/today")
        with clock.moved_to(clock.now() - timedelta(days=60)):
            for supporter in cast.SUPPORTERS:
                _bring_in(jo, supporter)
        _signed(jo, zone)
        _places_and_rungs(jo)
        _six_weeks(jo, zone)
        _care_and_plan(jo, zone)
        _for_mum(jo, zone)
        story = Story()  # from here on, what is written into Jo's log
        _show_a_note(story, jo, zone)
        _agreed(story, jo)
        _kind_words(story, jo)
        _calls(story, jo, zone)
        _looks(story, jo)
        river_house.tell(story, jo, zone, lambda who, name, opens: _settle(who, name, opens=opens))
        story.tell()


def _settle(who: str, name: str, *, opens: str) -> str:
    """An account that is entered through the demo bar; its passphrase stands on the page that asks for it again."""
    here = settings.HANDRAIL
    made = people.sign_up(name=name, passphrase=cast.PASSPHRASE, time_zone=here.time_zone, country=here.country)
    people.words_are_written(Actor.person(made.person_id), owner=made.person_id)
    Figure.objects.create(who=who, person_id=made.person_id, opens=opens)
    return made.person_id


def _bring_in(jo: str, supporter: cast.Supporter) -> None:
    """The whole way that real people go: a link, three words, and in."""
    owner = Actor.person(jo)
    member = Actor.person(_settle(supporter.who, supporter.name, opens="/s/today"))
    people.change_view(member, owner=str(member.person_id), view="supporter")
    link = circle.invite(
        owner, owner=jo, calls_member=supporter.called, role=supporter.role, shares=[str(c) for c in supporter.shares]
    )
    code = roster.invitation(owner, invitation=link).code
    circle.ask_to_join(member, code=code)
    circle.confirm(owner, invitation=link, phrase=roster.waiting(member, code=code).phrase)


def _signed(jo: str, zone: str) -> None:
    """The demo stands under the posture that a new install has: Dr Osei sees what Jo has signed for, and no more."""
    owner = Actor.person(jo)
    for supporter in cast.SUPPORTERS:
        place = next(m for m in roster.roster(owner, owner=jo) if m.name == supporter.called)
        if not place.needs_signature:
            continue
        with clock.moved_to(clock.now() - timedelta(days=59)):
            made = consents.write(
                owner, owner=jo, zone=zone, kind=Kind.SHARE, things=[str(c) for c in supporter.shares],
                purpose=Purpose.TREATMENT, last_day=clock.today(zone) + timedelta(days=70),
                membership=place.membership_id, purpose_words="My visits at the clinic",
            )  # fmt: skip
            shown = consented.one(owner, consent=made).digest
            consents.sign(owner, consent=made, shown=shown, name=cast.JO)


def _places_and_rungs(jo: str) -> None:
    actor = Actor.person(jo)
    order = {"Mum": 1, "Sam": 1, "Dee": 2, "Dr Osei": 3}
    for supporter in cast.SUPPORTERS:
        place = next(m.membership_id for m in roster.roster(actor, owner=jo) if m.name == supporter.called)
        circle.place_on_map(actor, owner=jo, membership=place, closeness=supporter.closeness, lean=supporter.lean)
    circle.keep_outsider(
        actor, owner=jo, kind="group", name="Tuesday group", phone="", about="Fifth Street, 7 pm", closeness=2, lean=1
    )
    rungs = {member.membership_id: order[member.name] for member in roster.roster(actor, owner=jo)}
    circle.order_ladder(actor, owner=jo, rungs=rungs)
    phones = {"Mum": "(555) 010-0123", "Sam": "(555) 010-0177"}  # numbers kept free for stories
    card.keep_numbers(
        actor,
        owner=jo,
        phones={m.membership_id: phones[m.name] for m in roster.roster(actor, owner=jo) if m.name in phones},
    )


def _six_weeks(jo: str, zone: str) -> None:
    now = clock.now()
    answers = cast.days()
    checkins.set_start(Actor.person(jo), owner=jo, zone=zone, began=clock.today(zone) - timedelta(days=cast.SINCE_DAYS))
    for ago, answer in zip(range(len(answers), 0, -1), answers, strict=True):
        if answer is None:
            continue
        mood, craving, sleep = answer
        with clock.moved_to(_evening(now - timedelta(days=ago), zone, minutes=(ago * 13) % 50)):
            checkins.record_checkin(
                Actor.person(jo), owner=jo, zone=zone, key=new_id(), mood=mood, craving=craving, sleep=sleep,
                medicine="taken", note=cast.NOTES.get(ago),
            )  # fmt: skip
    _hard_day(jo, zone, now)
    hidden = clock.local_day(now, zone) - timedelta(days=cast.HIDDEN_DAYS_AGO)
    checkins.hide_day(Actor.person(jo), owner=jo, zone=zone, day=hidden)


def _hard_day(jo: str, zone: str, now: datetime) -> None:
    sam = [m.membership_id for m in roster.roster(Actor.person(jo), owner=jo) if m.name == "Sam"]
    day = clock.local_day(now, zone) - timedelta(days=cast.USE_DAYS_AGO)
    with clock.moved_to(_evening(now - timedelta(days=cast.USE_DAYS_AGO), zone, minutes=40)):
        checkins.record_use_day(
            Actor.person(jo), owner=jo, zone=zone, key=new_id(), kind="used", day=day, need="talk", told=sam
        )


def _show_a_note(story: Story, jo: str, zone: str) -> None:
    """Mum may read the note about her garden, and no other."""
    owner, day = Actor.person(jo), clock.today(zone) - timedelta(days=cast.SHOWN_TO_MUM)
    mum = [m.membership_id for m in roster.roster(owner, owner=jo) if m.name == "Mum"]
    for found in checked.of_days(owner, owner=jo, zone=zone, since=day, until=day):
        source, words = checked.of_checkin(found.id), found.note or ""
        show = partial(notes.show, owner, owner=jo, memberships=mum, source=source, day=found.day, words=words)
        story.ago(show, days=2)


def _care_and_plan(jo: str, zone: str) -> None:
    actor = Actor.person(jo)
    morning = care.add_medicine(actor, owner=jo, name="Morning film", part_of_day=PartOfDay.MORNING)
    care.mark_taken(actor, medicine=morning, day=clock.today(zone))
    tomorrow = _evening(clock.now() + timedelta(days=1), zone, minutes=0)
    care.add_visit(actor, owner=jo, at=tomorrow, title="Group at 6 pm", place="Fifth Street, room 2")
    care.add_visit(actor, owner=jo, at=tomorrow + timedelta(days=3, hours=-8), title="Dr Osei", place="Clinic")
    for number, lines in cast.PLAN.items():
        plan.write_step(actor, owner=jo, number=number, lines=lines)


def _agreed(story: Story, jo: str) -> None:
    """What Jo and Mum have said to each other: one agreement that both said yes to, and what to talk about next."""
    owner, mum = Actor.person(jo), _actor("mother")
    place = next(m.membership_id for m in roster.roster(owner, owner=jo) if m.name == "Mum")
    pair = {"owner": jo, "membership": place}

    def both_say_yes() -> None:
        made = agreements.offer(owner, **pair, kind="limits", lines=[Line(*line) for line in cast.JO_SAYS])
        agreements.offer(mum, **pair, kind="limits", lines=[Line(*line) for line in cast.MUM_SAYS])
        agreements.say_yes(owner, agreement=made, version=2)

    def for_the_next_talk() -> None:
        agreements.offer(mum, **pair, kind="words", lines=[Line(line) for line in cast.MUM_LIKES])
        for who, text in ((mum, "Sunday dinners, how long to stay"), (owner, "A spare key for me")):
            agreements.add_topic(who, **pair, text=text)

    story.ago(both_say_yes, days=12)
    story.ago(for_the_next_talk, days=2)


def _kind_words(story: Story, jo: str) -> None:
    for who, words, hours in cast.KIND_WORDS:
        story.ago(partial(kindness.send, _actor(who), owner=jo, words=words), hours=hours)


def _calls(story: Story, jo: str, zone: str) -> None:
    """Three evenings on which Jo called, and somebody said yes each time."""
    for ago, answers in cast.CALLS.items():
        story.at(_evening(story.now - timedelta(days=ago), zone, minutes=50), partial(_call, jo, answers))


def _call(jo: str, answers: Mapping[str, str]) -> None:
    actor = Actor.person(jo)
    made = safety.make_call(actor, owner=jo, key=new_id(), words="Hard evening. Can somebody call me?")
    for who, answer in answers.items():
        safety.answer_call(_actor(who), call=made, answer=answer)
    safety.end_call(actor, call=made, ending="okay")


def _for_mum(jo: str, zone: str) -> None:
    """What Mum keeps for herself: some weeks of answers, and a note. The newest question waits for her."""
    mum = _actor("mother")
    now = clock.now()
    for weeks, (strength, sleep, worry, good) in cast.MUM_WEEKS.items():
        with clock.moved_to(now - timedelta(weeks=weeks)):
            supporters.say_how(mum, owner=mum.me, zone=zone, strength=strength, sleep=sleep, worry=worry, good=good)
    with clock.moved_to(now - timedelta(weeks=2)):
        supporters.keep_note(mum, owner=mum.me, text=cast.MUM_NOTE, circle_of=jo)


def _looks(story: Story, jo: str) -> None:
    """The supporters have looked in now and then, so the log has something to say."""
    for who, hours in (("mother", 52), ("sponsor", 30), ("physician", 26), ("mother", 9)):
        story.ago(partial(_look, who, jo), hours=hours)


def _look(who: str, jo: str) -> None:
    seen.person(_actor(who), owner=jo)


def _actor(who: str) -> Actor:
    """A fresh one, as every request has."""
    shown = queries.figure(who)
    return Actor.person(shown.person_id if shown else "")


def _evening(moment: datetime, zone: str, *, minutes: int) -> datetime:
    """Six in the evening and some minutes, on the local day of `moment`."""
    local = moment.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date(), time(18, minutes), ZoneInfo(zone))
