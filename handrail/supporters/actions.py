"""The own space of whoever stands beside somebody; resting, leaving and coming back."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from handrail.checkins.answers import Sleep
from handrail.circle import actions as circle
from handrail.circle import queries as circle_seen
from handrail.delivery import outbox
from handrail.engine import due
from handrail.gate import Actor, gated
from handrail.gate.carrying import carried_in, is_text, is_text_or_none, one_of
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere, TooLate
from handrail.people import queries as people
from handrail.safety import actions as safety
from handrail.supporters import rules
from handrail.supporters.answers import Strength, Worry
from handrail.supporters.models import Note, Space, Week

REMIND, FORGET_LEFT = "supporters.remind", "supporters.forget_left"


# --- the weekly question ----------------------------------------------------------------------------------------------


@gated("own.change", writes=True)
def say_how(
    actor: Actor,
    *,
    owner: str,
    zone: str,
    strength: int,
    sleep: int | None = None,
    worry: int | None = None,
    good: str = "",
) -> None:
    """Answer the weekly question; within the same seven days, change what was answered."""
    space, today = _space(owner), clock.today(zone)
    week = Week.objects.order_by("-day").first()
    if week is None or not 0 <= (today - week.day).days < rules.ASKED_EVERY.days:
        week = Week(owner_id=owner, day=today)
    week.strength, week.sleep, week.worry = Strength(strength).value, sleep and Sleep(sleep), worry and Worry(worry)
    week.good = _short(good, field="good") or None
    week.save()
    space.answered_on, space.put_off_until = week.day, None
    space.save()


@gated("own.change", writes=True)
def put_off(actor: Actor, *, owner: str, zone: str) -> None:
    """Not now: ask again in a few days."""
    space = _space(owner)
    space.put_off_until = clock.today(zone) + rules.PUT_OFF
    space.save()


@gated("own.change", writes=True)
def choose_asking(actor: Actor, *, owner: str, zone: str, asked: bool, reminded: bool) -> None:
    """Whether the question comes at all, and with a message once a week."""
    space = _space(owner)
    space.off, space.reminds = not asked, asked and reminded
    space.put_off_until = None
    space.save()
    due.cancel(REMIND, ref=owner)
    if space.reminds:
        due.schedule(REMIND, ref=owner, at=rules.reminder_after(clock.now(), zone))


@gated("own.remind", writes=True)
def remind(actor: Actor, *, owner: str) -> None:
    """Sunday: a message, if the question is due and they stand beside anybody; and the next Sunday anew."""
    space = Space.objects.select_for_update().filter(owner_id=owner).first()
    if space is None or not space.reminds:
        return
    zone, now = people.profile(actor, owner=owner).time_zone, clock.now()
    today = clock.local_day(now, zone)
    asks = rules.is_due(today, off=space.off, answered_on=space.answered_on, put_off_until=space.put_off_until)
    if asks and Actor.person(owner).all_rights():
        outbox.put(to=owner, owner=owner, kind="own.week", matter=space.pk, round=today.isoformat(), link="/s/me-too")
    due.schedule(REMIND, ref=owner, at=rules.reminder_after(now, zone))


def _space(owner: str) -> Space:
    """Their one row, locked; made on first use."""
    rows = Space.objects.select_for_update()
    found: Space | None = rows.filter(owner_id=owner).first()
    if found is None:
        try:
            with transaction.atomic():
                return Space.objects.create(owner_id=owner)
        except IntegrityError:  # two taps at once
            return rows.get(owner_id=owner)
    return found


# --- notes ------------------------------------------------------------------------------------------------------------


@gated("own.change", writes=True)
def keep_note(actor: Actor, *, owner: str, text: str, circle_of: str = "", note: str | None = None) -> str:
    """Write a note for oneself, or change one; `circle_of`: the person whom it is about. Answers its id."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid(_("Write a line, or go back."), field="text")
    if len(text) > rules.LONGEST_NOTE:
        raise Invalid(_("That is very long. Please keep it under 4,000 letters."), field="text")
    now = clock.now()
    if note is not None:
        found = _note(note)
        found.changed_at = now
    else:
        if Note.objects.count() >= rules.MOST_NOTES:
            raise Invalid(_("There are very many notes here. Delete one that you no longer need."), field="text")
        found = Note(owner_id=owner, written_at=now)
    if circle_of != (found.circle_of or "") or note is None:
        found.circle_of = circle_of or None
        found.called = circle_seen.circle_of(actor, owner=circle_of).called if circle_of else None
    found.text = text
    found.save()
    return str(found.pk)


@gated("own.change", about=Note, writes=True)
def remove_note(actor: Actor, *, note: str) -> None:
    _note(note).delete()


def _note(note: str) -> Note:
    found: Note | None = Note.objects.select_for_update().filter(pk=note).first()
    if found is None:
        raise NotHere
    return found


