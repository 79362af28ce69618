"""A title stands in the browser's history and in the list of open pages: it says nothing about anybody."""

import re
from pathlib import Path

import pytest

OURS = {"{{ heading }}"}  # an error page's own heading, one of a few fixed lines
ROOT = Path(__file__).resolve().parents[2]
TITLE = re.compile(r"\{% block title %\}(.*?)\{% endblock %\}", re.DOTALL)


def titles() -> dict[str, str]:
    pages = (ROOT / "handrail").glob("*/templates/**/*.html")
    return {str(page.relative_to(ROOT)): found[1] for page in pages if (found := TITLE.search(page.read_text()))}


def test_there_are_titles_to_look_at() -> None:
    assert len(titles()) > 40


@pytest.mark.parametrize("page", sorted(titles()))
def test_a_title_holds_nobody_s_words(page: str) -> None:
    title = titles()[page]
    assert title in OURS or "{{" not in title
