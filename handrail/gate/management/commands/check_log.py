"""`./run manage check_log`: is every access log still the one that was written? Says where one is not.

Exit code 1 when a chain does not hold: an entry was changed, removed or put elsewhere.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from handrail.gate import log


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        broken = log.broken_chains()
        for found in broken:
            self.stdout.write(f"The log of {found.owner_id} does not hold from entry {found.number} on.")
        if broken:
            raise CommandError(f"{len(broken)} access logs were tampered with.")
        self.stdout.write("Every access log holds.")
