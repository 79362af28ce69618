"""What a person writes down about their days. Everything here is their own act; nobody else can take one of these."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from handrail.checkins import rules
from handrail.checkins.answers import Craving, Medicine, Mood, Need, Sleep, UseKind
from handrail.checkins.models import CheckIn, HiddenDay, Start, UseDay
from handrail.checkins.queries import CheckedIn, HardDay, finished, hard_day_of, of_checkin, of_hard_day
from handrail.checkins.rules import Answered
from handrail.engine import bell
from handrail.gate import Actor, gated
from handrail.gate import circle as places
from handrail.gate.carrying import carried_in, is_day, is_day_or_none, is_text_or_none, is_zone, one_of
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere, TooLate
from handrail.kernel.ids import new_id
from handrail.notes import actions as notes

LONGEST_NOTE = 4000  # characters
LONGEST_KEY = 64
UNCHANGED: Any = object()


@gated("checkin.record", writes=True)
def record_checkin(
    actor: Actor,
    *,
    owner: str,
    zone: str,
    key: str,
    mood: int,
    craving: int | None = None,
    sleep: int | None = None,
    medicine: str | None = None,
    note: str | None = None,
    day: date | None = None,
    answered_at: datetime | None = None,
) -> CheckedIn:
    """Take one check-in. The same `key` again returns what the first one became, taken back or not.

    `zone`: where the person is (IANA). `day`: for an entry from memory, at most `rules.LATE_DAYS` ago; None means the
    day on which it was answered. `answered_at`: when the phone took it, if it had no signal then.
    """
    _require_key(key)
    sent_before = CheckIn.objects.filter(owner_id=owner, key=key).first()
    if sent_before is not None:
        return finished(sent_before, zone)
    now = clock.now()
    at = rules.moment_answered(answered_at, now)
    today = clock.local_day(at, zone)
    if day is not None and not rules.may_add_for(day, today):
        raise Invalid(_("You can add a check-in for today or the last 7 days."), field="day")
    row = CheckIn(
        owner_id=owner,
        key=key,
        day=day or today,
        at=at,
        received_at=now,
        late=day is not None and day < today,
        hidden=bool(_hidden(day or today)),
        zone=zone,
        mood=_mood(mood),
        craving=_one_of(Craving, craving, "craving"),
        sleep=_one_of(Sleep, sleep, "sleep"),
        medicine=_one_of(Medicine, medicine, "medicine"),
        note=_words(note, "note"),
    )
    return finished(_keep_once(row), zone)


@gated("checkin.record", writes=True)
def record_past(actor: Actor, *, owner: str, zone: str, answers: Sequence[Answered]) -> None:
    """Check-ins as if they had been made at those moments, for an account that was not there then (`second/`)."""
    for one in answers:
        CheckIn.objects.create(
            owner_id=owner,
            key=new_id(),
            day=one.day,
            at=one.at,
            received_at=one.at,
            zone=zone,
            mood=_mood(one.mood),
            craving=_one_of(Craving, one.craving, "craving"),
            sleep=_one_of(Sleep, one.sleep, "sleep"),
        )


@gated("checkin.record", about=CheckIn, writes=True)
def change_checkin(
    actor: Actor,
    *,
    checkin: str,
    zone: str,
    mood: int = UNCHANGED,
    craving: int | None = UNCHANGED,
    sleep: int | None = UNCHANGED,
    medicine: str | None = UNCHANGED,
    note: str | None = UNCHANGED,
) -> CheckedIn:
    """Add or change answers until midnight; TooLate afterwards, or when it was taken back."""
    row = _still_open(checkin, zone)
    if mood is not UNCHANGED:
        row.mood = _mood(mood)
    if craving is not UNCHANGED:
        row.craving = _one_of(Craving, craving, "craving")
    if sleep is not UNCHANGED:
        row.sleep = _one_of(Sleep, sleep, "sleep")
    if medicine is not UNCHANGED:
        row.medicine = _one_of(Medicine, medicine, "medicine")
    if note is not UNCHANGED:
        row.note = _words(note, "note")
        _note_changed(actor, row)
    row.save()
    return finished(row, zone)


def _note_changed(actor: Actor, row: CheckIn) -> None:
    source = of_checkin(row.pk)
    notes.follow(actor, owner=row.owner_id, source=source, day=row.day, words=row.note, hidden=row.hidden)


@gated("checkin.record", about=CheckIn, writes=True)
def undo_checkin(actor: Actor, *, checkin: str, zone: str) -> CheckedIn:
    """Take a check-in back: every answer is wiped, the key stays so that a late resend does not revive it."""
    row = CheckIn.objects.select_for_update().filter(pk=checkin).first()
    if row is not None and row.undone_at is not None:
        return finished(row, zone)
    row = _still_open(checkin, zone)
    row.mood = row.craving = row.sleep = row.medicine = row.note = None
    row.undone_at = clock.now()
    _note_changed(actor, row)
    row.save()
    if not row.hidden:
        _ring(row.owner_id)
    return finished(row, zone)


@gated("day.hide", writes=True)
def hide_day(actor: Actor, *, owner: str, zone: str, day: date) -> None:
    """From now on no member sees anything of this day: to them it is a day without a check-in. They are not told.

    It is not written to the access log: whoever makes a person show that log must not find it there.
    """
    if not rules.in_living_memory(day, clock.today(zone) + timedelta(days=1)):  # further east the day has begun
        raise Invalid(_("Choose today or a day before it."), field="day")
    if not _hidden(day):
        HiddenDay.objects.create(owner_id=owner, day=day.isoformat())
    _mark(owner, day, hidden=True)


@gated("day.hide", writes=True)
def show_day(actor: Actor, *, owner: str, day: date) -> None:
    """Back to what is shared with each member."""
    for row in _hidden(day):
        row.delete()
    _mark(owner, day, hidden=False)


def _mark(owner: str, day: date, *, hidden: bool) -> None:
    CheckIn.objects.filter(owner_id=owner, day=day).update(hidden=hidden)
    hard = [row.pk for row in UseDay.objects.filter(owner_id=owner) if row.day == day.isoformat()]
    UseDay.objects.filter(pk__in=hard).update(hidden=hidden)
    _ring(owner)


def _hidden(day: date) -> list[HiddenDay]:
    return [row for row in HiddenDay.objects.all() if row.day == day.isoformat()]


def _ring(owner: str) -> None:
    """Open pages of members ask again. Hidden, taken back or deleted: a day goes from them in one and the same way."""
    bell.ring(places.member_ids(owner))


@gated("use.record", writes=True)
def record_use_day(
    actor: Actor,
    *,
    owner: str,
    zone: str,
    key: str,
    kind: str,
    day: date,
    details: str | None = None,
    need: str | None = None,
    told: Sequence[str] = (),
) -> HardDay:
    """Write down a hard day. `told`: the memberships that stood in the confirm line and were not left out.

    Only a day of use can be told; a day that came close stays with the person. Nobody is sent anything. Days in
    recovery do not change: they are not counted from here.
    """
    _require_key(key)
    sent_before = UseDay.objects.filter(owner_id=owner, key=key).first()
    if sent_before is not None:
        return hard_day_of(sent_before)
    row = UseDay(owner_id=owner, key=key)
    _write_use_day(row, zone=zone, kind=kind, day=day, details=details, need=need, told=told)
    return hard_day_of(_keep_once(row))


@gated("use.record", about=UseDay, writes=True)
def change_use_day(
    actor: Actor,
    *,
    useday: str,
    zone: str,
    kind: str,
    day: date,
    details: str | None = None,
    need: str | None = None,
    told: Sequence[str] = (),
) -> HardDay:
    """The same as writing it down anew; somebody who is not in `told` any more does not see it any more."""
    row = UseDay.objects.select_for_update().filter(pk=useday).first()
    if row is None:
        raise NotHere
    was_hidden = row.hidden
    _write_use_day(row, zone=zone, kind=kind, day=day, details=details, need=need, told=told)
    hidden = was_hidden and row.hidden
    notes.follow(actor, owner=row.owner_id, source=of_hard_day(row.pk), day=day, words=row.details, hidden=hidden)
    row.save()
    return hard_day_of(row)


@gated("use.record", about=UseDay, writes=True)
def delete_use_day(actor: Actor, *, useday: str) -> None:
    """Gone, with every word of it."""
    row = UseDay.objects.filter(pk=useday).first()
    if row is not None:
        notes.forget(actor, owner=row.owner_id, source=of_hard_day(useday), hidden=row.hidden)
        row.delete()
        if not row.hidden:
            _ring(row.owner_id)


@gated("days.change", writes=True)
def set_start(actor: Actor, *, owner: str, zone: str, began: date | None) -> None:
    """Choose the day that days in recovery are counted from; None: no counting."""
    if began is not None and not rules.in_living_memory(began, today := clock.today(zone)):
        raise Invalid(why_not(began, today), field="began")
    _keep_start(owner, began=began.isoformat() if began else None)


@gated("days.change", writes=True)
def hide_days_since_use(actor: Actor, *, owner: str, hidden: bool) -> None:
    """Show or hide the second count on the person's own pages."""
    _keep_start(owner, since_use_hidden=hidden)