# --- resting ----------------------------------------------------------------------------------------------------------


def rest(actor: Actor, *, owners: Collection[str], until: datetime, although_last: Collection[str] = ()) -> None:
    """Put no calls and send no messages until then, in these circles; all of them or none.

    `although_last`: of whom they have read that nobody else gets the calls (circle.LastOnCall otherwise). A call that
    is open passes on at once, as if they had said that they cannot.
    """
    if not owners:
        raise Invalid(_("Choose at least one person."), field="owners")
    if not clock.now() < until <= clock.now() + rules.LONGEST_REST:
        raise Invalid(_("Choose a day in the next three months."), field="until")
    with transaction.atomic():
        for owner in sorted(owners):
            circle.rest(actor, owner=owner, until=until, although_last=owner in although_last)
            safety.step_out(actor, owner=owner)


def end_rest(actor: Actor, *, owners: Collection[str]) -> None:
    with transaction.atomic():
        for owner in sorted(owners):
            circle.end_rest(actor, owner=owner)


# --- leaving and coming back ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Left:
    """A circle that this person left, and until when they may come back to it as it was."""

    place: str
    circle_of: str
    called: str
    until: str  # ISO 8601


def leave(actor: Actor, *, owner: str, for_good: bool = False) -> None:
    """Leave a circle: nothing of it is seen from now on and nothing comes any more. For a day it can be undone.

    `for_good`: it cannot, because the account goes.
    """
    with transaction.atomic():
        called = circle_seen.circle_of(actor, owner=owner).called
        safety.step_out(actor, owner=owner)
        right = actor.right_to(owner)
        until = circle.leave_circle(actor, owner=owner, for_good=for_good)
        if right and until:
            _note_left(actor, owner=actor.me, left=Left(right.membership_id, owner, called, until.isoformat()))
            due.schedule(FORGET_LEFT, ref=actor.me, at=until)


@gated("own.change", writes=True)
def _note_left(actor: Actor, *, owner: str, left: Left) -> None:
    space = _space(owner)
    others = [each for each in _still_open(space) if each["circle_of"] != left.circle_of]
    space.left = [*others, asdict(left)]
    space.save()


def come_back(actor: Actor, *, place: str) -> str:
    """Undo it, while that is possible (TooLate otherwise); answers whose circle it is."""
    with transaction.atomic():
        left = _take_left(actor, owner=actor.me, place=place)
        circle.come_back(actor, owner=left["circle_of"], membership=place)
    return str(left["circle_of"])


@gated("own.change", writes=True)
def _take_left(actor: Actor, *, owner: str, place: str) -> dict[str, str]:
    space = _space(owner)
    found = [each for each in _still_open(space) if each["place"] == place]
    if not found:
        raise TooLate
    space.left = [each for each in _still_open(space) if each["place"] != place] or None
    space.save()
    return found[0]


@gated("own.remind", writes=True)
def forget_left(actor: Actor, *, owner: str) -> None:
    """The day is over: what was left is not written down here any more."""
    space = Space.objects.select_for_update().filter(owner_id=owner).first()
    if space is not None:
        space.left = _still_open(space) or None
        space.save()
        if space.left:
            due.schedule(FORGET_LEFT, ref=owner, at=min(datetime.fromisoformat(each["until"]) for each in space.left))


def forget_moments(owner: str) -> None:
    """Their account goes, in this transaction: nothing is due for them any more."""
    due.cancel(REMIND, ref=owner)
    due.cancel(FORGET_LEFT, ref=owner)


def _still_open(space: Space) -> list[dict[str, str]]:
    return [each for each in space.left or [] if datetime.fromisoformat(each["until"]) > clock.now()]


def _short(text: str, *, field: str) -> str:
    text = " ".join(text.split())
    if len(text) > rules.LONGEST_LINE:
        raise Invalid(_("That is very long. Please shorten it."), field=field)
    return text


@gated("import.write", writes=True)
def imported(actor: Actor, *, owner: str, data: dict[str, Any]) -> None:
    """Own notes and answers. Nobody comes along: a note keeps the name of whom it was about, and no more."""
    carried_in(
        Note, owner, data.get("own_notes", []), plain=("written_at", "changed_at"),
        sealed={"text": is_text, "called": is_text_or_none}, fixed={"circle_of": None},
    )  # fmt: skip
    carried_in(
        Week, owner, data.get("own_weeks", []), plain=("day",),
        sealed={
            "strength": one_of(Strength.values, or_none=False),
            "sleep": one_of(Sleep.values),
            "worry": one_of(Worry.values),
            "good": is_text_or_none,
        },
    )  # fmt: skip
    carried_in(Space, owner, data.get("own_asking", []), plain=("off", "answered_on"), sealed={}, fixed={"left": None})
