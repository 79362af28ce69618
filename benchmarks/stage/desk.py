"""What `./run bench gate` measures for somebody who works at a program, by how many people stand behind the desk.

The people are accounts with keys and one place each; every tenth shares how they feel, ten of all of them their plan.
"""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import connection, transaction

from benchmarks.stage import crowd
from handrail.gate import Actor, Category, Role, gated, programs
from handrail.gate.models import Grant, Membership
from handrail.kernel import clock


@gated("member.see")
def read(actor: Actor, *, owner: str) -> int:
    return 1


@gated("member.see", many=True)
def read_page(actor: Actor, *, owners: Sequence[str]) -> int:
    return len(owners)


def open_desks(sizes: Sequence[int]) -> dict[str, Callable[[], object]]:
    """{"read_10": ..., ...}: for each size what is asked, by an actor who knows nothing yet."""
    people = [crowd._id() for _ in range(max(sizes))]
    for batch in crowd._batches(people):
        crowd._move_in(batch)
    found: dict[str, Callable[[], object]] = {}
    for size in sizes:
        worker = crowd._id()
        crowd._move_in([worker])
        found |= _asked_at(size, _opened(size, people[:size], worker), worker)
    return found


def _opened(size: int, owners: Sequence[str], worker: str) -> str:
    program = programs.make(name=f"House {size}", kind="housing", about="")
    programs.hire(program_id=program, person_id=worker, name="Dana", role="case_worker", keeper=True)
    for start in range(0, size, crowd.BATCH):
        batch = owners[start : start + crowd.BATCH]
        _places(Actor.system("benchmark"), owners=batch, program=program, plans=10 if start == 0 else 0)
    crowd._let_the_database_look()
    return program


@gated("demo.seed", many=True, writes=True)
def _places(actor: Actor, *, owners: Sequence[str], program: str, plans: int) -> None:
    now = clock.now()
    actor.keyring.key_of(owners[0], also=owners)
    places = [
        Membership(
            id=crowd._id(), owner_id=owner, program_id=program, role=Role.PROGRAM, rung=1,
            since=now - timedelta(days=60, seconds=random.randint(0, 10_000_000)), calls_member="House", called="Jo",
        )
        for owner in owners
    ]  # fmt: skip
    crowd._store(places)
    for category, sharing in ((Category.FEELING, places[::10]), (Category.PLAN, places[:plans])):
        if sharing:
            crowd._store(
                Grant(
                    id=crowd._id(),
                    membership_id=place.id,
                    category=category,
                    since=place.since,
                    program_id=program,
                    placed_at=place.since,
                    consent=crowd._id(),  # where nobody says otherwise, a share with a program rests on a signature
                    until=now + timedelta(days=300),
                )
                for place in sharing
            )


def _asked_at(size: int, program: str, worker: str) -> dict[str, Callable[[], object]]:
    newest = [owner for owner, _mark in programs.whose(program)]
    one = newest[0]

    def page(category: Category | None, shown: int) -> Callable[[], object]:
        found = len(programs.whose(program, category=category))
        if found != shown:
            raise AssertionError(f"{found} people on a page of {category} that was to show {shown}")
        return lambda: programs.whose(program, category=category)

    return {
        f"read_{size}": lambda: read(Actor.person(worker), owner=one),
        f"page_{size}": page(None, min(size, programs.AT_ONCE)),
        f"tenth_{size}": page(Category.FEELING, min(size // 10, programs.AT_ONCE)),
        f"rare_{size}": page(Category.PLAN, 10),
        f"seen_{size}": lambda: read_page(Actor.person(worker), owners=newest),
    }


def queries(calls: dict[str, Callable[[], object]]) -> dict[str, int]:
    """How many statements each asks, without those around a transaction."""
    found = {}
    for name, call in calls.items():
        asked: list[str] = []

        def note(execute: Callable[..., object], sql: str, *rest: object, into: list[str] = asked) -> object:
            into.append(sql)
            return execute(sql, *rest)

        with transaction.atomic(), connection.execute_wrapper(note):
            call()
        found[name] = len(asked)
    return found
