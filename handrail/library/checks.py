"""Tells the operator when what we show about health and phone numbers has grown old (`./run manage check`)."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register

from handrail.kernel import clock
from handrail.library.queries import stale_packs


@register()
def packs_are_fresh(**_: Any) -> list[CheckMessage]:
    return [
        Warning(
            f"{stale.file} was last checked on {stale.last_checked}, more than twelve months ago.",
            hint="Compare it with its sources, then set reviewed_on (and last_checked of each line) to that day.",
            id="library.W001",
        )
        for stale in stale_packs(clock.today("UTC"))
    ]
