"""`@gated`: the one door to a person's records (wall one).

It finds out whose records are meant, asks the policy, opens the transaction and the gate, runs the function, writes
the access log, and returns finished values. Whatever goes wrong on the way, the gate is shut again.
"""

import functools
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from django.db import connection, models, transaction

from handrail.gate import log
from handrail.gate.actor import Actor
from handrail.gate.categories import EVERYTHING, NAME, kept_with, shown_to
from handrail.gate.covers import needs_signature
from handrail.gate.opening import Entered, Opening, Upkeep, innermost
from handrail.gate.policy import ANYTHING, POLICY, Rule
from handrail.gate.records import Record
from handrail.gate.rights import Place
from handrail.kernel.errors import NotHere, SignInNeeded

F = TypeVar("F", bound=Callable[..., Any])


class _Unsigned(NotHere):
    """Somebody who sees what a signed consent covers asked for something else. It goes into the log of its owner."""

    def __init__(self, owner_id: str, place: Place) -> None:
        super().__init__()
        self.owner_id, self.place = owner_id, place


class Unfinished(Exception):
    """A gated function tried to hand out a live row or queryset instead of finished values."""


def gated(
    action: str, *, about: type[Record] | None = None, many: bool = False, writes: bool = False
) -> Callable[[F], F]:
    """Guard a function `f(actor, *, owner=...)`.

    `about=Model`: the owner is looked up from the id in the keyword named like the model (`call=...`).
    `many=True`: the function takes `owners`, a list; each is decided on its own and one refusal refuses all.
    `writes=True`: one transaction around it all, and a member's right is read again inside that transaction.
    An owner or actor that the rule does not allow gets `NotHere`, the same answer as for what does not exist.
    """
    rule = POLICY[action]

    def guard(function: F) -> F:
        @functools.wraps(function)
        def enter(actor: Actor, **given: Any) -> Any:
            owners = _owners_meant(actor, given, about=about, many=many)
            try:
                with transaction.atomic() if writes else reading():
                    return _pass(function, actor, given, decide(actor, action, rule, owners, writes=writes), rule)
            except _Unsigned as why:  # written down out here, where no transaction of ours takes it back
                log.refused(actor, owner_id=why.owner_id, action=action, place=why.place)
                raise NotHere from None

        enter.gated_as = action  # type: ignore[attr-defined]
        return enter  # type: ignore[return-value]

    return guard


def reading() -> AbstractContextManager[Any]:
    """PostgreSQL shows a person's rows only in a transaction (wall five): everything read meanwhile shares one.

    Each gated read is one; a request is one around all of its reads.
    """
    found: AbstractContextManager[Any] = connection.reading()  # type: ignore[attr-defined]  # our own backends
    return found


def decide(actor: Actor, action: str, rule: Rule, owners: Iterable[str], *, writes: bool) -> Opening:
    """The opening that this actor gets, or a refusal. The only place where the policy is applied."""
    if not isinstance(actor, Actor):
        raise TypeError("the first argument of a gated function is an Actor")
    if writes and actor.is_preview:
        raise NotHere
    if not actor.person_id and not actor.is_system:
        raise SignInNeeded
    owners = list(owners)
    if len(owners) > 1:
        actor.learn_rights([owner for owner in owners if owner != actor.person_id])
    allowed: dict[str, frozenset[str]] = {}
    whole: list[str] = []
    for owner in owners:
        if (rule.owner and owner == actor.own_id) or (rule.system and actor.is_system):
            allowed[owner] = EVERYTHING
            whole.append(owner)
        else:
            allowed[owner] = _as_member(actor, rule, owner, fresh=writes)
    return Opening(actor, action, writes, allowed, whole=frozenset(whole))


def _as_member(actor: Actor, rule: Rule, owner: str, *, fresh: bool) -> frozenset[str]:
    right = actor.right_to(owner, fresh=fresh) if rule.member else None
    if right is None:
        raise NotHere
    if rule.member != ANYTHING and rule.member not in right.categories:
        raise NotHere if actor.is_preview or not needs_signature(right.role) else _Unsigned(owner, right.places[0])
    if rule.in_person and right.as_staff:
        raise NotHere
    together = {kept_with(place.membership_id) for place in right.places}
    unsigned = (place for place in right.places if not needs_signature(place.role))
    alone = {shown_to(place.membership_id) for place in unsigned if not place.resting}
    return right.categories | together | alone | {NAME}


def _pass(function: Callable[..., Any], actor: Actor, given: dict[str, Any], here: Opening, rule: Rule) -> Any:
    around = innermost()
    with Entered(here):
        result = function(actor, **given)
    _require_finished(result)
    if around is not None and around.actor is actor and not here.writes:
        around.touched.update(here.touched)  # one coming: the outer action writes down what all of it opened
    else:
        log.write(here, rule)
    return result


def _owners_meant(actor: Actor, given: dict[str, Any], *, about: type[Record] | None, many: bool) -> Iterable[str]:
    if many:
        return list(given["owners"])
    if about is None:
        return [given["owner"]]
    return [owner_of(about, given[about.__name__.lower()])]


def owner_of(model: type[Record], row_id: str) -> str:
    """Whose record this is, and nothing else about it. Only the gate asks."""
    with reading(), Upkeep(row=row_id):
        found = models.QuerySet(model).filter(pk=row_id).values_list("owner_id", flat=True).first()
    if found is None:
        raise NotHere
    return str(found)


def _require_finished(result: Any) -> None:
    first = next(iter(result), None) if isinstance(result, list | tuple | set | frozenset) else result
    if isinstance(first, models.QuerySet | models.Model | models.Manager) or hasattr(first, "__next__"):
        raise Unfinished("a gated function returns finished values, not rows, querysets or generators")
