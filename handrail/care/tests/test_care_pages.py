import re
from datetime import UTC, datetime

import pytest

from handrail.care import queries
from handrail.gate import Category
from tests.fixtures.people import share


@pytest.fixture
def jos(jo, browse, clock):
    clock.at(datetime(2027, 3, 9, 13, 5, tzinfo=UTC))  # 8:05 in the morning where Jo is
    return browse(jo)


def _add_medicine(jos, name="My bup"):
    return jos.post("/care/m/add", {"name": name, "part_of_day": "1"})


def _visit(**changes):
    return {"title": "Dr Osei", "day": "2027-03-11", "time": "14:30", "place": "Room 4", "note": "Letter", **changes}


def test_a_medicine_is_ticked_off_and_the_tick_taken_back(jos):
    assert _add_medicine(jos)["Location"] == "/care"
    page = jos.get("/care").content.decode()
    (taken,) = re.findall(r'action="(/care/m/\w+/taken)"', page)
    jos.post(taken, {"day": "2027-03-09"})
    page = jos.get("/care").content.decode()
    assert "Taken, noted at 8:05 a.m." in page
    jos.post(taken.replace("taken", "undo"), {"day": "2027-03-09"})
    assert "Taken, noted" not in jos.get("/care").content.decode()


def test_a_tick_for_no_day_changes_nothing(jos):
    _add_medicine(jos)
    (taken,) = re.findall(r'action="(/care/m/\w+/taken)"', jos.get("/care").content.decode())
    assert jos.post(taken, {"day": "today"}).status_code == 409
    assert jos.post(taken, {"day": "2026-01-01"}).status_code == 409


def test_a_medicine_is_taken_off_the_list(jos):
    _add_medicine(jos)
    (page,) = re.findall(r'href="(/care/m/\w{22})"', jos.get("/care").content.decode())
    assert "talk to your clinic" in jos.get(page).content.decode()
    jos.post(f"{page}/stop")
    assert "My bup" not in jos.get("/care").content.decode()


def test_a_visit_is_kept_in_the_persons_own_time(jos, jo):
    assert jos.post("/care/v/add", _visit()).status_code == 302
    (visit,) = queries.everything(jo.actor, owner=jo.id).visits
    assert visit.at == datetime(2027, 3, 11, 19, 30, tzinfo=UTC)
    page = jos.get(f"/care/v/{visit.id}").content.decode()
    assert 'value="2027-03-11"' in page
    assert 'value="14:30"' in page


def test_a_visit_changes_and_goes(jos, jo):
    jos.post("/care/v/add", _visit())
    (visit,) = queries.everything(jo.actor, owner=jo.id).visits
    jos.post(f"/care/v/{visit.id}", _visit(title="Dr O", day="2027-03-15"))
    (visit,) = queries.everything(jo.actor, owner=jo.id).visits
    assert (visit.title, visit.at) == ("Dr O", datetime(2027, 3, 15, 18, 30, tzinfo=UTC))  # summer time has begun
    jos.post(f"/care/v/{visit.id}/remove")
    assert queries.everything(jo.actor, owner=jo.id).visits == ()


def test_an_hour_that_the_clock_change_skips_still_makes_a_visit(jos, jo):
    assert jos.post("/care/v/add", _visit(day="2027-03-14", time="02:30")).status_code == 302
    assert len(queries.everything(jo.actor, owner=jo.id).visits) == 1


@pytest.mark.parametrize("wrong", [{"title": " "}, {"day": "soon"}, {"time": ""}, {"place": "p" * 81}])
def test_what_does_not_fit_is_shown_again_with_what_was_typed(jos, wrong):
    answer = jos.post("/care/v/add", _visit(**wrong))
    assert answer.status_code == 422
    assert b"There is a problem" in answer.content
    assert b"Letter" in answer.content


def test_the_page_says_who_sees_it(jos, jo, sam):
    assert b"Only you see this." in jos.get("/care").content
    share(jo, sam, Category.MEDICINE)
    assert b"Who sees this: Sam." in jos.get("/care").content


def test_somebody_elses_visit_is_not_here(jos, jo, ann, browse):
    jos.post("/care/v/add", _visit())
    (visit,) = queries.everything(jo.actor, owner=jo.id).visits
    assert browse(ann).get(f"/care/v/{visit.id}").status_code == 404
