"""What comes while the app is locked: the way to the lock screen, and what was typed, held until the person is back.

Two lists say what becomes of a form, both by the name of its address, and what is in neither is not kept at all:

- `may_be_sent`: it writes its person's own words and nothing else. A page shows them, and one tap sends them.
- `SHOWN_ANEW`: it shares, asks or invites as well. Its own page is shown again with what was typed, and whoever is back
  presses its own button, beside the words that say what it does.

The rest (what ends, signs, erases or changes signing in) leads to its page as it is, and has to be done again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from handrail.gate import Request
from handrail.kernel import clock
from handrail.people.accounts import is_own_path
from handrail.people.locking import comes_by_itself
from handrail.shell.errors import SECRET_WORDS
from handrail.shell.forms import TYPED_BEFORE

HELD, ANEW = "held", "shown_anew"  # places in the session
HELD_FOR, MOST_HELD = timedelta(minutes=30), 60_000  # characters
CALL, BUTTONS = "call", ("do", "then", "next")
SHOWN_ANEW = frozenset({
    CALL, "day", "start-day", "kind-send", "s-note-add", "s-note", "other-add", "other", "invite", "consent-add",
    "consent-change", "agreed-topics", "s-agreed-topics", "agreed-topic", "agreed-write", "s-agreed-write",
    "agreed-again", "s-agreed-again",
})  # fmt: skip
NOT_SENT = _("The app was locked when you sent this. Nothing was saved. What you typed is here again.")
CALL_NOT_SENT = _("Your call for help is not sent yet. Do you still need someone?")


@dataclass(frozen=True, slots=True)
class Question:
    """What a form asks, as its page says it. Without a label it goes along unseen, like the key of a check-in."""

    label: Any
    answers: Mapping[str, Any] = field(default_factory=dict)  # in words, where they are chosen


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A form that writes its person's own words. What it would do beyond that keeps it from being sent by one tap."""

    page: str | Promise
    questions: Mapping[str, Question]
    buttons: frozenset[str] = frozenset({""})  # values of `do` with which it stays with its person
    unless: frozenset[str] = frozenset()  # fields that make more of it


#: By the name of an address and its arguments. Filled by the room that knows every form (`home.typed`).
may_be_sent: dict[str, Any] = {}


