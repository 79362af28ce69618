import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.kernel.errors import Invalid
from handrail.plan import rules


def test_each_line_is_kept_once_without_bullets_and_spare_spaces():
    assert rules.tidy(["- Walk  around the block ", "", "• Call Sam", "Walk around the block", "   "]) == [
        "Walk around the block",
        "Call Sam",
    ]


def test_a_line_that_starts_with_a_minus_number_keeps_it():
    assert rules.tidy(["-5 degrees: swim"]) == ["-5 degrees: swim"]


def test_too_many_lines_are_refused_with_the_number_that_fits():
    with pytest.raises(Invalid, match="20 lines"):
        rules.tidy(f"line {n}" for n in range(21))


def test_a_very_long_line_is_refused():
    with pytest.raises(Invalid, match="200 letters"):
        rules.tidy(["a" * 201])


@given(st.lists(st.text(max_size=60), max_size=20))
def test_tidying_twice_changes_nothing_more(lines):
    once = rules.tidy(lines)
    assert rules.tidy(once) == once


@pytest.mark.parametrize(
    ("line", "country", "dialled"),
    [
        ("Sam (212) 555-0134", "US", ["2125550134"]),
        ("Mum 555 0134, or Dad 555 0187", "US", ["5550134", "5550187"]),
        ("Clinic 212-555-0134 ext. 42", "US", ["2125550134;ext=42"]),
        ("Jo in Leeds +44 7700 900123", "US", ["+447700900123"]),
        ("Dee 07700 900123", "GB", ["07700900123"]),
        ("Call or text 988", "US", ["988"]),
        ("Samaritans 116 123", "GB", ["116123"]),
        ("1-800-662-4357 is free", "US", ["18006624357"]),
    ],
)
def test_a_phone_number_in_a_line_can_be_dialled_as_it_was_typed(line, country, dialled):
    assert rules.numbers_in(line, country=country, short=["988", "911", "116123"]) == dialled


@pytest.mark.parametrize("line", ["Meeting on 2027-05-01 at 11:30", "Room 988a", "12 Main Street", "Breathe 10 times"])
def test_what_is_no_phone_number_gets_no_call_button(line):
    assert rules.numbers_in(line, country="US", short=["988", "911"]) == []


@given(st.text(max_size=200))
def test_any_text_can_be_searched_and_only_diallable_signs_come_back(line):
    for number in rules.numbers_in(line, country="US", short=["988"]):
        assert set(number) <= set("+0123456789;ext=")
