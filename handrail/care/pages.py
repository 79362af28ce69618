"""Medicine of the day and visits, as pages."""

from collections.abc import Callable
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.care import actions, queries
from handrail.care.forms import DayForm, MedicineForm, VisitForm
from handrail.circle import queries as circle
from handrail.gate import Actor, Category, Request, open_to
from handrail.kernel.errors import Invalid, TooLate
from handrail.shell.forms import given


@open_to("signed-in")
@require_safe
def care(request: Request) -> HttpResponse:
    actor, me = _asking(request)
    sees = circle.who_sees(circle.roster(actor, owner=me)).get(Category.MEDICINE, [])
    found = queries.everything(actor, owner=me)
    context = {"tab": "today", "care": found, "today": queries.today(), "who_sees": sees}
    return render(request, "care/care.html", context)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def visit_add(request: Request) -> HttpResponse:
    actor, me = _asking(request)
    form = VisitForm(given(request))
    if request.method == "POST" and _took(form, lambda: actions.add_visit(actor, owner=me, **form.said())):
        return _done(request, _("Saved."))
    return _form_page(request, "care/visit.html", form)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: Request, visit: str) -> HttpResponse:
    actor, _me = _asking(request)
    found = queries.visit_to_edit(actor, visit=visit)
    at = timezone.localtime(found.at)
    held = {"title": found.title, "day": at.date(), "time": at.time(), "place": found.place, "note": found.note}
    form = VisitForm(given(request), initial=held)
    if request.method == "POST" and _took(form, lambda: actions.change_visit(actor, visit=visit, **form.said())):
        return _done(request, _("Saved."))
    return _form_page(request, "care/visit.html", form, visit=found)


@open_to("signed-in")
@require_POST
def visit_remove(request: Request, visit: str) -> HttpResponse:
    actions.remove_visit(_asking(request)[0], visit=visit)
    return _done(request, _("Removed."))


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def medicine_add(request: Request) -> HttpResponse:
    actor, me = _asking(request)
    form = MedicineForm(given(request))
    if request.method == "POST" and _took(form, lambda: actions.add_medicine(actor, owner=me, **form.cleaned_data)):
        return _done(request, _("Saved."))
    return _form_page(request, "care/medicine_add.html", form)


@open_to("signed-in")
@require_safe
def medicine(request: Request, medicine: str) -> HttpResponse:
    found = queries.medicine(_asking(request)[0], medicine=medicine)
    return render(request, "care/medicine.html", {"tab": "today", "medicine": found})


@open_to("signed-in")
@require_POST
def medicine_stop(request: Request, medicine: str) -> HttpResponse:
    actions.stop_medicine(_asking(request)[0], medicine=medicine)
    return _done(request, _("It is off your list. The days you wrote down are kept."))


@open_to("signed-in")
@require_POST
def taken(request: Request, medicine: str) -> HttpResponse:
    actions.mark_taken(_asking(request)[0], medicine=medicine, day=_day(request))
    return redirect("care")


@open_to("signed-in")
@require_POST
def not_taken(request: Request, medicine: str) -> HttpResponse:
    """Undo."""
    actions.unmark_taken(_asking(request)[0], medicine=medicine, day=_day(request))
    return redirect("care")


def _day(request: Request) -> date:
    form = DayForm(request.POST)
    if not form.is_valid():
        raise TooLate
    day: date = form.cleaned_data["day"]
    return day


def _form_page(request: Request, template: str, form: forms.Form, **more: object) -> HttpResponse:
    context = {"tab": "today", "form": form, **more}
    return render(request, template, context, status=422 if form.errors else 200)


def _done(request: Request, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("care")


def _took(form: forms.Form, save: Callable[[], object]) -> bool:
    """Save what was typed. What the action cannot take becomes an error of the form, beside its field."""
    if not form.is_valid():
        return False
    try:
        save()
    except Invalid as why:
        form.add_error(why.field if why.field in form.fields else None, str(why.message))
        return False
    return True


def _asking(request: Request) -> tuple[Actor, str]:
    """(actor, their own id)."""
    actor = request.actor
    return actor, actor.me
