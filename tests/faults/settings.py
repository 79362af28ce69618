"""The real settings of a real process, and the fault tests' own small domain."""

from handrail.settings import *  # noqa: F403
from handrail.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.trial"]
