import pytest

from handrail.card import actions, queries, rules
from handrail.circle import actions as circle
from handrail.circle import queries as roster
from handrail.gate import Category
from handrail.kernel.errors import Invalid, NotHere
from tests.fixtures.people import share, stand_by


def place_of(owner, name):
    return next(m.membership_id for m in roster.roster(owner.actor, owner=owner.id) if m.name == name)


@pytest.fixture
def mums(jo, mum):
    return place_of(jo, "Mum")


def keep(jo, **phones):
    actions.keep_numbers(jo.actor, owner=jo.id, phones={place_of(jo, name): phone for name, phone in phones.items()})


def card_of(jo):
    return [(each.name, each.phone) for each in queries.entries(jo.actor, owner=jo.id)]


def test_a_card_holds_those_with_a_number_in_the_order_of_the_ladder_then_those_outside(jo, mum, sam):
    circle.keep_outsider(
        jo.actor, owner=jo.id, kind="physician", name="Dr Osei", phone="555 0199", about="", closeness=2, lean=0
    )
    circle.keep_outsider(jo.actor, owner=jo.id, kind="group", name="Tuesday", phone="", about="", closeness=2, lean=0)
    keep(jo, Mum="555 0101", Sam="555 0102")
    circle.order_ladder(jo.actor, owner=jo.id, rungs={place_of(jo, "Mum"): 2, place_of(jo, "Sam"): 1})
    assert card_of(jo) == [("Sam", "555 0102"), ("Mum", "555 0101"), ("Dr Osei", "555 0199")]


def test_a_number_is_changed_and_forgotten(jo, mum):
    keep(jo, Mum="555 0101")
    keep(jo, Mum="555 0103")
    assert card_of(jo) == [("Mum", "555 0103")]
    keep(jo, Mum="")
    assert card_of(jo) == []


def test_whoever_left_stands_on_no_card(jo, mum, mums):
    keep(jo, Mum="555 0101")
    circle.end_membership(jo.actor, owner=jo.id, membership=mums)
    assert card_of(jo) == []


def test_nobody_writes_down_what_cannot_be_dialled_or_for_somebody_elses_people(jo, mum, ann):
    with pytest.raises(Invalid):
        keep(jo, Mum="call me maybe")
    stranger = stand_by(ann, jo)
    with pytest.raises(NotHere):
        actions.keep_numbers(jo.actor, owner=jo.id, phones={stranger: "555 0101"})


def test_a_member_never_gets_at_the_numbers(jo, mum):
    keep(jo, Mum="555 0101")
    share(jo, mum, *Category)
    with pytest.raises(NotHere):
        queries.numbers(mum.actor, owner=jo.id)
    with pytest.raises(NotHere):
        queries.entries(mum.actor, owner=jo.id)


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("988", "tel:988"),
        ("(800) 484-3731", "tel:8004843731"),
        ("+44 20 7946 0018", "tel:+442079460018"),
        ("555-0100 ext. 12", "tel:5550100,12"),
        ("555 0100 x7", "tel:5550100,7"),
    ],
)
def test_what_was_typed_can_be_dialled(typed, link):
    assert rules.Entry("Mum", "Family", typed).call_link == link


def test_a_short_line_or_an_extension_takes_no_text():
    assert rules.Entry("Line", "", "988").text_link == ""
    assert rules.Entry("Desk", "", "555 010 0199 ext 2").text_link == ""
    assert rules.Entry("Mum", "", "555 010 0199").text_link == "sms:5550100199"


def test_the_card_as_a_text_has_a_number_a_line():
    text = rules.as_text([rules.Entry("Mum", "Family", "555 0101")], [("Emergency", "911")])
    assert text == "Mum: 555 0101\nEmergency: 911"
