"""What the rest of the house asks: numbers for a country, and whether any of it has grown old."""

from datetime import UTC, date, datetime

import pytest

from handrail.kernel import clock
from handrail.library import queries
from handrail.library.checks import packs_are_fresh


def test_each_country_has_its_own_emergency_number() -> None:
    numbers = {code: queries.emergency_number(code) for code, _ in queries.countries()}
    assert numbers == {"US": "911", "CA": "911", "GB": "999", "AU": "000"}


def test_small_letters_will_do() -> None:
    assert queries.pack_for("gb").country == "GB"


def test_a_country_without_a_pack_gets_the_installs_own_and_says_whose_it_is() -> None:
    assert queries.pack_for("FR").name == "United States"
    assert queries.lines_for("") == queries.lines_for("US")


def test_links_dial_what_the_page_shows() -> None:
    lines = {line.name: line for line in queries.lines_for("AU")}
    assert (lines["Lifeline"].call_link, lines["Lifeline"].text_link) == ("tel:131114", "sms:0477131114")


def test_a_pack_is_fresh_for_twelve_months_and_then_stale() -> None:
    assert queries.stale_packs(date(2027, 11, 20)) == []
    stale = queries.stale_packs(date(2027, 11, 21))
    assert {(one.country, one.file.name) for one in stale} == {
        ("US", "consent.en.toml"),
        *((code, f"{part}.en.toml") for code in ("AU", "CA", "GB", "US") for part in ("lines", "overdose", "naloxone")),
    }
    assert {one.last_checked for one in stale} == {date(2026, 11, 20)}


def test_a_leap_day_has_a_year_before_it() -> None:
    assert queries.stale_packs(date(2028, 2, 29))


def test_the_operator_is_warned_when_a_pack_is_stale() -> None:
    with clock.moved_to(datetime(2026, 12, 1, tzinfo=UTC)):
        assert packs_are_fresh() == []
    with clock.moved_to(datetime(2028, 1, 1, tzinfo=UTC)):
        warnings = packs_are_fresh()
    assert {warning.id for warning in warnings} == {"library.W001"}
    assert "was last checked on 2026-11-20" in warnings[0].msg


@pytest.mark.django_db
def test_whoever_watches_the_install_is_told_how_many_files_are_stale(client) -> None:
    with clock.moved_to(datetime(2026, 12, 1, tzinfo=UTC)):
        assert client.get("/healthz").json()["stale_content"] == 0
    with clock.moved_to(datetime(2028, 1, 1, tzinfo=UTC)):
        assert client.get("/healthz").json()["stale_content"] == 13
