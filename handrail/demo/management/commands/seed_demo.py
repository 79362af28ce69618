"""`./run manage seed_demo`: fill an empty trial database with the demo's people. A second run does nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from handrail.demo import queries, story
from handrail.people.queries import is_anybody_here


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HANDRAIL.demo:
            raise CommandError("Only a trial with HANDRAIL_DEMO=1 is filled with invented people.")
        if queries.is_demo_database():
            return
        if is_anybody_here():
            raise CommandError("There are people in this database already; the demo wants an empty one.")
        story.tell()
