"""Django's `migrate`, and after it wall five: a table that was just made gets its row-level security."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from handrail.gate.opening import Upkeep


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        connection = connections[options["database"]]
        if connection.vendor == "postgresql" and not options["check_unapplied"] and not options["plan"]:
            from handrail.gate.backends.postgresql import rows

            with Upkeep(), connection.cursor() as cursor:
                rows.raise_wall(cursor)
