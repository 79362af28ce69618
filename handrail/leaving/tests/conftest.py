from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handrail.delivery import ways
from handrail.gate import Actor, Category
from handrail.leaving.tests.canaries import fill
from tests.fixtures.people import Somebody, share, stand_by


@pytest.fixture(autouse=True)
def own_key_file(settings: Any, tmp_path: Path) -> Path:
    """A copy of the key file, so that what it forgets here is not forgotten by the other tests."""
    copy = tmp_path / "key.json"
    copy.write_text(settings.HANDRAIL.key_file.read_text())
    settings.HANDRAIL = replace(settings.HANDRAIL, key_path=str(copy))
    return copy


@pytest.fixture
def full(make_person: Any) -> Somebody:
    """Somebody with a canary in every field, a mother in the circle who sees everything, and one they stand beside."""
    jo, mum, kit = make_person("Canary-name"), make_person("Canary-mother"), make_person("Kit")
    membership = stand_by(jo, mum)
    share(jo, mum, *Category)
    stand_by(kit, jo)
    share(kit, jo, *Category)
    ways.begin(jo.actor, owner=jo.id, channel="email", address="canary@example.org")
    fill(Actor.system("a test"), owner=jo.id, membership=membership)
    return jo