def _keep_start(owner: str, **values: Any) -> None:
    Start.objects.update_or_create(owner_id=owner, defaults=values)


def _keep_once(row: Any) -> Any:
    """Store a new row, or find the one with its key that another request has stored at the same moment."""
    model = type(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        twin = model.objects.filter(owner_id=row.owner_id, key=row.key).first()
        if twin is None:
            raise
        return twin
    return row


def _still_open(checkin: str, zone: str) -> CheckIn:
    row: CheckIn | None = CheckIn.objects.select_for_update().filter(pk=checkin).first()
    if row is None:
        raise NotHere
    if row.undone_at is not None or not rules.may_still_change(row.received_at, clock.now(), (row.zone, zone)):
        raise TooLate(_("This check-in can be changed until midnight of its day. You can add a new one."))
    return row


def why_not(day: date, today: date) -> str:
    """What is wrong with a day outside of living memory."""
    return _("Choose today or a day before it.") if day > today else _("That is over a century ago. Check the year.")


def _write_use_day(
    row: UseDay, *, zone: str, kind: str, day: date, details: str | None, need: str | None, told: Sequence[str]
) -> None:
    if not rules.in_living_memory(day, today := clock.today(zone)):
        raise Invalid(why_not(day, today), field="day")
    row.kind = _one_of(UseKind, kind, "kind")
    if row.kind is None:
        raise Invalid(_("Choose what happened."), field="kind")
    row.day, row.hidden = day.isoformat(), bool(_hidden(day))
    row.details = _words(details, "details")
    row.need = _one_of(Need, need, "need")
    row.told = sorted(set(told)) if row.kind == UseKind.USED else []


def _mood(value: int | None) -> int:
    """The one answer that every check-in has."""
    mood: int | None = _one_of(Mood, value, "mood")
    if mood is None:
        raise Invalid(_("Choose how you are right now."), field="mood")
    return mood


def _one_of(choices: Any, value: Any, field: str) -> Any:
    """The plain value of a choice, None for none; Invalid for anything else (a form shows choices, the API may not)."""
    if value is None or value == "":
        return None
    if value not in choices.values or isinstance(value, bool):
        raise Invalid(_("Choose one of the answers."), field=field)
    return choices(value).value


def _words(text: str | None, field: str) -> str | None:
    text = (text or "").strip()
    if len(text) > LONGEST_NOTE:
        raise Invalid(_("That is longer than we can keep. Please make it shorter."), field=field)
    return text or None


def _require_key(key: str) -> None:
    if not 8 <= len(key) <= LONGEST_KEY:
        raise Invalid(_("Something in that did not work. Please check it and try again."), field="key")


@gated("import.write", writes=True)
def imported(actor: Actor, *, owner: str, data: dict[str, Any]) -> None:
    """Take in what `queries.exported` gave elsewhere. Whom a hard day was told stays behind with the members."""
    carried_in(
        CheckIn,
        owner,
        [{"hidden": False, **row} for row in data.get("checkins", [])],  # a file from before there were hidden days
        plain=("key", "day", "at", "received_at", "late", "undone_at", "hidden"),
        sealed={
            "zone": is_zone,
            "mood": one_of(Mood.values),
            "craving": one_of(Craving.values),
            "sleep": one_of(Sleep.values),
            "medicine": one_of(Medicine.values),
            "note": is_text_or_none,
        },
    )
    carried_in(
        UseDay,
        owner,
        [{"hidden": False, **row} for row in data.get("hard_days", [])],
        plain=("key", "hidden"),
        sealed={
            "day": is_day,
            "kind": one_of(UseKind.values, or_none=False),
            "details": is_text_or_none,
            "need": one_of(Need.values),
        },
        fixed={"told": []},
    )
    carried_in(HiddenDay, owner, data.get("hidden_days", []), sealed={"day": is_day})
    carried_in(Start, owner, data.get("start", [])[:1], plain=("since_use_hidden",), sealed={"began": is_day_or_none})
