"""What somebody said day by day, for themself and, opened field by field, for the members of their circle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import DateField, Exists, F, Min, OuterRef, QuerySet, Subquery

from handrail.checkins import rules
from handrail.checkins.answers import Craving, Medicine, Mood, Sleep, UseKind
from handrail.checkins.models import CheckIn, HiddenDay, Start, UseDay
from handrail.checkins.rules import Answered, DayFigures, Finding, Mark
from handrail.gate import Actor, Category, gated
from handrail.gate.carrying import Values, carried_out
from handrail.gate.opening import opening
from handrail.gate.prepared import Given, OpenRows, PreparedRecords
from handrail.kernel import clock
from handrail.kernel.errors import NotHere


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """One check-in, for the person who made it. `at` is in the zone it was made in."""

    id: str
    day: date
    at: datetime
    late: bool
    mood: int | None
    craving: int | None
    sleep: int | None
    medicine: str | None
    note: str | None
    undone: bool
    may_change: bool
    hidden: bool  # its day is: members see nothing of it

    @property
    def time(self) -> time:
        return self.at.time()

    @property
    def mood_said(self) -> str:
        return "" if self.mood is None else str(Mood(self.mood).label)

    @property
    def craving_said(self) -> str:
        return "" if self.craving is None else str(Craving(self.craving).label)

    @property
    def sleep_said(self) -> str:
        return "" if self.sleep is None else str(Sleep(self.sleep).label)

    @property
    def medicine_said(self) -> str:
        return "" if self.medicine is None else str(Medicine(self.medicine).label)

    @property
    def calls_for_company(self) -> bool:
        return rules.calls_for_company(self.mood, self.craving)


@dataclass(frozen=True, slots=True)
class HardDay:
    """A day of use, or a day that came close, for the person alone. `told`: ids of the memberships that may see it."""

    id: str
    day: date
    kind: str
    details: str
    need: str | None
    told: tuple[str, ...]
    hidden: bool = False  # with its whole day

    @property
    def kind_said(self) -> str:
        return str(UseKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Days:
    """The two counts. `in_recovery` is None while no start is chosen; `since_use` while no day of use is on record."""

    today: date
    began: date | None
    in_recovery: int | None
    since_use: int | None
    since_use_hidden: bool
    next_mark: Mark | None
    mark_reached: Mark | None
    last_use_told: tuple[str, ...] = ()
    asked: bool = False  # the person has chosen: a start, or not to count
    hides: bool = True  # False: they hide no day, which spares a question

    @property
    def share_of_mark(self) -> float:
        """How much of the way to the next mark is behind them, 0 to 1."""
        if self.mark_reached:
            return 1.0
        return (self.in_recovery or 0) / self.next_mark.days if self.next_mark else 0.0


@dataclass(frozen=True, slots=True)
class DaysShown:
    """The count as a member sees it. `mark`: one that falls on today."""

    in_recovery: int
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Span:
    """Some days in a row, oldest first, and what their cravings say."""

    days: list[DayFigures]
    finding: Finding

    @property
    def answered(self) -> int:
        return sum(1 for day in self.days if day.times)


@dataclass(frozen=True, slots=True)
class Today:
    days: Days
    week: Span
    checkin: CheckedIn | None  # the latest of today
    hard_day: HardDay | None  # of today
    quiet_days: int | None  # whole days without a check-in before today; None before the very first one


@dataclass(frozen=True, slots=True)
class Seen:
    """What one member may see of one person: None and empty wherever nothing is shared or nothing was said.

    `day` and `at` tell when the answer was given, `today` whether that day is still going on where the person is.
    """

    mood: int | None = None
    craving: int | None = None
    medicine: str | None = None
    day: date | None = None
    at: datetime | None = None
    today: bool = False
    use_days: list[date] = field(default_factory=list)  # newest first


@gated("checkin.read")
def today(actor: Actor, *, owner: str, zone: str) -> Today:
    """Everything of Today that is the person's own: three queries."""
    here = clock.today(zone)
    rows = _checkins_between(here - timedelta(days=rules.LATE_DAYS + 1), here + timedelta(days=1))
    day = rules.their_day(here, max((row.day for row in rows), default=None))
    hard = [hard_day_of(row) for row in _HARD_DAYS.rows()]
    latest = max((row for row in rows if row.day == day), key=lambda row: row.at, default=None)
    return Today(
        days=_days(hard, day),
        week=_span(rows, rules.days_up_to(day, rules.WEEK)),
        checkin=finished(latest, zone) if latest else None,
        hard_day=next((one for one in hard if one.day == day), None),
        quiet_days=_quiet_days(rows, day),
    )


