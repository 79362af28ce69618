"""`./run manage appoint operator`: print a one-time link to a post of this install. It works once, for three days.

Whoever opens it signed in holds the post until it is ended: on the operators' page, or by
`./run manage appoint operator --end ID` with an id from `./run manage appoint operator --list`.
A post opens nobody's records.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from handrail.gate import Actor
from handrail.gate.categories import PostKind
from handrail.kernel.errors import NotHere
from handrail.programs import actions, queries


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("post", choices=PostKind.values)
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--list", action="store_true", help="who holds the post now, by id")
        what.add_argument("--end", metavar="ID", help="end the post with this id")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = Actor.system("somebody at the machine gives out posts")
        if options["list"]:
            for held in queries.held_posts(actor):
                if held.kind == options["post"]:
                    self.stdout.write(f"{held.id}  since {held.since:%Y-%m-%d}  person {held.person_id}")
        elif options["end"]:
            try:
                actions.end_post(actor, post=options["end"], although_last=True)
            except NotHere as why:
                raise CommandError("There is no such post.") from why
            self.stdout.write("Ended.")
            if not any(held.kind == PostKind.OPERATOR for held in queries.held_posts(actor)):
                self.stdout.write("Nobody runs this install now: `./run manage appoint operator` makes a link.")
        else:
            code = actions.offer_post(actor, kind=options["post"])
            here = settings.HANDRAIL
            address = (here.origin.rstrip("/") or f"http://{here.bind}:{here.port}") + reverse("offer", args=[code])
            self.stdout.write(f"Open this link once, within three days, signed in:\n{address}")
