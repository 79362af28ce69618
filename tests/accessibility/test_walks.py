"""What a page can say besides its first answer: steps of a session, forms that could not be taken, errors.

Each walk is one browser that goes from one to the next; `tests/pages.py` names which routes are looked at here alone.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from handrail.people.limits import CODES_BY_PERSON
from handrail.people.tests.test_second_step import code_of
from tests.accessibility.conftest import Desk
from tests.accessibility.walks import Walk
from tests.fixtures.browsers import PHONE
from tests.journeys.test_passkey import plug_in_authenticator
from tests.pages import ON_A_WALK, Page

# The form that is sent to the page's own address, among all of them.
OF_THIS_PAGE = """forms => forms.findIndex(form =>
  new URL(form.getAttribute("action") || "", location.href).pathname === location.pathname)"""
NAME, PASSPHRASE, PIN = "Wren", "seven quiet harbours at dawn", "407193"
MakeWalk = Callable[..., Walk]


@pytest.fixture
def walk(desk: Desk, light_browser: Browser) -> Iterator[MakeWalk]:
    """`walk()` is a browser of nobody's; `walk("kit")` is Kit's. What they all found is said at the end."""
    made: list[tuple[Walk, bool]] = []

    def begin(who: str = "") -> Walk:
        own = light_browser.new_context(viewport=PHONE, service_workers="block") if not who else None
        # A passkey belongs to a host name; a bare address is none.
        begun = Walk(own or desk.context(who), desk.url if who else desk.url.replace("127.0.0.1", "localhost"))
        begun.tab.set_default_timeout(15_000)
        made.append((begun, own is not None))
        return begun

    yield begin
    problems = {state: found for each, _ in made for state, found in each.problems.items()}
    for each, is_own in made:
        each.tab.context.close() if is_own else each.tab.close()
    assert problems == {}


def test_somebody_comes_in_and_makes_it_safe(walk: MakeWalk, desk: Desk) -> None:
    walks = walk()
    _signs_up(walks)
    _waits_to_be_let_in(walks, desk)
    _second_step(walks)
    _passkey(walks)
    _still_you(walks)
    _locked(walks)
    _at_the_door(walks)
    assert ON_A_WALK - walks.looked_at == set()


def _signs_up(walks: Walk) -> None:
    walks.goes("/start")
    walks.sends_nothing()
    walks.sends(200, name=NAME, passphrase=PASSPHRASE)
    assert walks.tab.url.endswith("/start/words")
    walks.presses("main form button")


def _waits_to_be_let_in(walks: Walk, desk: Desk) -> None:
    walks.tab.goto(f"{walks.url}/j/{desk.unused['invitation']}")
    walks.sends(200, "main form[action$='/accept']")
    walks.tab.goto(f"{walks.url}/w/{desk.unused['offer']}")
    walks.sends(200, "main form[action$='/take']")


def _second_step(walks: Walk) -> None:
    walks.goes("/me/sign-in/code")
    walks.sends(code="000000")
    secret = walks.tab.locator(".once").inner_text()
    walks.sends(200, code=code_of(secret))
    walks.goes("/me/sign-in/spare/new")
    walks.goes("/me/sign-in/code/off")


def _passkey(walks: Walk) -> None:
    plug_in_authenticator(walks.tab)
    walks.goes("/me/sign-in/passkey")
    walks.presses("main form[data-passkey] button")
    walks.tab.wait_for_url("**/me/sign-in")
    walks.presses("main a[href$='/end']")
    walks.goes(walks.tab.url.removeprefix(walks.url))


def _still_you(walks: Walk) -> None:
    walks.goes("/me/again")
    walks.sends(password="not the one that it is")
    walks.goes("/me/again/passkey")
    walks.goes("/me/again/code")
    walks.sends(code="000000")


def _locked(walks: Walk) -> None:
    walks.tab.goto(f"{walks.url}/me/discreet/lock")
    walks.sends_nothing()
    walks.tab.locator("[name=lock_after]:not([value='0'])").first.check()
    walks.tab.locator("[name=pin]").fill(PIN)
    walks.presses("main form button")
    walks.tab.goto(f"{walks.url}/me/own-words")
    other = walks.tab.context.new_page()
    other.goto(f"{walks.url}/me/discreet")
    other.locator("form[action$='/lock/now'] button").click()
    other.wait_for_url("**/lock*")
    other.close()
    walks.sends(200, for_use="a word of mine")
    assert walks.tab.locator("h1").inner_text() == "Locked"
    walks.sends(pin="111111")
    walks.sends(200, pin=PIN)


def _at_the_door(walks: Walk) -> None:
    walks.tab.goto(f"{walks.url}/me")
    walks.presses("form[action$='/sign-out'] button")
    walks.goes("/enter/words")
    walks.sends_nothing()
    walks.goes("/enter")
    walks.sends(passphrase="not the one that it is", name=NAME)
    walks.sends(200, name=NAME, passphrase=PASSPHRASE)
    assert walks.tab.url.endswith("/enter/code")
    walks.sends(code="000000")
    token = walks.tab.locator("main form [name=csrfmiddlewaretoken]").first.input_value()
    tried = {"csrfmiddlewaretoken": token, "code": "000000"}
    for _ in range(2 * CODES_BY_PERSON.most):  # they are told off by the hour, and the next one may begin here
        if walks.tab.context.request.post(f"{walks.url}/enter/code", form=tried).status == 429:
            break
    walks.sends(429, code="000000")


#: Forms that write something down, sent with nothing in them.
EMPTY_FORMS = [
    Page("checkin-change", "kit"),
    Page("day", "kit"),
    Page("care-medicine-add", "kit"),
    Page("care-visit-add", "kit"),
    Page("invite", "kit"),
    Page("other-add", "kit"),
    Page("consent-add", "kit"),
    Page("consent-change", "kit"),
    Page("me-name", "kit"),
    Page("passphrase", "kit"),
    Page("ways", "kit"),
    Page("way", "kit"),
    Page("import", "kit"),
    Page("s-note-add", "bea"),
]


def test_forms_that_were_sent_with_nothing_in_them(walk: MakeWalk, desk: Desk) -> None:
    walks = {who: walk(who) for who in ("kit", "bea")}
    for page in EMPTY_FORMS:
        of_them = walks[page.who]
        of_them.tab.goto(desk.url + desk.path(page))
        ours = of_them.tab.eval_on_selector_all("main form[method=post]", OF_THIS_PAGE)
        assert ours >= 0, f"{page} has no form that is sent to itself"
        of_them.sends_nothing(f"main form[method=post] >> nth={ours}")
    walks["bea"].tab.goto(desk.url + desk.path(Page("s-alert", "bea")))
    walks["bea"].sends_nothing("main form[action$='/answer']")


def test_errors(walk: MakeWalk, desk: Desk) -> None:
    for who in ("", "kit"):
        walks = walk(who)
        walks.goes("/nowhere", 404)
    walks.tab.goto(f"{desk.url}/me/own-words")
    walks.sends(403, csrfmiddlewaretoken="x" * 64, for_use="a word of mine")
    assert walks.tab.get_by_text("a word of mine").or_(walks.tab.locator("[value='a word of mine']")).count()
