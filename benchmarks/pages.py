"""`./run bench pages`: what the pages that are opened every day cost, in a small install and in a large one.

Each page goes through the whole of Django, middleware and session included, with the settings of a real install. The
two sizes take turns, so that their ratio means something on a machine that does other things as well; a bare Django
view with one session and one query takes its turn too. Exits 1 when a target is not met.
"""

import argparse
import contextlib
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.stage.installs import CannotMeasure, House, Server, places, stop_cleanly

PAGES = {
    "bare": "bare Django view",
    "today": "Today",
    "checkin": "check-in POST",
    "checkin-htmx": "check-in POST, in place",
    "supporter": "supporter home",
    "people": "matrix (/people)",
}
MOST_QUERIES, MOST_CPU, MOST_RATIO = 12, 10.0, 1.2  # a page; milliseconds a page; large to small
ROUNDS = 10
ENGINES = ("sqlite", "postgresql")


@dataclass
class Side:
    """One page in one install. Times in milliseconds, every request of every round."""

    asked: list[str] = field(default_factory=list)
    around: list[str] = field(default_factory=list)
    cpu: list[list[float]] = field(default_factory=list)
    ms: list[list[float]] = field(default_factory=list)
    http: list[list[float]] = field(default_factory=list)


@dataclass(frozen=True)
class Figures:
    """Medians, [small, large]; ratios are the median of the rounds' own, so that a burst of other work counts once."""

    page: str
    queries: list[int]
    around: list[int]
    cpu: list[float]
    ms: list[float]
    ratio: float
    http: list[float]
    http_ratio: float


def main(arguments: list[str]) -> int:
    stop_cleanly()
    options = _options(arguments)
    engines = ENGINES if options.db == "both" else (options.db,)
    print(_heading(options), flush=True)
    found: dict[str, list[Figures]] = {}
    try:
        for engine in engines:
            found[engine] = _measure(engine, options)
            print("\n" + table(engine, found[engine]), flush=True)
    except CannotMeasure as why:
        print(why, file=sys.stderr)
        return 2
    missed = [f"{engine}: {line}" for engine, figures in found.items() for line in missed_targets(figures)]
    print("\n" + "\n".join(missed or ["Every target is met."]))
    if options.json:
        options.json.write_text(json.dumps({engine: [asdict(one) for one in all_] for engine, all_ in found.items()}))
    return 1 if missed else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench pages", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--db", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--small", type=int, default=100, help="people in the small install (100)")
    parser.add_argument("--large", type=int, default=100_000, help="people in the large install (100000)")
    parser.add_argument("--requests", type=int, default=400, help="requests to each page in each install (400)")
    parser.add_argument("--no-http", action="store_true", help="leave out the real web process")
    parser.add_argument("--statements", action="store_true", help="print every statement of every page")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args(arguments)


