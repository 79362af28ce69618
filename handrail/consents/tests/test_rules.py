"""What a consent must say, and what it covers: arithmetic, with reasons."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.consents import rules, said
from handrail.consents.kinds import KINDS, LABELS, MEANS, PURPOSE_WORDS, STATUS_WORDS
from handrail.consents.packing import _LINES
from handrail.consents.rules import NOTES, OPENS, PURPOSES, THINGS, Kind, Purpose, Status, Terms
from handrail.gate import Category
from handrail.library.statements import statements

TODAY = date(2026, 11, 20)
WHOLE = Terms(
    kind=Kind.NAMED, person="Jo", discloser="River House", recipient="Dr Osei", things=(Category.PLAN,),
    purpose=Purpose.TREATMENT, last_day=TODAY + timedelta(days=90),
)  # fmt: skip


def lacking(in_circle: bool = True, **changed: object) -> set[str]:
    return {each.field for each in rules.lacks(replace(WHOLE, **changed), today=TODAY, in_circle=in_circle)}  # type: ignore[arg-type]


def test_a_whole_page_lacks_nothing() -> None:
    assert lacking() == set()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"person": " "}, "signed_name"),
        ({"discloser": ""}, "recipient"),
        ({"recipient": " "}, "recipient"),
        ({"things": ()}, "things"),
        ({"things": ("everything",)}, "things"),
        ({"purpose": ""}, "purpose"),
        ({"kind": "whatever"}, "kind"),
        ({"last_day": None}, "last_day"),
        ({"last_day": TODAY - timedelta(days=1)}, "last_day"),
        ({"last_day": TODAY + timedelta(days=900)}, "last_day"),
        ({"first_data": TODAY, "last_data": TODAY - timedelta(days=1)}, "last_data"),
    ],
)
def test_each_element_is_asked_for_with_a_reason(changed: dict[str, object], field: str) -> None:
    assert lacking(**changed) == {field}


def test_what_opens_pages_has_a_place_in_the_circle_and_no_days_of_its_own() -> None:
    assert lacking(in_circle=False, kind=Kind.SHARE) == {"recipient"}
    assert lacking(kind=Kind.SHARE, first_data=TODAY) == {"first_data"}


@pytest.mark.parametrize("kind", Kind)
def test_notes_stand_alone_and_no_other_kind_covers_them(kind: Kind) -> None:
    purpose = PURPOSES[kind][0]
    alone = lacking(kind=kind, things=(NOTES,), purpose=purpose)
    mixed = lacking(kind=kind, things=(NOTES, Category.PLAN), purpose=purpose)
    assert alone == (set() if kind == Kind.COUNSELLING else {"things"})
    assert mixed == {"things"}
    assert rules.covers(kind, [NOTES], thing=NOTES) == (kind == Kind.COUNSELLING)


@pytest.mark.parametrize("kind", Kind)
def test_a_court_is_reached_by_its_own_kind_alone(kind: Kind) -> None:
    alone = kind == Kind.PROCEEDINGS
    things = (NOTES,) if kind == Kind.COUNSELLING else (Category.PLAN,)
    assert ("purpose" not in lacking(kind=kind, things=things, purpose=Purpose.LEGAL)) == alone
    assert rules.covers(kind, things, thing=things[0], purpose=Purpose.LEGAL) == alone
    assert (Purpose.LEGAL in PURPOSES[kind]) == alone
    if alone:
        assert PURPOSES[kind] == (Purpose.LEGAL,)


@given(st.sampled_from(list(Kind)), st.sets(st.sampled_from(THINGS)))
def test_a_signature_opens_nothing_that_it_does_not_name(kind: Kind, things: set[str]) -> None:
    opened = rules.opened(kind, things)
    assert opened <= things & set(Category.values)
    assert not opened or kind in OPENS


def test_the_day_of_the_form_is_said_as_people_say_it() -> None:
    assert "Form of 20 November 2026." in said.text_of(WHOLE, [], form_version="2026-11-20")


def test_the_text_is_named_sign_by_sign() -> None:
    text = said.text_of(WHOLE, statements().of_kind(WHOLE.kind), form_version="1")
    assert rules.is_same(rules.digest_of(text), text)
    for other in (text + " ", text.replace("Osei", "Ose1"), ""):
        assert not rules.is_same(rules.digest_of(other), text)
    assert not rules.is_same("ünlike", text)


@pytest.mark.parametrize("kind", Kind)
def test_the_text_holds_every_element_and_the_statements_of_its_kind(kind: Kind) -> None:
    terms = replace(WHOLE, kind=kind, purpose=PURPOSES[kind][0], event="I move away")
    text = said.text_of(terms, statements().of_kind(kind), form_version="2026-11")
    for part in ("Jo", "River House", "Dr Osei", str(MEANS[Category.PLAN]), "18 February 2027", "I move away"):
        assert part in text
    shown = {each.id for each in statements().of_kind(kind)}
    assert {"revoke", "copy", "own-choice"} <= shown
    assert ({"redisclosure", "refusal"} <= shown) == (kind == Kind.TREATMENT)
    assert all(each.text in text for each in statements().of_kind(kind))


def test_nobodys_words_can_pretend_to_be_part_of_the_form() -> None:
    sly = replace(WHOLE, recipient="Dr Osei\n\nWhat\nEverything", purpose_words="a\n\nb")
    blocks = said.blocks_of(said.text_of(sly, [], form_version="1"))
    assert len(blocks) == len(said.blocks_of(said.text_of(WHOLE, [], form_version="1")))


def test_it_holds_through_its_last_day_where_the_person_is() -> None:
    end = rules.end_of(date(2026, 11, 20), "America/New_York")
    assert end == datetime(2026, 11, 21, 5, tzinfo=UTC)
    assert rules.stands(Status.ACTIVE, expires_at=end, now=end - timedelta(seconds=1)) == Status.ACTIVE
    assert rules.stands(Status.ACTIVE, expires_at=end, now=end) == Status.EXPIRED
    assert rules.stands(Status.REVOKED, expires_at=end, now=end) == Status.REVOKED
    assert rules.ends_soon(Status.ACTIVE, expires_at=end, now=end - timedelta(days=14))
    assert not rules.ends_soon(Status.ACTIVE, expires_at=end, now=end - timedelta(days=15))


def test_the_account_goes_three_years_back_on_a_leap_day_too() -> None:
    assert rules.account_since(datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2025, 2, 28, tzinfo=UTC)


def test_everything_that_can_be_shared_can_be_named_and_copied() -> None:
    assert set(THINGS) == set(Category.values) | {NOTES}
    assert set(THINGS) == set(map(str, MEANS)) == set(map(str, _LINES)) == set(map(str, LABELS))
    assert [set(KINDS), set(PURPOSE_WORDS), set(STATUS_WORDS)] == [set(Kind), set(Purpose), set(Status)]


def test_the_statements_name_their_sources_and_nobody_is_said_to_have_checked_them() -> None:
    content = statements()
    assert content.notice == "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
    assert all(each.sources for each in content.all)
    assert content.review.checked_by == ""
    assert all(set(each.kinds) <= set(Kind) for each in content.all)
