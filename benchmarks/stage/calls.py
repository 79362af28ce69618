"""The measured process of `./run bench gate`: PEOPLE CALLS ENTRIES on the command line, JSON as its output."""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.stage.settings")

import django

django.setup()

from benchmarks.stage import crowd, desk  # noqa: E402
from handrail.gate import Actor, gated, log  # noqa: E402
from handrail.gate.door import decide  # noqa: E402
from handrail.gate.models import Membership  # noqa: E402
from handrail.gate.opening import Entered  # noqa: E402
from handrail.gate.policy import POLICY  # noqa: E402

ROUNDS = 20


def plain(actor: Actor, *, owner: str) -> int:
    return 1


read = gated("member.see")(plain)


@gated("member.see", many=True)
def read_many(actor: Actor, *, owners: Sequence[str]) -> int:
    return 1


def figures(people: int, calls: int, entries: int, *sizes: int) -> dict[str, float]:
    """Microseconds a call; `sizes`: people behind each desk."""
    crowd.fill(people)
    member_id = Membership.objects.values_list("member_id", flat=True)[0]
    member = Actor.person(member_id)
    owners = list(member.all_rights())
    owner, itself = owners[0], Actor.person(owners[0])
    rule = POLICY["member.see"]
    here = decide(member, "member.see", rule, [owner], writes=False)

    def open_and_shut() -> None:
        with Entered(here):
            pass

    found = _in_turns(
        calls,
        plain=lambda: plain(member, owner=owner),
        owner=lambda: read(itself, owner=owner),
        member=lambda: read(member, owner=owner),
        many=lambda: read_many(member, owners=owners),
        policy=lambda: decide(member, "member.see", rule, [owner], writes=False),
        contextvars=open_and_shut,
    )
    return {**found, **_log_entries(member, owners, entries), **_desks(max(ROUNDS, calls // 50), sizes)}


def _desks(calls: int, sizes: Sequence[int]) -> dict[str, float]:
    """What a member of staff pays: CPU, and by the clock, in microseconds, and how many statements."""
    asked = desk.open_desks(sizes)
    clocks = {name: [] for name in asked}

    def timed(name: str) -> Callable[[], None]:
        def call() -> None:
            start = time.perf_counter()
            asked[name]()
            clocks[name].append((time.perf_counter() - start) * 1e6)

        return call

    cpu = _in_turns(calls, **{name: timed(name) for name in asked})
    counted = desk.queries(asked)
    return {
        **{f"desk_{name}_cpu": figure for name, figure in cpu.items()},
        **{f"desk_{name}_clock": median(clocks[name]) for name in asked},
        **{f"desk_{name}_queries": count for name, count in counted.items()},
    }


def _in_turns(calls: int, **kinds: Callable[[], object]) -> dict[str, float]:
    """The median of the rounds; the kinds take turns, so that other work on this machine meets all of them."""
    each = max(1, calls // ROUNDS)
    times: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(ROUNDS):
        for name, call in kinds.items():
            start = time.thread_time()
            for _ in range(each):
                call()
            times[name].append((time.thread_time() - start) / each * 1e6)
    return {name: median(rounds) for name, rounds in times.items()}


def _log_entries(member: Actor, owners: Sequence[str], entries: int) -> dict[str, float]:
    one, four = ([_write(member, some) for _ in range(entries)] for some in (owners[:1], owners))
    return {
        "log_clock": median(clock for clock, _cpu in one),
        "log_cpu": median(cpu for _clock, cpu in one),
        "log_four_cpu": median(cpu for _clock, cpu in four),
    }


def _write(member: Actor, owners: Sequence[str]) -> tuple[float, float]:
    """(clock, CPU) in microseconds of what the gate writes down after something of these owners was opened."""
    rule = POLICY["member.see"]
    here = decide(member, "member.see", rule, owners, writes=False)
    here.touched.update((owner, "feeling") for owner in owners)
    start, cpu = time.perf_counter(), time.thread_time()
    log.write(here, rule)
    cpu, clock = time.thread_time() - cpu, time.perf_counter() - start
    return clock * 1e6, cpu * 1e6


if __name__ == "__main__":
    print(json.dumps(figures(*map(int, sys.argv[1:]))))
