"""`@by_office`: the door for what opens nobody's records: programs, who works there, and the posts of the install.

Holding a post gives no right to any person's records: nothing in here opens the gate, and `gate.rights` reads no post.
"""

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeVar

from django.db import models, transaction

from handrail.gate.actor import Actor
from handrail.gate.door import Unfinished
from handrail.gate.models import Post, Program, Staff
from handrail.gate.policy import OFFICES, Office
from handrail.kernel.errors import NotHere, SignInNeeded

F = TypeVar("F", bound=Callable[..., Any])


def by_office(action: str, *, writes: bool = False) -> Callable[[F], F]:
    """Guard a function `f(actor, *, program=...)`; without `program` only posts and being signed in count.

    `writes=True`: one transaction around it all, in which the program is held, so that of two changes to it one waits.
    Who may not gets `NotHere`, the same answer as for what does not exist.
    """
    rule = OFFICES[action]

    def guard(function: F) -> F:
        @functools.wraps(function)
        def enter(actor: Actor, **given: Any) -> Any:
            with transaction.atomic() if writes else nullcontext():
                program = given.get("program")
                if writes and program is not None:
                    list(Program.objects.select_for_update().filter(pk=program))
                if not _may(actor, rule, program):
                    raise NotHere
                result = function(actor, **given)
            if isinstance(result, models.QuerySet | models.Model):
                raise Unfinished("a guarded function returns finished values")
            return result

        enter.by_office_as = action  # type: ignore[attr-defined]
        return enter  # type: ignore[return-value]

    return guard


def _may(actor: Actor, rule: Office, program: str | None) -> bool:
    if not isinstance(actor, Actor):
        raise TypeError("the first argument of a guarded function is an Actor")
    if actor.is_system:
        return rule.system
    if actor.is_preview:
        return False
    person = actor.person_id
    if person is None:
        raise SignInNeeded
    if rule.anyone:
        return True
    if rule.post and Post.objects.filter(person_id=person, kind=rule.post, ended_at=None).exists():
        return True
    if program is None or not (rule.keeper or rule.staff):
        return False
    mine = Staff.objects.filter(program_id=program, person_id=person, ended_at=None, program__closed_at=None)
    return (mine if rule.staff else mine.filter(keeper=True)).exists()
