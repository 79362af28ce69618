"""What the law asks a consent to say is a file that names its sources; one that cannot be used stops the start."""

from pathlib import Path

import pytest

from handrail.library.packs import SHIPPED
from handrail.library.reading import BadPack
from handrail.library.statements import PLACE, load, statements


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = (SHIPPED / PLACE).read_text()
    assert old in text
    file = tmp_path / PLACE.name
    file.write_text(text.replace(old, new, 1))
    return file


def test_every_kind_says_how_to_take_it_back_and_treatment_says_what_may_be_passed_on() -> None:
    for kind in ("share", "treatment", "named", "counselling", "proceedings", "research"):
        ids = {each.id for each in statements().of_kind(kind)}
        assert "revoke" in ids
        assert ("redisclosure" in ids) == (kind == "treatment")


def test_the_short_notice_of_the_law_is_word_for_word() -> None:
    assert statements().notice == "42 CFR part 2 prohibits unauthorized use or disclosure of these records."


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ('id = "revoke"', "", "id"),
        ('notice = "42', 'notices = "42', "notice"),
        ('sources = ["consent"]', 'sources = ["hearsay"]', "sources"),
        ("reviewed_on = 2026-11-20", 'reviewed_on = "lately"', "reviewed_on"),
        ('country = "US"', 'country = "CA"', "country"),
    ],
)
def test_a_broken_file_is_refused_and_the_field_named(tmp_path: Path, old: str, new: str, names: str) -> None:
    with pytest.raises(BadPack, match=names):
        load(changed(tmp_path, old, new))


def test_a_lawyer_who_has_read_it_is_named(tmp_path: Path) -> None:
    found = load(changed(tmp_path, 'checked_by = ""', 'checked_by = "R. Okafor, attorney"'))
    assert found.review.checked_by == "R. Okafor, attorney"
