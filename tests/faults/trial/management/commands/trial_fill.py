from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from handrail.engine import due
from handrail.kernel import clock
from tests.faults.trial.people import give_email
from tests.fixtures.people import sign_up


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "One person with a confirmed e-mail address and many chains of moments, due now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int)

    def handle(self, *args: Any, count: int, **options: Any) -> None:
        person = sign_up("Jo")
        give_email(person)
        with transaction.atomic():
            for number in range(count):
                due.schedule("trial.step", ref=f"{person.id}-{number}", at=clock.now())
        self.stdout.write(person.id)
