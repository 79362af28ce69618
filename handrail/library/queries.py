"""What the pages, the call for help and `/healthz` ask the country packs.

A country without a pack gets the install's own: on a crisis page a labelled list of another country's numbers is better
than an error. `pack_for(...).name` says whose it is, and the page shows it.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from handrail.kernel import clock
from handrail.library.packs import Line, Naloxone, Overdose, Pack, packs
from handrail.library.statements import statements


@dataclass(frozen=True)
class Stale:
    """A file of a pack that nobody has gone through for more than twelve months."""

    country: str
    file: Path
    last_checked: date


def pack_for(country: str = "") -> Pack:
    """The pack of a country (two letters), or the install's own where there is none."""
    return packs().get(country.upper()) or packs()[settings.HANDRAIL.country]


def countries() -> list[tuple[str, str]]:
    """(two letters, name) of every country there is a pack for, by name."""
    return sorted(((pack.country, pack.name) for pack in packs().values()), key=lambda pair: pair[1])


def lines_for(country: str = "") -> tuple[Line, ...]:
    """Phone lines, the emergency number first."""
    return pack_for(country).lines


def emergency_number(country: str = "") -> str:
    """As people say and dial it: "911"."""
    return pack_for(country).emergency.call


def overdose_steps(country: str = "") -> Overdose:
    return pack_for(country).overdose


def naloxone_facts(country: str = "") -> Naloxone:
    return pack_for(country).naloxone


def stale_packs(today: date) -> list[Stale]:
    """Files whose oldest date lies more than twelve months back, oldest first."""
    limit = _a_year_before(today)
    found = []
    for pack in packs().values():
        oldest_line = min(line.last_checked for line in pack.lines)
        for review in pack.reviews:
            seen = min(review.reviewed_on, oldest_line) if review is pack.review else review.reviewed_on
            if seen < limit:
                found.append(Stale(pack.country, review.file, seen))
    law = statements().review
    if law.reviewed_on < limit:
        found.append(Stale("US", law.file, law.reviewed_on))
    return sorted(found, key=lambda stale: (stale.last_checked, stale.file))


def stale_count() -> int:
    """How many files are stale today, for `/healthz`."""
    return len(stale_packs(clock.today("UTC")))


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
