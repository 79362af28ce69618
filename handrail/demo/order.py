"""The order in which the demo is told: as time ran, because logs are written that way and are read that way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handrail.kernel import clock


@dataclass
class Story:
    """What is to be told, each thing at its moment; what falls on the same moment is told as it was put in."""

    now: datetime = field(default_factory=clock.now)
    _told: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)

    def at(self, moment: datetime, do: Callable[[], object]) -> None:
        self._told.append((moment, do))

    def ago(self, do: Callable[[], object], **delta: float) -> None:
        """`delta` (days=2, hours=20) before now."""
        self.at(self.now - timedelta(**delta), do)

    def tell(self) -> None:
        for moment, do in sorted(self._told, key=lambda each: each[0]):
            with clock.moved_to(moment):
                do()
