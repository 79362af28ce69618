from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EngineConfig(AppConfig):
    name = "handrail.engine"

    def ready(self) -> None:
        """Every domain says in its `due.py` what it does when a moment comes."""
        autodiscover_modules("due")
