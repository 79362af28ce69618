"""The real settings, and the table of Django's own sessions for the bare view that everything is compared with."""

from handrail.settings import *  # noqa: F403
from handrail.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.sessions"]
