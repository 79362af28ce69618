"""The plan as pages: the whole, one question at a time, and one sheet to print."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.circle import queries as circle
from handrail.gate import Actor, Category, Request, open_to
from handrail.kernel.errors import Invalid
from handrail.plan import actions, queries
from handrail.plan.forms import StepForm
from handrail.plan.steps import STEPS
from handrail.shell.forms import given


@open_to("signed-in")
@require_safe
def plan(request: Request) -> HttpResponse:
    actor, me, country = _asking(request)
    sees = circle.who_sees(circle.roster(actor, owner=me)).get(Category.PLAN, [])
    found = queries.plan(actor, owner=me, country=country)
    return render(request, "plan/plan.html", {"tab": "plan", "plan": found, "who_sees": sees})


@open_to("signed-in")
@require_safe
def on_paper(request: Request) -> HttpResponse:
    actor, me, country = _asking(request)
    found = queries.plan(actor, owner=me, country=country)
    return render(request, "plan/print.html", {"tab": "plan", "plan": found})


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, number: int) -> HttpResponse:
    actor, me, country = _asking(request)
    step = queries.step_to_edit(actor, owner=me, number=number)
    form = StepForm(
        given(request),
        words=step.words,
        suggestions=queries.suggestions_for(step.words, without=step.lines, country=country),
        initial={"lines": "\n".join(step.lines)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_step(actor, owner=me, number=number, lines=form.all_lines())
        except Invalid as why:
            form.add_error("lines", str(why.message))
        else:
            return _saved(request, number)
    context = {"tab": "plan", "form": form, "step": step, "last": number == len(STEPS)}
    return render(request, "plan/edit.html", context, status=422 if form.errors else 200)


@open_to("signed-in")
@require_POST
def bring_back(request: Request, step: str) -> HttpResponse:
    actor, _me, _country = _asking(request)
    return _saved(request, actions.bring_back(actor, step=step))


def _saved(request: Request, number: int) -> HttpResponse:
    if request.POST.get("then") == "next" and number < len(STEPS):
        return redirect("plan-edit", number=number + 1)
    messages.success(request, _("Saved."))
    return redirect(reverse("plan") + f"#step-{number}")


def _asking(request: Request) -> tuple[Actor, str, str]:
    """(actor, their own id, country they dial from)."""
    actor = request.actor
    return actor, actor.me, request.user.country  # type: ignore[union-attr]
