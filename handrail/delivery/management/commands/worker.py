"""`./run manage worker`: runs what is due and sends what waits, until SIGTERM."""

import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from handrail.delivery.channels.installed import installed_channels
from handrail.delivery.due import arm_sweep
from handrail.delivery.sender import SendingThread
from handrail.engine import due
from handrail.engine.runner import LEASE
from handrail.engine.worker import DueThread, House, Part
from handrail.kernel.ids import new_id


class Command(BaseCommand):
    help = "Run what is due and send what waits in the outbox, until it is told to stop."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        seconds = LEASE.total_seconds()
        parser.add_argument("--lease", type=float, default=seconds, help="seconds that a claimed row is this worker's")

    def handle(self, *args: Any, **options: Any) -> None:
        worker, lease = new_id(), timedelta(seconds=options["lease"])
        installed_channels()  # a wrong setting is said at the start, not in a thread
        parts: list[Part] = [DueThread(worker, lease=lease), SendingThread(worker, installed_channels, lease=lease)]
        sys.exit(House(worker, parts, at_start=_arm).run())


def _arm() -> None:
    arm_sweep()
    due.arm_daily()