class SaidLater(SessionStorage):
    """What there was to say ("Saved. Mum sees it.") waits until the person is back."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def update(self, response: HttpResponseBase) -> list[Any]:
        return []


@dataclass(frozen=True, slots=True)
class Held:
    """What was typed. `sends`: one tap may send it; else its own page, at `path`, shows it again."""

    path: str
    fields: list[tuple[str, str]]
    sends: bool

    @property
    def is_call(self) -> bool:
        """Somebody waits for it."""
        return _name_of(self.path) == CALL

    @property
    def page(self) -> str:
        words = _own_words_at(self.path)
        return str(words.page) if words else ""

    def lines(self) -> Iterator[tuple[Any, list[Any]]]:
        """Each question with what was answered, in the order of its page."""
        words = _own_words_at(self.path)
        for name, asked in words.questions.items() if words else ():
            said = [asked.answers.get(value, value) for key, value in self.fields if key == name and value.strip()]
            if said and asked.label:
                yield asked.label, said


def at_the_door(request: Request) -> HttpResponse:
    """In place of a page: the way to the lock screen, and back afterwards. Own words that were sent are held."""
    live = request.headers.get("HX-Request")
    wanted = _page_of(request) if live else page_at(request.get_full_path())
    if request.method == "POST" and not comes_by_itself(request):
        _hold(request, wanted)
    where = f"{reverse('lock')}?{urlencode({'next': wanted})}"
    if live:
        return HttpResponse(status=401, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def held(request: HttpRequest) -> Held | None:
    """What was sent while the app was locked, for half an hour."""
    kept: dict[str, Any] | None = request.session.get(HELD)
    if kept is None or clock.now() - datetime.fromisoformat(kept["at"]) > HELD_FOR:
        return None
    return Held(kept["path"], [(name, value) for name, value in kept["fields"]], kept.get("sends", False))


def let_go(request: HttpRequest) -> None:
    request.session.pop(HELD, None)


def way_back(request: HttpRequest) -> str:
    """Where to, once it is open again: to what is held, if anything is."""
    kept = held(request)
    if kept is None:
        return ""
    if kept.sends:
        return reverse("held")
    request.session[ANEW] = request.session.pop(HELD)  # for its page to take; the lock does not lead there again
    return kept.path


def hand_over(request: HttpRequest) -> None:
    """Before a page of somebody who is here: `given` finds there what was typed into it while the app was locked."""
    kept = request.session.get(ANEW)
    if kept and request.method == "GET" and request.path == kept["path"] and not request.headers.get("HX-Request"):
        request.META[TYPED_BEFORE] = partial(_typed_before, request)


def is_sent(request: HttpRequest, response: HttpResponse) -> None:
    """After a page: what was held and has now been sent by hand is not offered again."""
    if request.method != "POST" or response.status_code >= 400:
        return
    if request.session.get(HELD, {}).get("path") == request.path:
        let_go(request)


def _typed_before(request: HttpRequest) -> QueryDict | None:
    """Once."""
    kept = request.session.pop(ANEW, None)
    if kept is None or clock.now() - datetime.fromisoformat(kept["at"]) > HELD_FOR:
        return None
    typed = QueryDict(mutable=True)
    for name, value in kept["fields"]:
        typed.appendlist(name, value)
    messages.warning(request, CALL_NOT_SENT if _name_of(kept["path"]) == CALL else NOT_SENT)
    return typed


def page_at(url: str) -> str:
    """The page that a request was for: its own address, or the next one above it where that only takes what is sent."""
    path, mark, query = url.partition("?")
    if _opens(path):
        return path + mark + query
    while path := path.rpartition("/")[0]:
        if _opens(path):
            return path
    return "/"


def _hold(request: HttpRequest, page: str) -> None:
    """Sealed with the session, and never a secret. A file is not kept: it is still where it was chosen."""
    words, path = _own_words_at(request.path), request.path
    sends = words is not None and _is_own(words, request.POST)
    # A page can only show again what its own form sent; a live part stands in the page of another one.
    anew = not sends and _name_of(path) in SHOWN_ANEW and path == page.partition("?")[0]
    if request.FILES or not (sends or anew):
        return
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in SECRET_WORDS)
        and (name in words.questions if words and sends else name not in BUTTONS)
        for value in values
        if value
    ]
    if fields and sum(len(name) + len(value) for name, value in fields) <= MOST_HELD:
        request.session[HELD] = {"path": path, "fields": fields, "sends": sends, "at": clock.now().isoformat()}


def _is_own(words: OwnWords, sent: QueryDict) -> bool:
    return sent.get("do", "") in words.buttons and not any(sent.get(name) for name in words.unless)


def _own_words_at(path: str) -> OwnWords | None:
    found = _resolved(path)
    known = may_be_sent.get(str(found.url_name)) if found else None
    return known(**found.kwargs) if found and known else None


def _name_of(path: str) -> str:
    found = _resolved(path)
    return str(found.url_name) if found else ""


def _resolved(path: str) -> Any:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _opens(path: str) -> bool:
    """Is there a page for somebody who asks for this address? `require_POST` keeps its methods beside the view."""
    found = _resolved(path)
    if found is None:
        return False
    kept = dict(zip(found.func.__code__.co_freevars, found.func.__closure__ or (), strict=False))
    methods = kept.get("request_method_list")
    return methods is None or "GET" in methods.cell_contents


def _page_of(request: HttpRequest) -> str:
    """The page that a live part stands in. Only its path and query count: the rest is the browser's word."""
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if is_own_path(path) else "/"
