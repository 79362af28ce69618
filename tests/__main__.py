"""`./run test [pytest arguments]`: everything on SQLite, and what is about data again on PostgreSQL.

The three runs go side by side: each waits a good part of its time. One is watched; what the others say comes after it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests import chromium, postgres

NOTHING_CHOSEN = 5  # pytest's exit code: what was asked for is all in another run
NO_POSTGRES = " (no PostgreSQL server here)"  # `.ci/run` looks for it
BY_HAND = ("--pdb", "--trace", "-s", "--capture=no", "--collect-only", "--co")  # one run in the foreground, then

Run = tuple[str, int, dict[str, int]]  # where, exit code, outcomes


def main(arguments: list[str]) -> int:
    with_browser = "--no-browser" not in arguments
    if with_browser:
        try:
            chromium.find_or_install()
        except chromium.NoBrowser as why:
            print(why, file=sys.stderr)
            return 1
    if "--install-only" in arguments:  # for an image or a CI's first step
        return 0
    environ = {name: value for name, value in os.environ.items() if name != "HANDRAIL_DATABASE_URL"}
    plain = [*arguments, "--no-browser"] if with_browser else arguments
    beside = not set(BY_HAND) & set(arguments)
    browser = beside and with_browser
    with postgres.database() as server:
        there = {**environ, "HANDRAIL_DATABASE_URL": server.url if server else ""}
        begin = [partial(_begin, "on SQLite", plain if browser else arguments, environ)]
        if browser:
            begin.append(partial(_begin, "in the browser", [*arguments, "--only-browser"], environ, told_later=True))
        if server is not None:
            begin.append(partial(_begin, "on PostgreSQL", plain, there, told_later=beside))
        runs = [end() for end in [each() for each in begin]] if beside else [each()() for each in begin]
    print(_closing_line(runs, with_postgres=server is not None), flush=True)
    return _code(runs)


def _begin(where: str, arguments: list[str], environ: dict[str, str], *, told_later: bool = False) -> Callable[[], Run]:
    """Start pytest; what is handed back waits for its end. `told_later`: its output is shown then, in one piece."""
    tally = tempfile.NamedTemporaryFile(suffix=".json")  # noqa: SIM115  # closed when its run has ended
    output = tempfile.TemporaryFile("w+") if told_later else None  # noqa: SIM115
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", f"--tally={tally.name}", *arguments],
        env=environ,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
    )

    def end() -> Run:
        code = process.wait()
        if output is not None:
            print(f"\n{where[0].upper()}{where[1:]}:", flush=True)
            with output:
                output.seek(0)
                shutil.copyfileobj(output, sys.stdout)
        with tally:
            text = Path(tally.name).read_text()
        return where, code, json.loads(text) if text else {}

    return end


def _code(runs: list[Run]) -> int:
    """The first that is not well. That one run had nothing to do is well, unless none had."""
    codes = [code for _, code, _ in runs]
    return next((code for code in codes if code not in (0, NOTHING_CHOSEN)), 0 if 0 in codes else NOTHING_CHOSEN)


def _closing_line(runs: list[Run], *, with_postgres: bool) -> str:
    """`930 passed, 0 failed (400 passed on SQLite, 100 passed in the browser, 430 passed on PostgreSQL)`."""
    total: dict[str, int] = {"passed": 0, "failed": 0}
    for _, _, counts in runs:
        for outcome, number in counts.items():
            total[outcome] = total.get(outcome, 0) + number
    outcomes = ", ".join(f"{number} {name}" for name, number in total.items() if number or name in ("passed", "failed"))
    places = ", ".join(f"{counts.get('passed', 0)} passed {where}" for where, _, counts in runs)
    missing = "" if with_postgres else NO_POSTGRES
    return f"{outcomes} ({places}){missing}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
