"""What was given out, as a list of three years: on the page, to print, as a PDF, as a table for a computer."""

import csv
import io

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from handrail.consents import paper, queries, said
from handrail.consents.queries import Disclosure
from handrail.consents.said import Block
from handrail.gate import Request, open_to
from handrail.kernel import clock

#: True by how pages and copies are made; no line of the list records it one by one.
NOTICE_GOES = _lazy("The notice that the law asks for goes with every page and every copy.")
HEAD = {"tab": "me", "notice_goes": NOTICE_GOES}


@open_to("signed-in")
@require_safe
def lines(request: Request) -> HttpResponse:
    before = request.GET.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < 16 else None
    found = queries.accounting(request.actor, owner=request.actor.me, before=number)
    older = found[-1].number if len(found) == queries.LINES_A_PAGE else 0
    return render(request, "consents/given.html", {**HEAD, "lines": found, "older": older})


@open_to("signed-in")
@require_safe
def on_paper(request: Request) -> HttpResponse:
    return render(request, "consents/given_print.html", {**HEAD, "lines": _all(request)})


@open_to("signed-in")
@require_safe
def as_pdf(request: Request) -> HttpResponse:
    zone = timezone.get_current_timezone_name()
    blocks = [Block(said.moment(each.at, zone), _words(each)) for each in _all(request)]
    none = [Block(_("Nothing was given out in the last three years."), ())]
    title = _("What was given out, and to whom")
    content = paper.pdf(title=title, blocks=blocks or none, foot=[str(NOTICE_GOES)], made_at=clock.now())
    return _file(content, "application/pdf", "pdf")


@open_to("signed-in")
@require_safe
def as_csv(request: Request) -> HttpResponse:
    held = io.StringIO()
    out = csv.writer(held)
    out.writerow(
        ["when", "who", "recipient", "what", "count", "counted", "purpose", "how", "consent", "version", "refused"]
    )
    for each in _all(request):
        row = (
            each.at.isoformat(), each.who, each.recipient, each.things, each.items, _counted(each), each.purpose,
            each.channel, each.consent, each.version, _yes(each.refused),
        )  # fmt: skip
        out.writerow([_harmless(cell) for cell in row])
    return _file(held.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", "csv")


def _words(each: Disclosure) -> tuple[str, ...]:
    """One disclosure as the lines under its moment."""
    to = _("To: %(who)s") % {"who": each.recipient or each.who}
    by = _("Opened by: %(who)s, %(how)s") % {"who": each.who, "how": each.channel}
    if each.refused:
        return to, by, _("Refused. Nothing was given out.")
    what = _("What: %(what)s (%(n)s)") % {"what": each.things, "n": each.count}
    under = _("For: %(why)s. Under version %(n)s of %(id)s.")
    return to, what, by, under % {"why": each.purpose, "n": each.version, "id": each.consent}


def _all(request: Request) -> list[Disclosure]:
    return queries.accounting(request.actor, owner=request.actor.me, most=queries.MOST_LINES)


def _harmless(cell: object) -> str:
    """A cell that a table program would take for a formula gets an apostrophe in front."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _counted(each: Disclosure) -> str:
    """What the number beside it counts."""
    if each.items is None:
        return ""
    return "lines in the copy" if each.copied else "entries opened"


def _yes(found: bool) -> str:
    return "yes" if found else "no"


def _file(content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"list-{clock.today(timezone.get_current_timezone_name()).isoformat()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)
