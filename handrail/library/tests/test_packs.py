"""The country packs: what ships is sound, what is broken stops the start, what the operator writes wins."""

import re
import shutil
from datetime import date

import phonenumbers
import pytest
from phonenumbers import shortnumberinfo

from handrail.library.packs import SHIPPED, BadPack, Kind, load, packs
from handrail.library.reading import Table


@pytest.fixture
def own(tmp_path):
    """A folder of an operator with their own copy of the US pack."""
    shutil.copytree(SHIPPED / "US", tmp_path / "US")
    return tmp_path


def change(folder, file, old, new):
    path = folder / "US" / f"{file}.en.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_four_countries_ship() -> None:
    assert set(load([SHIPPED])) == {"AU", "CA", "GB", "US"}


@pytest.mark.parametrize("country", ["AU", "CA", "GB", "US"])
def test_every_number_can_be_dialled_in_its_country(country) -> None:
    for line in load([SHIPPED])[country].lines:
        for number in filter(None, (line.call, line.text)):
            parsed = phonenumbers.parse(number, country)
            short = shortnumberinfo.is_valid_short_number_for_region(parsed, country)
            assert short or phonenumbers.is_valid_number_for_region(parsed, country), (country, line.name, number)


def test_every_line_names_a_source_and_a_day() -> None:
    for pack in load([SHIPPED]).values():
        for line in pack.lines:
            assert line.sources and all(source.url.startswith("https://") for source in line.sources)
            assert isinstance(line.last_checked, date)


def test_no_number_stands_in_a_text_where_it_would_have_no_source() -> None:
    for pack in load([SHIPPED]).values():
        texts = [
            pack.overdose.unsure,
            pack.overdose.minutes,
            pack.overdose.asleep,
            *pack.overdose.signs,
            *pack.overdose.do_not,
        ]
        texts += [line.about for line in pack.lines] + [
            text for step in pack.overdose.steps for text in (step.do, *step.how)
        ]
        texts += [point for part in pack.naloxone.parts for point in part.points]
        numbers = {number for text in texts for number in re.findall(r"\d[\d -]{2,}\d", text)}
        assert numbers <= {pack.emergency.call}


def test_the_us_has_every_line_of_its_list() -> None:
    numbers = {line.call for line in load([SHIPPED])["US"].lines}
    assert numbers == {"911", "988", "1-800-662-4357", "800-484-3731", "877-696-1996", "1-800-972-0590"}


def test_a_number_without_a_source_of_its_own_is_not_called_verified() -> None:
    unverified = {line.call for pack in load([SHIPPED]).values() for line in pack.lines if not line.verified}
    assert unverified == {"877-696-1996"}


def test_the_emergency_number_comes_first_and_stands_in_the_steps() -> None:
    for pack in load([SHIPPED]).values():
        assert pack.emergency.kind is Kind.EMERGENCY
        assert [step.do for step in pack.overdose.steps if step.call] == [f"Call {pack.emergency.call}"]
        assert len(pack.overdose.steps) == 6


def test_nothing_that_ships_claims_that_a_clinician_checked_it() -> None:
    assert not [review.file for pack in load([SHIPPED]).values() for review in pack.reviews if review.checked_by]


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "why"),
    [
        ("lines", 'name = "United States"', "", "name", "is missing"),
        ("lines", 'name = "United States"', "name = 7", "name", "should be a text"),
        ("lines", "reviewed_on = 2026-11-20", 'reviewed_on = "soon"', "reviewed_on", "should be a day"),
        ("lines", "reviewed_on = 2026-11-20", "reviewed_on = 2026-11-20T10:00:00", "reviewed_on", "should be a day"),
        ("lines", 'call = "988"', 'call = "nine"', "lines 2, call", "no phone number"),
        ("lines", 'kinds = ["emergency"]', 'kinds = ["crisis"]', "lines", "exactly one line"),
        ("lines", 'kinds = ["overdose-buddy"]', 'kinds = ["buddy"]', "lines 3, kinds", "should be among"),
        ("lines", 'sources = ["lifeline"]', 'sources = ["nobody"]', "lines 2, sources", "not among"),
        ("lines", 'sources = ["lifeline"]', "sources = []", "lines 2, sources", "at least one"),
        ("lines", "verified = true", 'verified = "yes"', "lines 1, verified", "true or false"),
        ("lines", 'hours = "Day and night"', 'opening = "Day and night"', "lines 1, opening", "no such field"),
        ("lines", 'url = "https://988lifeline.org/"', 'url = "988"', "sources.lifeline.url", "no web address"),
        ("lines", 'country = "US"', 'country = "FR"', "country", "in a file of 'US'"),
        ("lines", 'country = "US"', "country = ", "the file", "cannot be read"),
        ("overdose", "call = true\n", "", "steps", "the emergency number would be nowhere"),
        ("overdose", 'sources = ["gao"]', 'sources = ["cia"]', "law.sources", "not among"),
        ("overdose", "minutes = ", "seconds = ", "minutes", "is missing"),
        ("naloxone", 'title = "What it is"', 'title = ""', "parts 1, title", "is empty"),
        ("naloxone", "checked_by", "checked", "checked_by", "is missing"),
    ],
)
def test_a_bad_file_is_refused_by_file_and_field(own, file, old, new, field, why) -> None:
    change(own, file, old, new)
    with pytest.raises(BadPack) as refused:
        load([own, SHIPPED])
    assert str(refused.value).startswith(f"{own / 'US' / file}.en.toml: {field}: ")
    assert why in str(refused.value)


def test_a_new_country_needs_all_three_files(own) -> None:
    (own / "IE").mkdir()
    with pytest.raises(BadPack, match=r"IE/lines\.en\.toml: the file: is not there"):
        load([own, SHIPPED])


def test_a_folder_that_is_no_country_is_refused(own) -> None:
    (own / "Ireland").mkdir()
    with pytest.raises(BadPack, match="two capital letters"):
        load([own, SHIPPED])


def test_one_file_of_the_operator_wins_and_the_others_stay(own) -> None:
    (own / "US" / "overdose.en.toml").unlink()
    (own / "US" / "naloxone.en.toml").unlink()
    change(own, "lines", 'name = "988 Lifeline"', 'name = "Our own night line"')
    mine = load([own, SHIPPED])["US"]
    assert "Our own night line" in [line.name for line in mine.lines]
    assert mine.overdose == load([SHIPPED])["US"].overdose


def test_the_operators_folder_in_the_home_is_read(own, installed_as, tmp_path_factory) -> None:
    home = tmp_path_factory.mktemp("home")
    shutil.move(own, home / "content")
    change(home / "content", "lines", 'name = "988 Lifeline"', 'name = "Our own night line"')
    installed_as(home=home)
    assert "Our own night line" in [line.name for line in packs()["US"].lines]


def test_an_install_for_a_country_without_a_pack_does_not_start(installed_as) -> None:
    installed_as(country="XX")
    with pytest.raises(BadPack, match="HANDRAIL_COUNTRY: no such pack; there are AU, CA, GB, US"):
        packs()


def test_a_file_that_is_no_text_is_refused(tmp_path) -> None:
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadPack, match="cannot be read"):
        Table.read(tmp_path / "x.toml")
