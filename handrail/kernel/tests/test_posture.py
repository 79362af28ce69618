"""Under which rules an install shares is said by its operator; silence is the most protective."""

from pathlib import Path

import pytest

from handrail.kernel.environment import BadSetting, Environment, Posture


@pytest.mark.parametrize("given", [{}, {"HANDRAIL_POSTURE": ""}, {"HANDRAIL_POSTURE": " part2 "}])
def test_unset_means_the_most_protective(tmp_path: Path, given: dict[str, str]) -> None:
    assert Environment.read(tmp_path, given).posture is Posture.PART2


def test_a_circle_says_that_it_is_one(tmp_path: Path) -> None:
    assert Environment.read(tmp_path, {"HANDRAIL_POSTURE": "circle"}).posture is Posture.CIRCLE


def test_a_posture_that_nobody_knows_is_no_posture(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="part2 or circle"):
        Environment.read(tmp_path, {"HANDRAIL_POSTURE": "relaxed"})
