"""Forms that write their person's own words: what may wait behind the app lock and be sent by one tap, in full sight.

Nothing here shares, asks, offers, ends or erases; a form that can do that too stands here with the fields and buttons
that keep it out. See `people.held`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handrail.agreements.forms import RepairForm
from handrail.agreements.kinds import GUIDES, Kind
from handrail.agreements.rules import MOST_LINES
from handrail.care.forms import MedicineForm, VisitForm
from handrail.checkins.forms import CheckInForm, HardDayForm
from handrail.people.forms import OwnWordsForm
from handrail.people.held import OwnWords, Question
from handrail.plan.forms import StepForm
from handrail.plan.steps import STEPS
from handrail.safety.forms import AddForm
from handrail.supporters.forms import NoteForm, WeekForm

KEPT = frozenset({"keep"})


def _questions(fields: Mapping[str, forms.Field]) -> dict[str, Question]:
    return {
        name: Question(field.label, {str(value): label for value, label in getattr(field, "choices", ())})
        for name, field in fields.items()
    }


def _form(page: Any, fields: Mapping[str, forms.Field], **more: Any) -> Callable[..., OwnWords]:
    words = OwnWords(page, _questions(fields), **more)
    return lambda **where: words


def _late(**where: Any) -> OwnWords:
    form = CheckInForm()
    form.ask_about_that_day()
    return OwnWords(_("A day from memory"), _questions(form.fields))


def _step(number: int) -> OwnWords:
    words = STEPS[number - 1] if 0 < number <= len(STEPS) else STEPS[0]
    lines = {"lines": Question(words.question), "add": Question(StepForm.base_fields["add"].label)}
    return OwnWords(_("My plan: %(step)s") % {"step": words.title}, lines)


def _lines(kind: str, **where: Any) -> OwnWords:
    """One's own lines, kept for oneself."""
    then = GUIDES[kind].then if kind in GUIDES else ""
    asked: dict[str, Question] = {}
    for number in range(1, MOST_LINES + 1):
        asked[f"say_{number}"] = Question(_("Line %(n)s") % {"n": number})
        asked[f"then_{number}"] = Question(_("%(then)s (line %(n)s)") % {"then": then, "n": number})
    return OwnWords(Kind(kind).label if kind in Kind.values else "", asked, buttons=KEPT)


def _repair(**where: Any) -> OwnWords:
    return OwnWords(_("After a disagreement"), _questions(RepairForm().fields), buttons=KEPT)


_visit = _form(gettext_lazy("A visit"), VisitForm.base_fields)
# About whom a note is stands in it as an id, which says nothing to anybody.
_note = _form(gettext_lazy("A note for you"), NoteForm.base_fields, unless=frozenset({"circle_of"}))

#: By the name of an address: what it asks, given the arguments in it.
OWN_WORDS: dict[str, Callable[..., OwnWords]] = {
    "checkin": _form(gettext_lazy("A check-in"), CheckInForm.base_fields),
    "checkin-change": _form(gettext_lazy("A check-in"), CheckInForm.base_fields),
    "checkin-late": _late,
    "day": _form(
        gettext_lazy("A hard day"), HardDayForm.base_fields, unless=frozenset({"shown"})
    ),  # nobody would be told
    "plan-edit": _step,
    "me-words": _form(gettext_lazy("My words"), OwnWordsForm.base_fields),
    "s-me-too": _form(gettext_lazy("How you are doing"), WeekForm.base_fields),
    "s-note-add": _note,
    "s-note": _note,
    "care-visit-add": _visit,
    "care-visit": _visit,
    "care-medicine-add": _form(gettext_lazy("A medicine"), MedicineForm.base_fields),
    "agreed-write": _lines,
    "s-agreed-write": _lines,
    "agreed-again": _repair,
    "s-agreed-again": _repair,
    "call-add": _form(gettext_lazy("More words for your call for help"), AddForm.base_fields),
}
