"""Changing the plan. Old words are kept: a change adds a row and closes the one before."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError

from handrail.gate import Actor, gated
from handrail.gate.carrying import carried_in, is_texts
from handrail.kernel import clock
from handrail.kernel.errors import NotHere, TooLate
from handrail.plan import rules
from handrail.plan.models import Step
from handrail.plan.steps import STEPS


@gated("plan.change", writes=True)
def write_step(actor: Actor, *, owner: str, number: int, lines: Sequence[str]) -> bool:
    """Put these lines in the place of step `number` (1 to 6). True when that changed anything. Invalid: too much."""
    if not 1 <= number <= len(STEPS):
        raise NotHere
    return _replace(owner, number, rules.tidy(lines))


@gated("plan.change", about=Step, writes=True)
def bring_back(actor: Actor, *, step: str) -> int:
    """Make earlier words of a step hold again; what stands there now is kept as earlier words. Returns its number."""
    earlier = Step.objects.get(pk=step)
    _replace(earlier.owner_id, earlier.number, earlier.lines)
    return earlier.number


def _replace(owner: str, number: int, lines: list[str]) -> bool:
    """Close the row that holds and add the new one. It is locked: of two saves at once, the second sees the first."""
    now = Step.objects.select_for_update().filter(number=number, replaced_at=None).first()
    if (now.lines if now else []) == lines:
        return False
    at = clock.now()
    if now is not None:
        Step.objects.filter(pk=now.pk).update(replaced_at=at)
    try:
        Step.objects.create(owner_id=owner, number=number, lines=lines, changed_at=at)
    except IntegrityError as why:  # the very first words of this step, saved twice at once: there was no row to lock
        raise TooLate from why
    return True


@gated("import.write", writes=True)
def imported(actor: Actor, *, owner: str, data: dict[str, Any]) -> None:
    """Take in what `queries.exported` gave on another install, earlier words too."""
    carried_in(
        Step,
        owner,
        data.get("plan_steps", []),
        plain=("number", "changed_at", "replaced_at"),
        sealed={"lines": is_texts},
    )
