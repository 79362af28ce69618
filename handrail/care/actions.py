"""Visits and the medicine of the day, as the person says them. Nothing here knows a dose."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from handrail.care import rules
from handrail.care.models import Medicine, Taken, Visit
from handrail.care.queries import today
from handrail.care.times import PartOfDay
from handrail.gate import Actor, gated
from handrail.gate.carrying import carried_in, is_text
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, TooLate

MOST_MEDICINES = 20  # in use at one time


@gated("care.change", writes=True)
def add_visit(actor: Actor, *, owner: str, at: datetime, title: str, place: str = "", note: str = "") -> str:
    """Returns the visit's id. `at` is aware. The note stays with the person; title and place go with the share."""
    return Visit.objects.create(owner_id=owner, at=at, **_words(title, place, note)).id


@gated("care.change", about=Visit, writes=True)
def change_visit(actor: Actor, *, visit: str, at: datetime, title: str, place: str = "", note: str = "") -> None:
    row = Visit.objects.get(pk=visit)
    row.at = at
    for name, value in _words(title, place, note).items():
        setattr(row, name, value)
    row.save()


@gated("care.change", about=Visit, writes=True)
def remove_visit(actor: Actor, *, visit: str) -> None:
    Visit.objects.filter(pk=visit).delete()


@gated("care.change", writes=True)
def add_medicine(actor: Actor, *, owner: str, name: str, part_of_day: int) -> str:
    """Returns the medicine's id. `part_of_day`: one of PartOfDay."""
    if part_of_day not in PartOfDay.values:
        raise Invalid(_("Please choose when you usually take it."), field="part_of_day")
    if Medicine.objects.filter(ended_at=None).count() >= MOST_MEDICINES:
        raise Invalid(_("That list is full. Stop one that you no longer take."), field="name")
    name = _line(name, field="name", missing=_("Please write what you call it."))
    row = Medicine.objects.create(owner_id=owner, name=name, part_of_day=part_of_day, since=clock.now())
    return row.id


@gated("care.change", about=Medicine, writes=True)
def stop_medicine(actor: Actor, *, medicine: str) -> None:
    """It leaves the list; the days on which it was taken stay."""
    Medicine.objects.filter(pk=medicine, ended_at=None).update(ended_at=clock.now())


@gated("care.change", about=Medicine, writes=True)
def use_again(actor: Actor, *, medicine: str) -> None:
    """Undo of `stop_medicine`."""
    Medicine.objects.filter(pk=medicine).update(ended_at=None)


@gated("care.change", about=Medicine, writes=True)
def mark_taken(actor: Actor, *, medicine: str, day: date) -> None:
    """Taken on `day`, today or yesterday where the person is (a page may be open past midnight). Twice is once."""
    row = Medicine.objects.get(pk=medicine)
    if row.ended_at is not None or not today() - timedelta(days=1) <= day <= today():
        raise TooLate
    taken = Taken(owner_id=row.owner_id, medicine=row, day=day, at=clock.now())
    Taken.objects.bulk_create([taken], ignore_conflicts=True)


@gated("care.change", about=Medicine, writes=True)
def unmark_taken(actor: Actor, *, medicine: str, day: date) -> None:
    Taken.objects.filter(medicine_id=medicine, day=day).delete()


def _words(title: str, place: str, note: str) -> dict[str, str]:
    if len(note) > rules.LONGEST_NOTE:
        raise Invalid(_("The note is very long. Please shorten it."), field="note")
    return {
        "title": _line(title, field="title", missing=_("Please write what it is.")),
        "place": _line(place, field="place"),
        "note": note.strip(),
    }


def _line(text: str, *, field: str, missing: str = "") -> str:
    line = " ".join(text.split())
    if missing and not line:
        raise Invalid(missing, field=field)
    if len(line) > rules.LONGEST_NAME:
        raise Invalid(_("That is very long. Please shorten it."), field=field)
    return line


@gated("import.write", writes=True)
def imported(actor: Actor, *, owner: str, data: dict[str, Any]) -> None:
    """Take in what `queries.exported` gave on another install."""
    carried_in(
        Visit,
        owner,
        data.get("visits", []),
        plain=("at",),
        sealed={"title": is_text, "place": is_text, "note": is_text},
    )
    known = carried_in(
        Medicine,
        owner,
        data.get("medicines", []),
        plain=("part_of_day", "since", "ended_at"),
        sealed={"name": is_text},
    )
    taken = data.get("medicine_taken", [])
    carried_in(Taken, owner, taken, plain=("day", "at"), sealed={}, refs={"medicine_id": known})
