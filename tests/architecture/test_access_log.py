"""The access log says who opened what, and shows when anybody tampered with it."""

import pytest
from django.core.management import CommandError, call_command

from handrail.checkins import queries as checkins
from handrail.circle import queries as circle
from handrail.circle import said
from handrail.gate import Category
from handrail.gate.models import LogEntry
from handrail.home import seen
from handrail.kernel.errors import NotHere
from handrail.watch import logs
from tests.architecture.test_walls import write_one
from tests.fixtures.people import Somebody, share

pytestmark = pytest.mark.django_db


def lines(owner: Somebody) -> list[str]:
    return [f"{said.who(look)} {said.what(look)}" for look in circle.who_looked(owner.actor, owner=owner.id)]


def test_a_look_is_written_down_with_what_it_opened(jo: Somebody, mum: Somebody) -> None:
    write_one(jo.actor, owner=jo.id)
    share(jo, mum, Category.FEELING, Category.MEDICINE)
    before = len(lines(jo))
    checkins.seen_by_member(mum.actor, owners=[jo.id])
    assert lines(jo)[0] == "Mum looked at: How I feel"
    assert len(lines(jo)) == before + 1


def test_one_page_is_one_line_however_much_it_shows(jo: Somebody, mum: Somebody) -> None:
    write_one(jo.actor, owner=jo.id)
    share(jo, mum, *Category)
    before = len(lines(jo))
    seen.person(mum.actor, owner=jo.id)
    assert len(lines(jo)) == before + 1


def test_looking_at_one_s_own_leaves_no_line(jo: Somebody) -> None:
    write_one(jo.actor, owner=jo.id)
    checkins.today(jo.actor, owner=jo.id, zone="UTC")
    assert lines(jo) == []


def test_the_owner_s_own_look_through_a_member_s_eyes_leaves_no_line(jo: Somebody, mum: Somebody) -> None:
    write_one(jo.actor, owner=jo.id)
    share(jo, mum, Category.FEELING)
    [place] = circle.roster(jo.actor, owner=jo.id)
    before = lines(jo)
    eyes = circle.seen_by(jo.actor, owner=jo.id, membership=place.membership_id)
    assert seen.person(eyes, owner=jo.id).card.mood == "okay"
    assert lines(jo) == before


def test_borrowed_eyes_see_nobody_else_and_change_nothing(jo: Somebody, mum: Somebody, ann: Somebody) -> None:
    from handrail.circle import actions
    from tests.fixtures.people import stand_by

    stand_by(ann, mum)
    [place] = circle.roster(jo.actor, owner=jo.id)
    eyes = circle.seen_by(jo.actor, owner=jo.id, membership=place.membership_id)
    with pytest.raises(NotHere):
        seen.person(eyes, owner=ann.id)
    with pytest.raises(NotHere):
        actions.leave_circle(eyes, owner=jo.id)


def test_nobody_borrows_eyes_in_somebody_else_s_circle(jo: Somebody, mum: Somebody, ann: Somebody) -> None:
    [place] = circle.roster(jo.actor, owner=jo.id)
    for other in (ann, mum):
        with pytest.raises(NotHere):
            circle.seen_by(other.actor, owner=jo.id, membership=place.membership_id)


@pytest.mark.parametrize("tamper", ["change", "remove the middle", "remove the end", "swap"])
def test_tampering_shows_and_says_where(jo: Somebody, mum: Somebody, tamper: str) -> None:
    write_one(jo.actor, owner=jo.id)
    share(jo, mum, Category.FEELING)
    for _ in range(4):
        checkins.seen_by_member(mum.actor, owners=[jo.id])
    assert logs.check_all() == []
    entries = LogEntry.objects.filter(owner_id=jo.id).order_by("number")
    third, fourth, last = entries[2], entries[3], entries.last()
    assert last is not None
    if tamper == "change":
        entries.filter(pk=third.pk).update(categories="")
    elif tamper == "remove the middle":
        third.delete()
    elif tamper == "remove the end":
        last.delete()
    else:
        entries.filter(pk=third.pk).update(number=99)
        entries.filter(pk=fourth.pk).update(number=3)
    [found] = logs.check_all()
    assert found.owner_id == jo.id
    assert found.number == (last.number if tamper == "remove the end" else 3)


def test_the_operator_is_told_where_a_chain_broke(
    jo: Somebody, mum: Somebody, capsys: pytest.CaptureFixture[str]
) -> None:
    write_one(jo.actor, owner=jo.id)
    share(jo, mum, Category.FEELING)
    checkins.seen_by_member(mum.actor, owners=[jo.id])
    call_command("check_log")
    assert "Every access log holds." in capsys.readouterr().out
    LogEntry.objects.filter(owner_id=jo.id, number=1).update(action="nothing")
    with pytest.raises(CommandError):
        call_command("check_log")
    assert f"The log of {jo.id} does not hold from entry 1 on." in capsys.readouterr().out
