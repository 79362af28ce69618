"""`./run bench gate`: what the one door costs each time it is gone through, in microseconds of CPU.

A gated function that does nothing is set against the same function without the gate: for its owner, and for a member
whose rights this request has read already. Reading them is one query a request, which `./run bench pages` counts. The
access log is measured apart: it is written once for each coming of somebody else, not once a call. Exits 1 when the
gate takes longer than its target.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.stage.installs import ROOT, CannotMeasure, places, stop_cleanly

MOST = 50.0  # microseconds a call, above the plain function
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
    print("\n" + "\n".join(missed or ["The target is met."]))
    return 1 if missed else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench gate", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--db", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--calls", type=int, default=20_000, help="calls of each kind (20000)")
    parser.add_argument("--entries", type=int, default=300, help="access-log entries (300)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args(arguments)


def _ask(environ: dict[str, str], options: argparse.Namespace) -> dict[str, Any]:
    """The figures of a process of its own, because settings are read once."""
    command = [sys.executable, "-m", "benchmarks.stage.calls"]
    given = [str(options.people), str(options.calls), str(options.entries)]
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
