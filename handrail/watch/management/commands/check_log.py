"""`./run manage check_log`: is every access log still the one that was written? Says where one is not.

The worker does the same once a day. Exit code 1 when a log does not hold: an entry was changed, removed or put
elsewhere. `--accept ID`: you have looked into it, and this log counts as whole from here on.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from handrail.watch import logs, said


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accept", metavar="ID", help="whose log counts as whole from here on")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = options["accept"]
        if owner and not logs.accept(owner):
            raise CommandError("That log does not hold in itself: put its entries back from a backup first.")
        broken = logs.check_all()
        for found in broken:
            self.stdout.write(said.where(found))
        if broken:
            raise CommandError(f"{len(broken)} access logs were tampered with.")
        self.stdout.write("Every access log holds.")
