"""What of the day's medicine and the visits Today shows. No clock, no database."""

from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")

MOST_ROWS = 4
MOST_MEDICINE_ROWS = 2
LONGEST_NAME = 80  # characters
LONGEST_NOTE = 500


def share_room(medicine: Sequence[Row], visits: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """At most four rows: up to two of medicine, the rest visits; what one does not need goes to the other."""
    for_medicine = max(MOST_MEDICINE_ROWS, MOST_ROWS - len(visits))
    rows = list(medicine[:for_medicine])
    return rows, list(visits[: MOST_ROWS - len(rows)])
