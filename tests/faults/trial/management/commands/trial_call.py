from typing import Any

from django.core.management.base import BaseCommand

from handrail.gate import Category
from handrail.kernel.ids import new_id
from handrail.safety import actions
from tests.faults.trial.people import give_email
from tests.fixtures.people import share, sign_up, stand_by


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Jo calls for help; Sam is on the first rung of the ladder, Mum on the second, each with an e-mail address."

    def handle(self, *args: Any, **options: Any) -> None:
        jo = sign_up("Jo")
        for name in ("Sam", "Mum"):
            member = sign_up(name)
            stand_by(jo, member)
            share(jo, member, Category.HELP)
            give_email(member)
        self.stdout.write(actions.make_call(jo.actor, owner=jo.id, key=new_id(), words="Can you call me?"))
