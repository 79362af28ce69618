"""Handing somebody a place by a link: the link is shown once, and three words are compared before it counts."""

from collections.abc import Callable

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from handrail.gate import Request
from handrail.programs.queries import Offered

FRESH_LINK = "fresh_link"  # the name of a place in the session


def keep_link(request: Request, code: str, where: str) -> HttpResponse:
    """Back to `where`, which shows the fresh link this one time. We keep a hash of it, the sealed session the rest."""
    request.session[FRESH_LINK] = code
    return redirect(where)


def fresh_link(request: Request, *, tab: str, back: str, words: bool = True) -> HttpResponse | None:
    """The page of a link that was just made; to load it again makes no second one, and shows none."""
    code = request.session.pop(FRESH_LINK, "") if request.method == "GET" else ""
    if not code:
        return None
    link = request.build_absolute_uri(reverse("offer", args=[code]))
    qr = segno.make(link, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff", omitsize=True)
    return render(request, "programs/link.html", {"tab": tab, "link": link, "qr": qr, "back": back, "words": words})


def compare_words(
    request: Request,
    offered: Offered,
    *,
    tab: str,
    back: str,
    confirm: Callable[[str], bool],
    take_back: Callable[[], None],
) -> HttpResponse:
    """Which three words did the other read out? `back` is the route of the program's page, where the link was made."""
    if request.method == "POST":
        if request.POST.get("do") == "take_back":
            take_back()
            messages.success(request, _("The link is dead. Nobody can use it any more."))
            return redirect(back, offered.program_id)
        if phrase := request.POST.get("phrase", ""):
            _tell(request, is_right=confirm(phrase))
            return redirect(back, offered.program_id)
        messages.error(request, _("Choose the three words that they read to you."))
    context = {"tab": tab, "offered": offered, "back": back}
    return render(request, "programs/compare.html", context, status=422 if request.method == "POST" else 200)


def _tell(request: Request, *, is_right: bool) -> None:
    if is_right:
        messages.success(request, _("The words match. They work there from now on."))
    else:
        messages.error(
            request, _("Those were not the words. The link is dead and nothing was opened. You can make a new one.")
        )