@gated("checkin.read")
def week(actor: Actor, *, owner: str, zone: str) -> Span:
    """The last seven days, today included."""
    return _recent(zone, rules.WEEK)


@gated("checkin.read")
def history(actor: Actor, *, owner: str, zone: str, days: int) -> Span:
    """The last `days` days, today included, for charts and their table."""
    return _recent(zone, days)


@gated("checkin.read")
def of_days(actor: Actor, *, owner: str, zone: str, since: date, until: date) -> list[CheckedIn]:
    """Every check-in about a day from `since` to `until`, newest first."""
    rows = _checkins_between(since, until)
    return [finished(row, zone) for row in sorted(rows, key=lambda row: (row.day, row.at), reverse=True)]


@gated("checkin.read")
def earliest_day(actor: Actor, *, owner: str) -> date | None:
    """The first day on record with a check-in."""
    first: date | None = CheckIn.objects.filter(undone_at=None).aggregate(first=Min("day"))["first"]
    return first


@gated("checkin.read", about=CheckIn)
def one(actor: Actor, *, checkin: str, zone: str) -> CheckedIn:
    """One check-in of one's own; NotHere after it was taken back."""
    row = CheckIn.objects.filter(pk=checkin, undone_at=None).first()
    if row is None:
        raise NotHere
    return finished(row, zone)


@gated("use.read")
def hard_days(actor: Actor, *, owner: str) -> list[HardDay]:
    """Every hard day on record, newest first."""
    return sorted((hard_day_of(row) for row in _HARD_DAYS.rows()), key=lambda one: one.day, reverse=True)


@gated("days.read")
def days(actor: Actor, *, owner: str, zone: str) -> Days:
    return _days([hard_day_of(row) for row in _HARD_DAYS.rows()], clock.today(zone))


@gated("days.see")
def days_for_member(actor: Actor, *, owner: str) -> DaysShown | None:
    """What a member sees of the count; None where the person counts nothing. Days since use are never in it."""
    start = _START.first()
    if start is None or not start.began:
        return None
    began, today = date.fromisoformat(start.began), clock.today(start.owner_zone)
    return DaysShown(rules.days_in_recovery(began, today), rules.mark_reached(began, today))


@gated("member.see", many=True)
def seen_by_member(actor: Actor, *, owners: Sequence[str]) -> dict[str, Seen]:
    """What this actor may see of each owner, through the fields' own categories. Two queries for any number of owners.

    The latest day on which an owner checked in counts: its latest mood, its strongest craving, what was said about
    medicine. A day of use is seen only by those whom the person told, and only while "If I use" is shared with them.
    Of a day that the person hid, nothing is seen: it is as if it had gone by without a word.
    An owner who looks at themself gets what a member with every share would see; a preview passes the member's own
    actor instead.
    """
    told = _use_days_told()
    latest = _latest_day_of_each()
    return {owner: _seen(owner, latest.get(owner, []), told.get(owner, [])) for owner in owners}


def of_checkin(checkin: str) -> str:
    """How `notes/` knows the note of a check-in."""
    return f"checkin:{checkin}"


def of_hard_day(useday: str) -> str:
    return f"day:{useday}"


def finished(row: CheckIn, zone: str) -> CheckedIn:
    """A row as a value. `zone` is where the person is now: it may give them a later midnight."""
    return CheckedIn(
        id=row.pk,
        day=row.day,
        at=row.at.astimezone(ZoneInfo(row.zone)),
        late=row.late,
        mood=row.mood,
        craving=row.craving,
        sleep=row.sleep,
        medicine=row.medicine,
        note=row.note,
        undone=row.undone_at is not None,
        hidden=row.hidden,
        may_change=row.undone_at is None and rules.may_still_change(row.received_at, clock.now(), (row.zone, zone)),
    )


def _checkins_between(since: date, until: date) -> list[CheckIn]:
    return _BETWEEN.rows(since=since, until=until)


_HARD_DAYS = PreparedRecords(UseDay, lambda rows: rows(UseDay))
_START = PreparedRecords(
    Start,
    lambda rows: rows(Start).annotate(
        owner_zone=F("owner__time_zone"), hides=Exists(rows(HiddenDay).filter(owner_id=OuterRef("owner_id")))
    ),
)
_BETWEEN = PreparedRecords(
    CheckIn,
    lambda rows: rows(CheckIn).filter(
        undone_at=None, day__gte=Given("since", DateField()), day__lte=Given("until", DateField())
    ),
)


def _recent(zone: str, how_many: int) -> Span:
    here = clock.today(zone)
    rows = _checkins_between(here - timedelta(days=how_many - 1), here + timedelta(days=1))
    day = rules.their_day(here, max((row.day for row in rows), default=None))
    return _span(rows, rules.days_up_to(day, how_many))


