"""Whatever is typed into a form of ours: no page falls over, and what could not be taken stands there to be mended."""

import html
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.messages import ERROR, get_messages
from django.db import transaction

from tests.architecture.addresses import Address, addresses
from tests.architecture.test_who_may_open_what import House

pytestmark = pytest.mark.django_db

WHO = ("owner", "all", "keepr", "opera")  # with them, every form with a field for words is seen
NONSENSE = {
    "long": "x" * 10_000,
    "faces": "🧡🏳️‍🌈👩‍👩‍👧 z̷͎͠a̶lgo",
    "right to left": "שלום \u202eabc\u202c مرحبا",
    "marks": "</textarea><b>'\"&amp; {{ 7 }} %s \\ ;--",
    "before": "0001-01-01",
    "after": "9999-12-31",
    "no day": "2026-02-30",
    "less": "-7",
    "much": "99999999999999999999",
}
TYPED = {"textarea", "text", "search", "tel", "email", "url", "number", "date", "time", "datetime-local", "month"}


@dataclass
class Form:
    action: str
    typed: list[str] = field(default_factory=list)
    given: dict[str, list[str]] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: fields for words, and what the others say as they stand."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and found.get("method", "").lower() == "post":
            self._open = Form(found.get("action", ""))
            self.found.append(self._open)
        elif tag == "select":
            self._select = found.get("name", "")
        if self._open and not {"hidden", "readonly"} & found.keys():  # those are for password managers and for copying
            kind = found.get("type", "text") if tag == "input" else tag
            name = self._select if tag == "option" else found.get("name", "")
            self._note(self._open, kind, name, found)

    def _note(self, form: Form, kind: str, name: str, found: dict[str, str]) -> None:
        if not name:
            return
        if kind in TYPED:
            form.typed.append(name)
        elif kind in ("radio", "option"):
            form.choices.append(name)
            if "checked" in found or name not in form.given:
                form.given[name] = [found.get("value", "")]
        elif kind == "hidden" or (kind == "checkbox" and "checked" in found):
            form.given.setdefault(name, []).append(found.get("value", "on"))
        elif kind == "button":
            form.given.setdefault(name, [found.get("value", "")])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


#: No link leads there for the draft of this house: there is nothing to renew before it is signed.
OUT_OF_REACH = {"papers/<id:consent>/renew"}


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield House()
        transaction.set_rollback(True)


def pages() -> list[Address]:
    return [each for each in addresses() if each.view.open_to != "token" and each.route not in OUT_OF_REACH]


@pytest.mark.parametrize("address", pages(), ids=lambda address: address.route or "/")
def test_nonsense_falls_nothing_over_and_is_kept(house: House, address: Address) -> None:
    wrong: list[str] = []
    for kind in WHO:
        path = address.path(house.values)
        page = _asked(house, kind, "get", path, {})
        if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        for form in Forms(page.content.decode()).found:
            if form.typed:
                wrong += _what_goes_wrong(house, kind, urlsplit(form.action).path or path, form)
        break  # the others have the same form
    assert not wrong, "\n".join(wrong)


def test_it_is_tried_at_many_forms(house: House) -> None:
    """Else a page that is built in another way would go by unseen."""
    tried = set()
    wanted = {"people/others/add", "people/card/numbers", "invite", "papers/add", "me/name", "plan/edit/<int:number>"}
    for address in (each for each in pages() if each.route in wanted):
        page = _asked(house, "owner", "get", address.path(house.values), {}).content.decode()
        tried |= {address.route for form in Forms(page).found if form.typed}
    assert tried == wanted


def _what_goes_wrong(house: House, kind: str, path: str, form: Form) -> Iterator[str]:
    for what, text in NONSENSE.items():
        for choices in (form.given, {**form.given, **{name: ["king"] for name in form.choices}}):
            answer = _asked(house, kind, "post", path, {**choices, **dict.fromkeys(form.typed, text)})
            if (found := _wrong(answer, form, text)) is not None:
                yield f"{kind} {path} {what}: {found}"


def _wrong(answer: Any, form: Form, text: str) -> str | None:
    if answer.status_code in (301, 302, 303):
        said = [str(each) for each in get_messages(answer.wsgi_request) if each.level >= ERROR]
        return f"lost with {said}" if said else None
    if answer.status_code >= 500:
        return f"fell over with {answer.status_code}"
    body = answer.content.decode()
    kept = html.unescape(body).replace("\r\n", "\n").count(text)
    if answer.status_code == 200:
        return None
    if kept < len(set(form.typed)):
        return f"{answer.status_code} kept {kept} of {form.typed}: {_said(body)}"
    if answer.status_code == 422 and 'role="alert"' not in body:
        return "422 and nothing said"
    return None


def _said(body: str) -> str:
    main = re.sub(r"<(script|style|head)\b.*?</\1>", " ", body, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())[:300]


def _asked(house: House, kind: str, method: str, path: str, sent: dict[str, Any]) -> Any:
    """What a request changes is taken back."""
    client = house.sessions[kind]
    cookies = copy(client.cookies)
    with transaction.atomic():
        answer = getattr(client, method)(path, sent)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer
