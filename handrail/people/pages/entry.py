"""Signing up, signing in, coming back by recovery words, signing out."""

from django.conf import settings
from django.contrib.auth import logout
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from handrail.gate import Request, open_to
from handrail.people import accounts, actions
from handrail.people.forms import EnterForm, RecoverForm, SignUpForm
from handrail.shell.forms import given

INVITED = "invited_by"  # set in the session by circle/ when a live invitation was opened
form_page = require_http_methods(["GET", "HEAD", "POST"])


@open_to("anyone")
@form_page
def sign_up(request: Request) -> HttpResponse:
    if request.actor.person_id:
        return redirect(accounts.home_of(request))
    if not settings.HANDRAIL.open_sign_up and INVITED not in request.session:
        return render(request, "people/closed.html", {"after": after(request)})
    form = SignUpForm(given(request))
    if request.method == "POST" and form.is_valid():
        return accounts.start(request, **form.cleaned_data, language=request.LANGUAGE_CODE, after=after(request))
    return ask(request, "people/start.html", form)


@open_to("signed-in")
@form_page
def start_words(request: Request) -> HttpResponse:
    """The recovery words: shown until the person says that they are written down, and never again."""
    words = request.session.get(accounts.FRESH_WORDS)
    if words is None:
        return redirect("sign-in")
    if request.method == "POST":
        actions.words_are_written(request.actor, owner=request.actor.me)
        del request.session[accounts.FRESH_WORDS]
        request.session.pop(accounts.WORDS_AGAIN, None)
        return redirect(request.session.pop(accounts.AFTER_WORDS, "") or accounts.home_of(request))
    again = request.session.get(accounts.WORDS_AGAIN, False)
    return render(request, "people/words.html", {"words": words.split(), "again": again})


@open_to("anyone")
@form_page
def enter(request: Request) -> HttpResponse:
    if request.actor.person_id:
        return redirect(after(request) or accounts.home_of(request))
    accounts.forget_first_step(request)
    form = EnterForm(given(request))
    if request.method == "POST" and form.is_valid():
        entered = accounts.enter(request, **form.cleaned_data, after=after(request))
        if entered:
            return entered
        form.add_error(None, accounts.NOT_OPENED)
    return ask(request, "people/enter.html", form)


@open_to("anyone")
@form_page
def enter_words(request: Request) -> HttpResponse:
    form = RecoverForm(given(request))
    if request.method == "POST" and form.is_valid():
        entered = accounts.recover(request, **form.cleaned_data, after=after(request))
        if entered:
            return entered
        form.add_error("words", accounts.WORDS_NOT_OPENED)
    return ask(request, "people/enter_words.html", form)


@open_to("signed-in")
@require_POST
def sign_out(request: Request) -> HttpResponse:
    logout(request)
    return redirect("start")


def ask(request: Request, template: str, form: Form, **more: object) -> HttpResponse:
    """A form page; 422 when what was sent could not be taken. What was typed stands there again, secrets do not."""
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, "after": after(request), **more}, status=status)


def after(request: Request) -> str:
    """Where somebody was going before they had to sign in; only ever a page of our own."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if accounts.is_own_path(wanted) else ""