def _span(rows: Iterable[CheckIn], span: Sequence[date]) -> Span:
    answers = [Answered(row.day, row.at, row.mood, row.craving, row.sleep) for row in rows if row.day >= span[0]]
    figures = rules.figures(answers, span)
    return Span(figures, rules.finding([day.craving for day in figures]))


def _quiet_days(rows: Sequence[CheckIn], day: date) -> int | None:
    """Counted within the days that Today reads anyway; somebody who was away longer is welcomed in the same words."""
    before = max((row.day for row in rows if row.day < day), default=None)
    return (day - before).days - 1 if before else None


def _days(hard: Sequence[HardDay], day: date) -> Days:
    start = _START.first()
    began = date.fromisoformat(start.began) if start and start.began else None
    used = [one for one in hard if one.kind == UseKind.USED and one.day <= day]
    last = max(used, key=lambda one: one.day, default=None)
    return Days(
        today=day,
        began=began,
        in_recovery=rules.days_in_recovery(began, day) if began else None,
        since_use=rules.days_since_use([one.day for one in used], day),
        since_use_hidden=bool(start and start.since_use_hidden),
        next_mark=rules.next_mark(began, day) if began else None,
        mark_reached=rules.mark_reached(began, day) if began else None,
        last_use_told=last.told if last and not last.hidden else (),
        asked=start is not None,
        hides=start is None or start.hides,
    )


def hard_day_of(row: UseDay) -> HardDay:
    return HardDay(
        id=row.pk,
        day=date.fromisoformat(row.day),
        kind=row.kind,
        details=row.details or "",
        need=row.need,
        told=tuple(row.told),
        hidden=row.hidden,
    )


def _latest_day_of_each() -> dict[str, list[CheckIn]]:
    """The check-ins of the latest day of each owner who is open, oldest first."""
    found: dict[str, list[CheckIn]] = {}
    for row in _LATEST_DAY.rows():
        found.setdefault(row.owner_id, []).append(row)
    return found


def _of_latest_day(rows: OpenRows) -> "QuerySet[CheckIn]":
    standing = rows(CheckIn).filter(undone_at=None, hidden=False)
    newest = standing.filter(owner_id=OuterRef("owner_id")).order_by("-day").values("day")[:1]
    return standing.filter(day=Subquery(newest)).annotate(owner_zone=F("owner__time_zone")).order_by("at")


_LATEST_DAY = PreparedRecords(CheckIn, _of_latest_day)


def _use_days_told() -> dict[str, list[date]]:
    """Days of use that this actor was told of, of the owners who share them with this actor now."""
    here = opening()
    found: dict[str, list[date]] = {}
    for row in _HARD_DAYS_SEEN.rows():
        if row.owner_id in here.whole or _was_told(row, here.actor):
            found.setdefault(row.owner_id, []).append(date.fromisoformat(row.day))
    return found


_HARD_DAYS_SEEN = PreparedRecords(UseDay, lambda rows: rows(UseDay).filter(hidden=False))


def _was_told(row: UseDay, actor: Actor) -> bool:
    right = actor.right_to(row.owner_id)
    places = right.places if right else ()
    return any(place.membership_id in row.told and Category.USE in place.categories for place in places)


def _seen(owner: str, rows: Sequence[CheckIn], told: Sequence[date]) -> Seen:
    here = opening()
    feels, craves, takes = (
        here.allows(owner, category) for category in (Category.FEELING, Category.CRAVINGS, Category.MEDICINE)
    )
    moods = [(row.mood, row.at) for row in rows if feels and row.mood is not None]
    cravings = [(row.craving, row.at) for row in rows if craves and row.craving is not None]
    medicines = [(row.medicine, row.at) for row in rows if takes and row.medicine is not None]
    said = moods or cravings or medicines
    use_days = sorted(told, reverse=True)
    if not said:
        return Seen(use_days=use_days)
    return Seen(
        mood=moods[-1][0] if moods else None,
        craving=max(craving for craving, _at in cravings) if cravings else None,
        medicine=medicines[-1][0] if medicines else None,
        day=rows[-1].day,
        at=said[-1][1],
        today=rows[-1].day >= clock.today(rows[-1].owner_zone),  # type: ignore[attr-defined]  # annotated above
        use_days=use_days,
    )


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[Values]]:
    return {
        "checkins": carried_out(CheckIn, owner),
        "hard_days": carried_out(UseDay, owner),
        "hidden_days": carried_out(HiddenDay, owner),
        "start": carried_out(Start, owner),
    }
