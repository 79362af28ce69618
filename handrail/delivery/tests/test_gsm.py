import pytest
from django.conf import settings

from handrail.delivery import gsm, words
from handrail.kernel.ids import new_id


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # two places each
        ("€" * 81, 2),
        ("ş" * 70, 1),
        ("ş" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_as_they_are_paid_for(text: str, parts: int) -> None:
    assert gsm.parts(text) == parts


@pytest.mark.parametrize(
    ("host", "whole"),
    [
        ("h.org", True),
        ("handrail.recovery-community-of-the-valley.example.org", True),
        ("x" * 63 + "." + "y" * 24 + ".example.org", False),
        ("x" * 63 + "." + "y" * 44 + ".example.org", False),
    ],
)
def test_a_text_fits_into_one_part_however_long_our_address_is(host: str, whole: bool, monkeypatch) -> None:
    ours = type(settings.HANDRAIL)(**{**vars(settings.HANDRAIL), "origin": f"https://{host}"})
    monkeypatch.setattr(settings, "HANDRAIL", ours)
    said = words.text(f"/s/alert/{new_id()}", "k7fw")
    assert gsm.parts(said) == 1
    assert f"https://{host}" in said and "(k7fw)" in said
    assert ("/s/alert/" in said) is whole


def test_a_code_fits_into_one_part_too() -> None:
    assert gsm.parts(words.code_text("123456")) == 1
