"""Goes from state to state of one browser and looks at each: what only a session, or something wrong, brings up."""

from typing import Any

from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Response

from tests.accessibility import checks, weight, words
from tests.accessibility.markup import markup_problems

# Empties a form as somebody does who sends it with nothing in it, and takes away what the browser would say to that.
EMPTY = """form => { for (const one of form.elements) {
  if (/radio|checkbox/.test(one.type)) one.checked = false;
  else if (one.tagName === "SELECT") one.selectedIndex = -1;
  else if (!/hidden|submit|button|file/.test(one.type)) one.value = ""; } }"""
SEND = """(form, more) => { for (const [name, value] of Object.entries(more)) {
  const one = form.elements.namedItem(name) || form.appendChild(Object.assign(document.createElement("input"), {name}));
  one.value = value; }
  HTMLFormElement.prototype.submit.call(form); }"""

MEANT = ("the server responded with a status of", "blocked by Playwright")


class Walk:
    """`at(status)` looks at where the tab is now; `problems` is what all the looks found."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.tab = context.new_page()
        self.url = url
        self.problems: dict[str, list[str]] = {}
        self.looked_at: set[str] = set()
        self._heard: list[str] = []
        self._listen(context)

    def _listen(self, context: BrowserContext) -> None:
        def on_console(message: Any) -> None:
            # An answer that is no 200 is an answer; Chromium calls it a resource that did not load.
            if message.type in {"error", "warning"} and not any(meant in message.text for meant in MEANT):
                self._heard.append(message.text)

        context.on("console", on_console)
        context.on("weberror", lambda error: self._heard.append(str(error.error)))

    def goes(self, path: str, status: int = 200) -> None:
        """Go there and look."""
        answer = self.tab.goto(self.url + path)
        assert answer is not None
        self._looks(answer, status)

    def sends(self, status: int = 422, form: str = "main form", **fields: str) -> None:
        """Send a form, with every other field as it stands, and look at what answers."""
        with self.tab.expect_navigation() as arrived:
            self.tab.locator(form).first.evaluate(SEND, fields)
        assert arrived.value is not None
        self._looks(arrived.value, status)

    def sends_nothing(self, form: str = "main form[method=post]") -> None:
        self.tab.locator(form).first.evaluate(EMPTY)
        self.sends(422, form)

    def presses(self, button: str) -> None:
        """Press a button or follow a link that leads to another page, without a look."""
        with self.tab.expect_navigation():
            self.tab.locator(button).first.click()

    def _looks(self, answer: Response, status: int) -> None:
        where, sent = _route(self.tab.url.removeprefix(self.url)), answer.text()
        assert answer.status == status, f"{where}: {answer.status}\n{words.whole_text(sent)[:600]}"
        self.looked_at.add(where)
        found = [] if self.tab.locator("h1").is_visible() else ["no heading"]
        found += markup_problems(sent) + _of_the_words(sent)
        found += checks.title_problems(self.tab) + checks.size_problems(self.tab)
        if (heavy := weight.gzipped(sent.encode()) / weight.KB) > weight.BUDGETS["document"]:
            found.append(f"{heavy:.1f} KB of HTML")
        for width in (320, *checks.WIDTHS):
            self.tab.set_viewport_size({"width": width, "height": 800})
            if width == 320:
                found += checks.sideways_problems(self.tab) + checks.cut_off_problems(self.tab)
            else:
                found += [f"{width}: {problem}" for problem in checks.axe_problems(self.tab)]
        found += [f"says {heard}" for heard in self._heard]
        self._heard.clear()
        if found:
            self.problems[f"{where}, {status}"] = found


def _route(address: str) -> str:
    """The last name of where it leads: allauth's, where there are two; "" of nowhere."""
    try:
        return resolve(address.partition("?")[0]).url_name or ""
    except Resolver404:
        return ""


def _of_the_words(html: str) -> list[str]:
    said = words.paragraphs(html)
    bad = [f"the word {word!r}" for text in said for word in words.banned_in(text)]
    return bad + [f"hard to read: {text[:80]}" for text in said if words.too_hard(text)]
