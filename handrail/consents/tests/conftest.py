from collections.abc import Callable

import pytest

from handrail.gate import Role
from tests.fixtures.people import Somebody, stand_by


@pytest.fixture
def osei(jo: Somebody, make_person: Callable[[str], Somebody]) -> Somebody:
    """Jo's doctor: in the circle, and sees nothing before Jo has signed."""
    osei = make_person("Dr Osei")
    stand_by(jo, osei, Role.PHYSICIAN)
    return osei


@pytest.fixture
def place(jo: Somebody, osei: Somebody) -> str:
    from tests.fixtures.people import roster

    return roster(jo)[0].membership_id
