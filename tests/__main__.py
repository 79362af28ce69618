"""`./run test [pytest arguments]`: everything on SQLite, then what is not a browser test again on PostgreSQL."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import chromium, postgres

NOTHING_CHOSEN = 5  # pytest's exit code: when only browser tests were asked for, PostgreSQL has nothing to do


def main(arguments: list[str]) -> int:
    if "--no-browser" not in arguments:
        try:
            chromium.find_or_install()
        except chromium.NoBrowser as why:
            print(why, file=sys.stderr)
            return 1
    if "--install-only" in arguments:  # for an image or a CI's first step
        return 0
    environ = {name: value for name, value in os.environ.items() if name != "HANDRAIL_DATABASE_URL"}
    runs = [("SQLite", *_pytest(arguments, environ))]
    with postgres.database() as server:
        if server is not None:
            print(f"\nAgain on PostgreSQL {server.version}:", flush=True)
            code, counts = _pytest([*arguments, "--no-browser"], {**environ, "HANDRAIL_DATABASE_URL": server.url})
            runs.append(("PostgreSQL", 0 if code == NOTHING_CHOSEN else code, counts))
    print(_closing_line(runs), flush=True)
    return next((code for _, code, _ in runs if code), 0)


def _pytest(arguments: list[str], environ: dict[str, str]) -> tuple[int, dict[str, int]]:
    """(exit code, outcomes)."""
    with tempfile.NamedTemporaryFile(suffix=".json") as tally:
        command = [sys.executable, "-m", "pytest", f"--tally={tally.name}", *arguments]
        code = subprocess.run(command, env=environ, check=False).returncode
        text = Path(tally.name).read_text()
    return code, json.loads(text) if text else {}


def _closing_line(runs: list[tuple[str, int, dict[str, int]]]) -> str:
    """`930 passed, 0 failed: 500 on SQLite, 430 on PostgreSQL`."""
    total: dict[str, int] = {"passed": 0, "failed": 0}
    for _, _, counts in runs:
        for outcome, number in counts.items():
            total[outcome] = total.get(outcome, 0) + number
    outcomes = ", ".join(f"{number} {name}" for name, number in total.items() if number or name in ("passed", "failed"))
    places = ", ".join(f"{counts.get('passed', 0)} passed on {name}" for name, _, counts in runs)
    missing = "" if len(runs) > 1 else " (no PostgreSQL server here)"
    return f"{outcomes} ({places}){missing}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