def _measure(engine: str, options: argparse.Namespace) -> list[Figures]:
    sizes = [options.small, options.large]
    with places(engine, sizes) as here, contextlib.ExitStack() as stack:
        houses = [stack.enter_context(House(place)) for place in here]
        for house, people in zip(houses, sizes, strict=True):
            start = time.perf_counter()
            house.ask("fill", people=people)
            print(f"{engine}: {people} people moved in within {time.perf_counter() - start:.0f} s", flush=True)
        sides = {page: [Side(**house.ask("count", page=page)) for house in houses] for page in PAGES}
        if options.statements:
            _show_statements({page: one for page, (_small, one) in sides.items()})
        _take_turns(houses, sides, max(1, options.requests // ROUNDS))
        if not options.no_http:
            servers = [stack.enter_context(Server(place)) for place in here]
            _take_turns_over_http(houses, servers, sides, max(1, options.requests // ROUNDS))
    return [_figures(page, *pair) for page, pair in sides.items()]


def _take_turns(houses: list[House], sides: dict[str, list[Side]], requests: int) -> None:
    for number, page, side, house in _turns(houses, sides):
        times = house.ask("measure", page=page, first=number * requests, requests=requests)
        side.cpu.append(times["cpu"])
        side.ms.append(times["ms"])


def _take_turns_over_http(
    houses: list[House], servers: list[Server], sides: dict[str, list[Side]], requests: int
) -> None:
    of_house = dict(zip(houses, servers, strict=True))
    for house, server in of_house.items():
        for request in house.ask("requests", page="today", how_many=40):  # each page thread opens its own connection
            server.ms(request)
    for _number, page, side, house in _turns(houses, sides):
        if page != "bare":
            made = house.ask("requests", page=page, how_many=requests)
            side.http.append([of_house[house].ms(request) for request in made])
            house.ask("tidy", page=page)


def _turns(houses: list[House], sides: dict[str, list[Side]]) -> Iterator[tuple[int, str, Side, House]]:
    for number in range(ROUNDS):
        for page, pair in sides.items():
            turn = list(zip(pair, houses, strict=True))
            for side, house in turn if number % 2 else reversed(turn):
                yield number, page, side, house


def _figures(page: str, small: Side, large: Side) -> Figures:
    pair = (small, large)
    return Figures(
        page=page,
        queries=[len(side.asked) for side in pair],
        around=[len(side.around) for side in pair],
        cpu=[_middle(side.cpu) for side in pair],
        ms=[_middle(side.ms) for side in pair],
        ratio=_ratio(small.ms, large.ms),
        http=[_middle(side.http) for side in pair] if small.http else [],
        http_ratio=_ratio(small.http, large.http) if small.http else 0.0,
    )


def _middle(rounds: list[list[float]]) -> float:
    return round(median(one for times in rounds for one in times), 2)


def _ratio(small: list[list[float]], large: list[list[float]]) -> float:
    return round(median(median(b) / median(a) for a, b in zip(small, large, strict=True)), 2)


def missed_targets(figures: list[Figures]) -> list[str]:
    """One line for each target that a page does not meet."""
    lines = []
    for one in figures:
        if one.page == "bare":
            continue
        name = PAGES[one.page]
        if one.queries[0] != one.queries[1]:
            lines.append(f"{name}: {one.queries[0]} queries in the small install, {one.queries[1]} in the large one")
        if max(one.queries) > MOST_QUERIES:
            lines.append(f"{name}: {max(one.queries)} queries, {MOST_QUERIES} at most")
        if max(one.cpu) > MOST_CPU:
            lines.append(f"{name}: {max(one.cpu)} ms CPU, {MOST_CPU} at most")
        if one.ratio > MOST_RATIO:
            lines.append(f"{name}: takes {one.ratio} times as long in the large install, {MOST_RATIO} at most")
    return lines


def table(engine: str, figures: list[Figures]) -> str:
    rows = [
        [engine, "queries", "around", "CPU ms", "", "ms", "", "", "HTTP ms", "", ""],
        ["", "", "", "small", "large", "small", "large", "ratio", "small", "large", "ratio"],
    ]
    for one in figures:
        rows.append([
            PAGES[one.page],
            _both(one.queries), _both(one.around),
            *(f"{number:.2f}" for number in (*one.cpu, *one.ms, one.ratio)),
            *(f"{number:.2f}" for number in (*one.http, one.http_ratio) if one.http),
        ])  # fmt: skip
    return "\n".join(_line(*row) for row in rows)


def _line(name: str, *cells: str) -> str:
    return (name.ljust(24) + "".join(cell.rjust(9) for cell in cells)).rstrip()


def _both(pair: list[int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}/{pair[1]}"


def _heading(options: argparse.Namespace) -> str:
    return (
        f"{date.today()}, Python {platform.python_version()}, Django {version('django')}, {os.cpu_count()} cores."
        f" Small: {options.small} people, large: {options.large}, 30 check-ins each."
        f" Medians of {options.requests} requests."
    )


def _show_statements(sides: dict[str, Side]) -> None:
    for page, side in sides.items():
        print(f"\n{PAGES[page]}")
        for sql in side.asked:
            print(f"  {sql}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
