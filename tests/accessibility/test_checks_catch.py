"""Each check is shown a page with the fault it is there for, and a page without any."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.accessibility import checks, weight
from tests.accessibility.markup import markup_problems

ADDRESS = "http://broken.test/"
Show = Callable[..., Page]

SOUND = """<!doctype html><html lang="en"><head><title>Today</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/app.css"></head><body><a class="skip" href="#main">Skip to content</a>
<header><a href="/">Home</a></header><main id="main" tabindex="-1"><h1>Today</h1><p>How are you?</p>
<form method="post" action="/"><label>Note <input name="note"></label> <button>Save</button></form></main>
</body></html>"""
SOUND_CSS = """html{font-size:16px} body{margin:0;padding:1rem;color:#111;background:#fff}
:focus{outline:3px solid #000} button,input{border:1px solid #333;padding:.8rem;min-height:48px} main:focus{outline:0}
 .skip,header a{display:inline-block;padding:1rem}"""


@pytest.fixture
def show(light_browser: Browser) -> Show:
    """`show(html, css)` is an open page with exactly that content, from a real request."""
    contexts: list[BrowserContext] = []

    def open_page(body: str = "", css: str = "", *, whole: str = "", width: int = 390, **options: Any) -> Page:
        html = whole or SOUND.replace("<p>How are you?</p>", f"<p>How are you?</p>{body}")
        context = light_browser.new_context(viewport={"width": width, "height": 700}, **options)
        contexts.append(context)

        def answer(route: Route) -> None:
            if route.request.url.endswith(".css"):
                route.fulfill(body=SOUND_CSS + css, content_type="text/css")
            elif route.request.url == ADDRESS:
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            else:
                route.fulfill(status=404)

        context.route("**/*", answer)
        page = context.new_page()
        page.goto(ADDRESS)
        return page

    yield open_page  # type: ignore[misc]
    for context in contexts:
        context.close()


EVERY_CHECK = [
    checks.axe_problems, checks.sideways_problems, checks.cut_off_problems, checks.larger_text_problems,
    checks.keyboard_problems, checks.motion_problems, checks.forced_colour_problems, checks.without_script_problems,
    checks.size_problems, checks.title_problems,
]  # fmt: skip


@pytest.mark.parametrize("check", EVERY_CHECK, ids=lambda check: check.__name__)
def test_a_sound_page_passes(show: Show, check: Callable[[Page], list[str]]) -> None:
    assert check(show()) == []


@pytest.mark.parametrize(
    ("body", "css", "rule"),
    [
        ('<img src="/x.png" width="9" height="9">', "", "image-alt"),
        ('<p class="pale">Pale words</p>', ".pale{color:#bbb}", "color-contrast"),
        ('<a class="dot" href="/a">.</a><a class="dot" href="/b">.</a>',
         ".dot{display:inline-block;width:9px;height:9px;overflow:hidden}", "target-size"),
        ("<h4>Too deep</h4>", "", "heading-order"),
        ('<input name="bare">', "", "label"),
    ],
)  # fmt: skip
def test_axe_catches(show: Show, body: str, css: str, rule: str) -> None:
    assert any(problem.startswith(rule) for problem in checks.axe_problems(show(body, css)))


def test_axe_sees_the_dark_side_too(show: Show) -> None:
    page = show("<p>Words</p>", "@media (prefers-color-scheme: dark) { p { color: #222; background: #111 } }")
    assert checks.axe_problems(page) == []
    page.emulate_media(color_scheme="dark")
    assert any(problem.startswith("color-contrast") for problem in checks.axe_problems(page))


def test_axe_sees_what_little_room_breaks(show: Show) -> None:
    small = """#a, #b { display: inline-block; width: 48px; height: 48px }
        @media (max-width: 350px) { #a, #b { width: 12px; height: 12px } }"""
    page = show('<div><a id="a" href="/a">x</a><a id="b" href="/b">y</a></div>', small)
    assert checks.axe_problems(page, rules=checks.RULES_OF_ROOM) == []
    page.set_viewport_size({"width": 320, "height": 700})
    found = checks.axe_problems(page, rules=checks.RULES_OF_ROOM)
    assert any(problem.startswith("target-size") for problem in found)


def test_a_wide_page_is_caught(show: Show) -> None:
    assert checks.sideways_problems(show('<div class="wide">x</div>', ".wide{width:600px}", width=320))


def test_a_wide_table_in_its_own_frame_is_allowed(show: Show) -> None:
    css = ".frame{overflow-x:auto} .wide{width:600px}"
    assert checks.sideways_problems(show('<div class="frame"><div class="wide">x</div></div>', css, width=320)) == []


def test_cut_off_text_is_caught(show: Show) -> None:
    css = ".short{height:1.2em;width:8em;overflow:hidden}"
    assert checks.cut_off_problems(show('<p class="short">Many words that need more room than this</p>', css))


def test_text_that_only_larger_letters_cut_off_is_caught(show: Show) -> None:
    page = show('<p class="fixed">Some words here</p>', ".fixed{height:24px;overflow:hidden;margin:0}")
    assert checks.cut_off_problems(page) == []
    assert checks.larger_text_problems(page)


def test_a_focus_that_does_not_show_is_caught(show: Show) -> None:
    assert any("does not show" in found for found in checks.keyboard_problems(show("", "button:focus{outline:0}")))


def test_a_focus_under_the_dock_is_caught(show: Show) -> None:
    links = "".join(f'<p><a href="/{number}">Link {number}</a></p>' for number in range(40))
    dock = '<div class="dock">Dock</div>'
    css = ".dock{position:fixed;left:0;right:0;bottom:0;height:160px;background:#fff}"
    assert any("covered" in found for found in checks.keyboard_problems(show(links + dock, css)))
    kept_clear = css + " html{scroll-padding-bottom:180px} body{padding-bottom:180px}"
    assert checks.keyboard_problems(show(links + dock, kept_clear)) == []


def test_a_keyboard_trap_is_caught(show: Show) -> None:
    links = "".join(f'<a href="/{number}">Link {number}</a> ' for number in range(checks.MOST_TABS + 5))
    assert any("no end" in found for found in checks.keyboard_problems(show(links)))


def test_motion_that_was_not_asked_for_is_caught(show: Show) -> None:
    css = "@keyframes turn{to{transform:rotate(1turn)}} h1{animation:turn 2s infinite}"
    assert checks.motion_problems(show("", css, reduced_motion="reduce"))
    assert checks.motion_problems(show("", "button{transition:color 0.3s}", reduced_motion="reduce"))


def test_a_button_without_an_edge_is_caught(show: Show) -> None:
    assert checks.forced_colour_problems(show("", "button{border:0;background:#000}", forced_colors="active"))


@pytest.mark.parametrize(
    "body",
    [
        "<button>Loose</button>",
        '<form method="post" action="/"><button type="button">Nothing</button></form>',
        '<form method="post" action="/"><input name="a"></form>',
        '<form method="post" action="/here" hx-post="/there"><button>Go</button></form>',
        '<a href="#">Nowhere</a>',
        "<a>No target</a>",
        '<p style="color:red">Inline</p>',
        "<script>1</script>",
    ],
)
def test_a_page_that_needs_a_script_is_caught(show: Show, body: str) -> None:
    assert checks.without_script_problems(show(body))


def test_a_page_of_too_many_parts_is_caught(show: Show) -> None:
    assert checks.size_problems(show("<i></i>" * checks.DOM_NODES))


def test_a_telling_title_is_caught(show: Show) -> None:
    assert checks.title_problems(show(whole=SOUND.replace("<title>Today", "<title>My recovery")))
    assert checks.title_problems(show(whole=SOUND.replace("<title>Today", "<title>")))


def test_a_heavy_page_is_caught(light_browser: Browser) -> None:
    context = light_browser.new_context()
    noise = "".join(f"{number * 7919 % 104729:x}" for number in range(40_000))

    def answer(route: Route) -> None:
        route.fulfill(body=f"<!doctype html><p>{noise}", content_type="text/html")

    context.route("**/*", answer)
    weights, _policy = weight.weigh(context, ADDRESS)
    context.close()
    assert weight.too_heavy(weights, weight.BUDGETS)[0].startswith("document")
    assert weight.too_heavy({"script": 0.1, "all": 0.1}, weight.HELP_BUDGETS) == ["script: 0.1 KB, at most 0"]


def test_a_slow_and_a_jumping_page_are_caught() -> None:
    assert weight.too_slow({"largest": 2600, "shift": 0}) != []
    assert weight.too_slow({"largest": 900, "shift": 0.2}) != []
    assert weight.too_slow({"largest": 900, "shift": 0.01}) == []


def test_layout_shift_is_really_measured(light_browser: Browser) -> None:
    html = """<!doctype html><title>x</title><div id="a"></div><p>Words that move down when something comes late.</p>
        <script>setTimeout(() => { document.getElementById('a').style.height = '300px' }, 200)</script>"""

    def context() -> BrowserContext:
        fresh = light_browser.new_context(viewport={"width": 390, "height": 700})
        fresh.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
        return fresh

    assert any("layout" in problem for problem in weight.too_slow(weight.vitals_on_a_slow_phone(context, ADDRESS)))


def test_markup_as_its_standard_has_it_passes() -> None:
    assert markup_problems(SOUND) == []


@pytest.mark.parametrize(
    "fault",
    [
        "<div><span>left open</div>",
        '<a href="/" class="a" class="b">twice</a>',
        "<table><p>outside of a cell</p></table>",
        "<p><ul><li>a list in a paragraph</li></ul></p>",
        "<form><form></form></form>",
        '<a href="/"class="x">no space</a>',
        "<p>&nothing; such</p>",
    ],
)
def test_markup_that_browsers_would_have_to_mend_is_caught(fault: str) -> None:
    assert markup_problems(SOUND.replace("<p>How are you?</p>", fault))
