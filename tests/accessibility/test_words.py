"""What we say: no word that puts a person down, nothing long that is hard to read."""

import pytest

from tests.accessibility import words

EASY = "You are not alone here. Take a slow breath. Call a friend if you can. " * 8
HARD = (
    "Comprehensive psychosocial rehabilitation necessitates multidisciplinary collaboration incorporating "
    "pharmacological stabilization alongside individualized interventions addressing comorbidities. "
) * 6


def test_nothing_we_say_holds_a_word_that_puts_a_person_down() -> None:
    found = [(prose.where, bad, prose.text) for prose in words.all_prose() for bad in words.banned_in(prose.text)]
    assert not found


def test_no_long_paragraph_is_hard_to_read() -> None:
    found = [
        (prose.where, words.grade(prose.text), prose.text) for prose in words.all_prose() if words.too_hard(prose.text)
    ]
    assert not found


def test_templates_packs_and_code_are_all_read() -> None:
    seen = {prose.where.partition(":")[0].rpartition(".")[2] for prose in words.all_prose()}
    assert {"html", "toml", "py"} <= seen


@pytest.fixture
def broken_house(tmp_path):
    """A house with one fault of each kind."""
    for name, text in {
        "a/templates/a/tag.html": '{% load i18n %}<p>{% translate "You missed a day" %}</p>',
        "a/templates/a/block.html": "<p>{% blocktranslate %}Your streak is over{% endblocktranslate %}</p>",
        "a/templates/a/label.html": '<a href="/" aria-label="{% translate "Stay clean" %}">x</a>',
        "a/content/US/lines.en.toml": '[[lines]]\nabout = "For every addict."\n',
        "a/rules.py": 'from x import gettext as _\nTEXT = _("That failed.")\n',
        "a/templates/a/hard.html": f"<p>{HARD}</p>",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_bad_word_is_caught_wherever_it_stands(broken_house) -> None:
    found = {bad for prose in words.all_prose(broken_house) for bad in words.banned_in(prose.text)}
    assert found == {"missed", "streak", "clean", "addict", "failed"}


def test_a_hard_paragraph_is_caught(broken_house) -> None:
    assert [prose.where for prose in words.all_prose(broken_house) if words.too_hard(prose.text)] == [
        "a/templates/a/hard.html"
    ]
    assert not words.too_hard(EASY)


@pytest.mark.parametrize(
    "word", ["clean", "Dirty", "addict", "abusers", "relapsed", "failed", "missed", "streaks", "junkie", "habits"]
)
def test_every_listed_word_is_known_in_its_forms(word) -> None:
    assert words.banned_in(f"So {word}, they said") == [word]


@pytest.mark.parametrize("text", ["addiction medicine", "cleaner", "inhabit", "mission", "a failing light"])
def test_words_that_only_look_alike_pass(text) -> None:
    assert not words.banned_in(text)


def test_comments_and_code_are_not_prose() -> None:
    source = '{# relapse #}{% comment %}addict{% endcomment %}{% url "clean" %}<p class="dirty">fine</p>'
    assert words.paragraphs(words._without_tags_of_django(source)) == ["fine"]
