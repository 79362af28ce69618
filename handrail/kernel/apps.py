from django.apps import AppConfig
from django.conf import settings

from handrail.kernel import clock


class KernelConfig(AppConfig):
    name = "handrail.kernel"

    def ready(self) -> None:
        clock.follow(settings.HANDRAIL.test_clock)
