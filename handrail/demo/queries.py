from dataclasses import dataclass

from handrail.demo.models import Figure


@dataclass(frozen=True, slots=True)
class Shown:
    who: str
    person_id: str
    opens: str


def is_demo_database() -> bool:
    return Figure.objects.exists()


def figures() -> list[Shown]:
    return [Shown(row.who, row.person_id, row.opens) for row in Figure.objects.all()]


def figure(who: str) -> Shown | None:
    return next((shown for shown in figures() if shown.who == who), None)
