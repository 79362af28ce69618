"""Reading the plan: as it stands for the person and members who hold that share, earlier words for the person alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from handrail.gate import Actor, gated
from handrail.gate.carrying import Values, carried_out
from handrail.kernel.errors import NotHere
from handrail.library import queries as library
from handrail.plan import rules
from handrail.plan.models import Step
from handrail.plan.steps import FIRST_SMALL_STEP, STEPS, Words, words_of

MOST_EARLIER = 5


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    numbers: tuple[str, ...]  # for `tel:` links

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class StepSeen:
    words: Words
    lines: tuple[Line, ...]
    changed_at: datetime | None

    @property
    def number(self) -> int:
        return self.words.number


@dataclass(frozen=True, slots=True)
class Plan:
    """All six steps, those without words too."""

    steps: tuple[StepSeen, ...]

    @property
    def filled(self) -> tuple[StepSeen, ...]:
        return tuple(step for step in self.steps if step.lines)

    @property
    def is_empty(self) -> bool:
        return not self.filled

    @property
    def changed_at(self) -> datetime | None:
        return max((step.changed_at for step in self.steps if step.changed_at), default=None)

    @property
    def next_step(self) -> Words | None:
        """The one to write next: something small to do comes first, then in order. None: all six have words."""
        empty = [step.words for step in self.steps if not step.lines]
        return words_of(FIRST_SMALL_STEP) if self.is_empty else next(iter(empty), None)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Words that a step held before."""

    id: str
    lines: tuple[str, ...]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class StepToEdit:
    words: Words
    lines: tuple[str, ...]
    earlier: tuple[Earlier, ...]  # newest first


@gated("plan.read")
def plan(actor: Actor, *, owner: str, country: str = "") -> Plan:
    """The plan as it stands. `country` (two letters): where the reader dials from; empty: the install's."""
    held = {step.number: step for step in Step.objects.filter(replaced_at=None)}
    steps = []
    for words in STEPS:
        step = held.get(words.number)
        lines = tuple(_lines(step.lines, country)) if step else ()
        steps.append(StepSeen(words, lines, step.changed_at if step else None))
    return Plan(tuple(steps))


@gated("plan.change")
def step_to_edit(actor: Actor, *, owner: str, number: int) -> StepToEdit:
    """One step with the words it held before. For the person alone: earlier words are no part of what they share."""
    if not 1 <= number <= len(STEPS):
        raise NotHere
    rows = list(Step.objects.filter(number=number).order_by("-changed_at")[: MOST_EARLIER + 1])
    lines = next((tuple(row.lines) for row in rows if row.replaced_at is None), ())
    earlier = (Earlier(row.id, tuple(row.lines), row.changed_at) for row in rows if row.replaced_at is not None)
    return StepToEdit(words_of(number), lines, tuple(was for was in earlier if was.lines and was.lines != lines))


def suggestions_for(words: Words, *, without: Sequence[str], country: str = "") -> list[str]:
    """Lines for when somebody is stuck; step 5 names the lines of their country. None that is there already."""
    lines = [str(suggestion) for suggestion in words.suggestions]
    if words.number == 5:
        lines += [f"{line.name}: {line.call}" for line in library.lines_for(country) if line.call]
    return [line for line in lines if line not in without]


def _lines(texts: Sequence[str], country: str) -> list[Line]:
    short = [line.call.replace(" ", "").replace("-", "") for line in library.lines_for(country)]
    where = country or settings.HANDRAIL.country
    return [Line(text, tuple(rules.numbers_in(text, country=where, short=short))) for text in texts]


@gated("export.read")
def exported(actor: Actor, *, owner: str) -> dict[str, list[Values]]:
    """Every step with all the words it ever held."""
    return {"plan_steps": carried_out(Step, owner)}
