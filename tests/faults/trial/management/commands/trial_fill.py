from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from handrail.delivery import outbox, ways
from handrail.engine import due
from handrail.gate import Actor
from handrail.kernel import clock
from handrail.people import actions


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "One person with a confirmed e-mail address and many chains of moments, due now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int)

    def handle(self, *args: Any, count: int, **options: Any) -> None:
        person = actions.sign_up(
            name="Jo", passphrase="seven quiet harbours", time_zone="America/New_York", country="US"
        ).person_id
        self._give_email(person)
        with transaction.atomic():
            for number in range(count):
                due.schedule("trial.step", ref=f"{person}-{number}", at=clock.now())
        self.stdout.write(person)

    def _give_email(self, person: str) -> None:
        actor = Actor.person(person)
        way = ways.begin(actor, owner=person, channel="email", address="jo@example.org")
        _, code = ways.opened_ways(Actor.system("a test"), owners=[person], ways=[way])[way]
        assert ways.confirm(actor, owner=person, way=way, code=str(code)).ok
        with transaction.atomic():
            outbox.withdraw(matter=way)
