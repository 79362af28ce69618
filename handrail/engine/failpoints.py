"""Named places where a test kills the process, as a power cut would. `HANDRAIL_FAILPOINT=name:3` kills at the third
pass. Unset, which is always but in tests, passing one costs a dictionary lookup.
"""

import os
import signal

from django.conf import settings

_left: dict[str, int] = {}


def arm(failpoint: str) -> None:
    """`name:3`: die at the third pass of this place."""
    name, _, count = failpoint.partition(":")
    _left[name] = int(count or 1)


if settings.HANDRAIL.failpoint:
    arm(settings.HANDRAIL.failpoint)


def failpoint(name: str) -> None:
    """Die here if a test asks for it."""
    if name in _left:
        _left[name] -= 1
        if _left[name] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
