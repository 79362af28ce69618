"""Budgets of every page, gzip: stylesheet 10 KB, sprite 5 KB, font 20 KB, scripts 30 KB in all."""

import gzip
import re
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError

SHELL = Path(__file__).parent.parent
STATIC = SHELL / "static" / "shell"
TOO_NEW = re.compile(r":has\(|@layer|color-mix\(|@container|&\s*[.:{>]")


def kilobytes(*names: str) -> float:
    return sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names) / 1024


def test_what_every_page_loads_stays_small() -> None:
    assert kilobytes("app.css") <= 10
    assert kilobytes("icons.svg") <= 5
    assert (STATIC / "atkinson-next-400-700.woff2").stat().st_size <= 20 * 1024
    assert kilobytes("vendor/htmx-4.0.1.min.js", "app.js", "checkin-offline.js", "push.js") <= 30


def test_the_stylesheet_speaks_the_language_of_old_phones() -> None:
    rules = re.sub(r"/\*.*?\*/", "", (STATIC / "app.css").read_text(), flags=re.DOTALL)
    assert TOO_NEW.findall(rules) == []
    assert TOO_NEW.findall(".card:has(input)") == [":has("]


def test_an_icon_that_is_not_in_the_sprite_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError, match="No icon 'unicorn'"):
        Template('{% icon "unicorn" %}').render(Context())


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (STATIC / "icons.svg").read_text()
    named = {
        (name, page.name)
        for page in SHELL.parent.rglob("templates/**/*.html")
        for name in re.findall(r'\{% (?:inline_)?icon "([^"]+)"', page.read_text())
    }
    assert sorted(pair for pair in named if f'id="{pair[0]}"' not in sprite) == []
