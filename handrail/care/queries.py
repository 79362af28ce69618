"""Today's medicine and the visits ahead: for Today, for the person's own page, and for a member who holds that share.

"Today" is the calendar day in the time zone that is active for this request.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateField, DateTimeField, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from handrail.care import rules
from handrail.care.models import Medicine, Taken, Visit
from handrail.care.times import PartOfDay
from handrail.gate import Actor, gated
from handrail.gate.carrying import Values, carried_out
from handrail.gate.prepared import Given, OpenRows, PreparedRecords
from handrail.kernel import clock
from handrail.kernel.errors import NotHere

AHEAD = timedelta(days=7)
A_LIFETIME = timedelta(days=36525)
STILL_SHOWN = timedelta(hours=2)  # a visit that has begun stays in the list this long
PAST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One row of Today's "Coming up"."""

    icon: str
    title: str
    detail: str
    url: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class VisitSeen:
    id: str
    at: datetime
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class MedicineSeen:
    id: str
    name: str
    part_of_day: int
    taken_at: datetime | None  # today; None: not said

    @property
    def when(self) -> str:
        return str(PartOfDay(self.part_of_day).label)


@dataclass(frozen=True, slots=True)
class CareSeen:
    """What a member with the share sees."""

    medicines: tuple[MedicineSeen, ...]
    visits: tuple[VisitSeen, ...]

    @property
    def is_empty(self) -> bool:
        return not self.medicines and not self.visits


@dataclass(frozen=True, slots=True)
class Care:
    """The person's own page."""

    medicines: tuple[MedicineSeen, ...]
    visits: tuple[VisitSeen, ...]
    past: tuple[VisitSeen, ...]  # newest first, the last few


@dataclass(frozen=True, slots=True)
class VisitToEdit:
    id: str
    at: datetime
    title: str
    place: str
    note: str


def today() -> date:
    """The calendar day it is now in the active time zone."""
    return clock.today(timezone.get_current_timezone_name())


@gated("care.read")
def coming_up(actor: Actor, *, owner: str) -> list[Upcoming]:
    """Today's medicine and the visits of the next seven days, at most four rows."""
    medicines = sorted(_medicines(), key=lambda one: (one.taken_at is not None, one.part_of_day))
    medicine, visits = rules.share_room(
        [_medicine_row(one) for one in medicines], [_visit_row(one) for one in _visits(AHEAD)]
    )
    return medicine + visits


@gated("care.read")
def for_member(actor: Actor, *, owner: str, hidden: Collection[date] = ()) -> CareSeen:
    """For a member who holds that share: names, whether taken today, and the visits of the next seven days.

    `hidden`: days that the person hid. Of such a day nothing was said.
    """
    medicines = _medicines()
    if today() in hidden:
        medicines = [replace(one, taken_at=None) for one in medicines]
    return CareSeen(tuple(medicines), tuple(_visits(AHEAD)))


@gated("care.change")
def everything(actor: Actor, *, owner: str) -> Care:
    now = clock.now()
    past = Visit.objects.filter(at__lt=now - STILL_SHOWN).order_by("-at")[:PAST_SHOWN]
    return Care(tuple(_medicines()), tuple(_visits()), tuple(_seen(row) for row in past))


@gated("care.change", about=Medicine)
def medicine(actor: Actor, *, medicine: str) -> MedicineSeen:
    row = next((one for one in _medicines() if one.id == medicine), None)
    if row is None:
        raise NotHere
    return row


@gated("care.change", about=Visit)
def visit_to_edit(actor: Actor, *, visit: str) -> VisitToEdit:
    row = Visit.objects.filter(pk=visit).first()
    if row is None:
        raise NotHere
    return VisitToEdit(row.id, row.at, row.title, row.place, row.note)


def _medicines() -> list[MedicineSeen]:
    """In the order of the day. One query, however many there are."""
    rows: list[Any] = _MEDICINES.rows(day=today())
    return [MedicineSeen(row.id, row.name, row.part_of_day, row.taken_at) for row in rows]


def _visits(ahead: timedelta = A_LIFETIME) -> list[VisitSeen]:
    now = clock.now()
    return [_seen(row) for row in _VISITS.rows(since=now - STILL_SHOWN, until=now + ahead)]


def _medicines_with_taken(rows: OpenRows) -> "QuerySet[Medicine]":
    taken = rows(Taken).filter(medicine=OuterRef("pk"), day=Given("day", DateField())).values("at")[:1]
    now = rows(Medicine).filter(ended_at=None).annotate(taken_at=Subquery(taken))
    return now.order_by("part_of_day", "since")


_MEDICINES = PreparedRecords(Medicine, _medicines_with_taken)
_VISITS = PreparedRecords(
    Visit,
    lambda rows: (
        rows(Visit)
        .filter(at__gte=Given("since", DateTimeField()), at__lt=Given("until", DateTimeField()))
        .order_by("at")
    ),
)


def _seen(row: Visit) -> VisitSeen:
    return VisitSeen(row.id, row.at, row.title, row.place)


_MEDICINE_TITLES = {
    PartOfDay.MORNING: lambda: _("Morning medicine"),
    PartOfDay.MIDDAY: lambda: _("Midday medicine"),
    PartOfDay.EVENING: lambda: _("Evening medicine"),
    PartOfDay.BEDTIME: lambda: _("Bedtime medicine"),
    PartOfDay.ANY_TIME: lambda: _("Medicine today"),
}


def _medicine_row(one: MedicineSeen) -> Upcoming:
    title = _MEDICINE_TITLES[PartOfDay(one.part_of_day)]()
    detail = one.name
    if one.taken_at is not None:
        detail = _("%(name)s, done at %(time)s") % {"name": one.name, "time": _time(one.taken_at)}
    return Upcoming("pill", title, detail, reverse("care"), done=one.taken_at is not None)


def _visit_row(one: VisitSeen) -> Upcoming:
    when = _day_and_time(one.at)
    detail = _("%(when)s, %(place)s") % {"when": when, "place": one.place} if one.place else when
    return Upcoming("calendar", one.title, detail, reverse("care"))


def _day_and_time(at: datetime) -> str:
    """ "Today at 2 p.m.", "Tomorrow at 9:30 a.m.", "Thursday at noon"."""
    days = (timezone.localdate(at) - today()).days
    day = {0: _("Today"), 1: _("Tomorrow")}.get(days) or date_format(timezone.localtime(at), "l")
    return _("%(day)s at %(time)s") % {"day": day, "time": _time(at)}


def _time(at: datetime) -> str:
    return date_format(timezone.localtime(at), "TIME_FORMAT")


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[Values]]:
    return {
        "visits": carried_out(Visit, owner),
        "medicines": carried_out(Medicine, owner),
        "medicine_taken": carried_out(Taken, owner),
    }
