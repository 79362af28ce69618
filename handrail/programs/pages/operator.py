"""The pages of whoever runs the install: its programs and posts. Nothing here is anybody's record."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from handrail.gate import Request, open_to
from handrail.people.pages.steps import still_you
from handrail.programs import actions, acts, queries
from handrail.programs.forms import KeeperForm, PostForm, ProgramForm
from handrail.programs.pages.handing import compare_words, fresh_link, keep_link
from handrail.shell.forms import given


@open_to("signed-in")
@require_safe
def home(request: Request) -> HttpResponse:
    context = {
        "tab": "me",
        "programs": queries.all_programs(request.actor),
        "posts": queries.held_posts(request.actor),
        "links": queries.post_links(request.actor),
        "me": request.actor.me,
    }
    return render(request, "programs/o_home.html", context)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    queries.held_posts(request.actor)  # who does not run the install finds no such page
    form = ProgramForm(given(request))
    if request.method == "POST" and form.is_valid():
        made = actions.make_program(request.actor, **form.cleaned_data)
        return redirect("o-program", program=made)
    return render(request, "programs/o_add.html", {"tab": "me", "form": form}, status=422 if form.errors else 200)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def program(request: Request, program: str) -> HttpResponse:
    """One program. While nobody keeps it, a link for its first keeper can be made."""
    kept = queries.has_keeper(request.actor, program=program)
    found, here = queries.program(request.actor, program=program), reverse("o-program", args=[program])
    if fresh := fresh_link(request, tab="me", back=here):
        return fresh
    form = None if kept else KeeperForm(given(request))
    if form is not None and request.method == "POST" and form.is_valid():
        code = actions.name_keeper(request.actor, program=program, **form.cleaned_data)
        return keep_link(request, code, here)
    context = {
        "tab": "me",
        "program": found,
        "form": form,
        "staff": queries.staff_of(request.actor, program=program),
        "offers": queries.keeper_offers(request.actor, program=program),
    }
    return render(request, "programs/o_program.html", context, status=422 if form and form.errors else 200)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: Request, program: str, offer: str) -> HttpResponse:
    """The same three words as at a program, for its first keeper."""
    here = {"program": program, "offer": offer}
    return compare_words(
        request,
        queries.keeper_offer(request.actor, **here),
        tab="me",
        back="o-program",
        confirm=lambda phrase: actions.confirm_keeper(request.actor, **here, phrase=phrase),
        take_back=lambda: actions.take_keeper_back(request.actor, **here),
    )


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request, program: str) -> HttpResponse:
    queries.has_keeper(request.actor, program=program)  # who does not run the install finds no such page
    return _close(request, program)


@still_you
def _close(request: Request, program: str) -> HttpResponse:
    found = queries.program(request.actor, program=program)
    if request.method == "POST":
        actions.close_program(request.actor, program=program)
        messages.success(request, _("%(name)s has closed. All its places have ended.") % {"name": found.name})
        return redirect("o-home")
    return render(request, "programs/o_close.html", {"tab": "me", "program": found})


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: Request) -> HttpResponse:
    """A link to a post of the install."""
    queries.held_posts(request.actor)
    if fresh := fresh_link(request, tab="me", back=reverse("o-home"), words=False):
        return fresh
    if request.method == "POST" and (link := request.POST.get("take_back", "")):
        actions.take_post_back(request.actor, offer=link)
        messages.success(request, _("The link is dead. Nobody can use it any more."))
        return redirect("o-home")
    form = PostForm(given(request))
    if request.method == "POST" and form.is_valid():
        code = actions.offer_post(request.actor, kind=form.cleaned_data["kind"])
        return keep_link(request, code, reverse("o-post"))
    return render(request, "programs/o_post.html", {"tab": "me", "form": form}, status=422 if form.errors else 200)


@open_to("signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def end_post(request: Request, post: str) -> HttpResponse:
    queries.held_posts(request.actor)  # who does not run the install finds no such page
    return _end_post(request, post)


@still_you
def _end_post(request: Request, post: str) -> HttpResponse:
    """Whose post it is and what follows; POST ends it. The last operator's ends only where that was on the page."""
    ending = queries.ending(request.actor, post=post)
    knows = request.POST.get("knows") == "last"
    if request.method != "POST" or (ending.is_last and not knows):
        context = {"tab": "me", "post": ending.post, "is_last": ending.is_last, "me": request.actor.me}
        return render(request, "programs/o_post_end.html", context, status=422 if request.method == "POST" else 200)
    actions.end_post(request.actor, post=post, although_last=knows)
    messages.success(request, _("That post has ended."))
    return redirect("o-home" if queries.runs_the_install(request.actor) else "me")


@open_to("signed-in")
@require_safe
def log(request: Request) -> HttpResponse:
    """Who made or ended programs, places at them and posts."""
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None
    found = queries.acts(request.actor, before=number, most=queries.ACTS_A_PAGE)
    context = {
        "tab": "me",
        "lines": [acts.line(each, me=request.actor.me) for each in found],
        "older": found[-1].number if len(found) == queries.ACTS_A_PAGE else 0,
    }
    return render(request, "programs/o_log.html", context)
