"""`./run bench gate`: what the one door costs each time it is gone through, in microseconds of CPU.

A gated function that does nothing is set against the same function without the gate: for its owner, and for a member
whose rights this request has read already. Reading them is one query a request, which `./run bench pages` counts. The
access log is measured apart: it is written once for each coming of somebody else, not once a call. Exits 1 when the
gate takes longer than its target.

At the desk of a program: one gated read of somebody whose rights are not known yet, and "whose may I see?", with 10,
1,000 and 10,000 people behind the desk. Each is to be one statement, and to grow less than what is not shown.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.stage.installs import ROOT, CannotMeasure, places, stop_cleanly

MOST = 50.0  # microseconds a call, above the plain function
MOST_READ = 100.0  # microseconds for a read by staff, rights and all
SIZES = (10, 1_000, 10_000)  # people behind one desk
AT_A_DESK = {
    "read": "one gated read, rights read anew",
    "page": "whose may I see? the newest 50",
    "tenth": "... of those who share how they feel (every tenth)",
    "rare": "... of those who share their plan (ten of all)",
    "seen": "one gated read of these 50 at once",
}
NAMES = {
    "plain": "a plain function",
    "owner": "gated, the owner reads",
    "member": "gated, a member whose rights are known reads",
    "many": "gated, a member reads four people at once",
    "policy": "  of it: deciding by the policy (member)",
    "contextvars": "  of it: opening and shutting (context variables)",
    "log_clock": "one entry of the access log, by the clock (with the disk)",
    "log_cpu": "one entry of the access log, CPU",
    "log_four_cpu": "four people's entries at once, CPU",
}


def main(arguments: list[str]) -> int:
    stop_cleanly()
    options = _options(arguments)
    engines = ["sqlite", "postgresql"] if options.db == "both" else [options.db]
    found = {}
    try:
        for engine in engines:
            with places(engine, [options.people]) as (place,):
                found[engine] = _ask(place.environ, options)
            print("\n" + table(engine, found[engine]), flush=True)
            print("\n" + desks(engine, found[engine], options.desks), flush=True)
    except CannotMeasure as why:
        print(why, file=sys.stderr)
        return 2
    if options.json:
        options.json.write_text(json.dumps(found))
    missed = [
        f"{engine}: the gate takes {over:.1f} µs ({who}), {MOST:.0f} at most"
        for engine, figures in found.items()
        for who in ("owner", "member")
        if (over := figures[who] - figures["plain"]) >= MOST
    ]
    missed += [line for engine, figures in found.items() for line in missed_at_desks(engine, figures, options.desks)]
    print("\n" + "\n".join(missed or ["The target is met."]))
    return 1 if missed else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench gate", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--db", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--calls", type=int, default=20_000, help="calls of each kind (20000)")
    parser.add_argument("--entries", type=int, default=300, help="access-log entries (300)")
    parser.add_argument("--desks", type=int, nargs="+", default=SIZES, help="people behind each desk (10 1000 10000)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args(arguments)


def _ask(environ: dict[str, str], options: argparse.Namespace) -> dict[str, Any]:
    """The figures of a process of its own, because settings are read once."""
    command = [sys.executable, "-m", "benchmarks.stage.calls"]
    given = [str(number) for number in (options.people, options.calls, options.entries, *options.desks)]
    done = subprocess.run([*command, *given], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotMeasure(done.stderr[-3000:])
    return dict(json.loads(done.stdout))


def table(engine: str, figures: dict[str, float]) -> str:
    lines = [f"{engine:<60}{'µs':>9}{'above plain':>13}"]
    for name, words in NAMES.items():
        above = f"{figures[name] - figures['plain']:.1f}" if name in ("owner", "member", "many") else ""
        lines.append(f"{words:<60}{figures[name]:>9.1f}{above:>13}".rstrip())
    return "\n".join(lines)


def desks(engine: str, figures: dict[str, float], sizes: Sequence[int]) -> str:
    """CPU by size, how much the largest costs above the smallest, by the clock at the largest, and statements."""
    heads = "".join(f"{size:>9}" for size in sizes)
    lines = [f"{engine + ', at the desk of a program: CPU µs':<60}{heads}{'x':>7}{'clock':>9}{'asked':>7}"]
    for kind, words in AT_A_DESK.items():
        cpu = [figures[f"desk_{kind}_{size}_cpu"] for size in sizes]
        clock, asked = (figures[f"desk_{kind}_{sizes[-1]}_{what}"] for what in ("clock", "queries"))
        by_size = "".join(f"{each:>9.0f}" for each in cpu)
        lines.append(f"{words:<60}{by_size}{cpu[-1] / cpu[0]:>7.1f}{clock:>9.0f}{asked:>7.0f}")
    return "\n".join(lines)


def missed_at_desks(engine: str, figures: dict[str, float], sizes: Sequence[int]) -> list[str]:
    largest, ten_times = sizes[-1], sizes[-1] / sizes[-2]
    missed = [
        f"{engine}: {AT_A_DESK[kind]}: {figures[f'desk_{kind}_{largest}_queries']:.0f} statements, one at most"
        for kind in AT_A_DESK
        if figures[f"desk_{kind}_{largest}_queries"] > 1
    ]
    for kind in AT_A_DESK:
        large, small = (figures[f"desk_{kind}_{size}_cpu"] for size in (largest, sizes[-2]))
        if large / small > ten_times / 2:
            missed.append(
                f"{engine}: {AT_A_DESK[kind]}: {large / small:.1f} times as much for {ten_times:.0f} times as many"
            )
    if (read := figures[f"desk_read_{largest}_cpu"]) > MOST_READ:
        missed.append(f"{engine}: a read by staff takes {read:.0f} µs, {MOST_READ:.0f} at most")
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
