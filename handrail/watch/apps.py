from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "handrail.watch"

    def ready(self) -> None:
        from handrail.engine import health
        from handrail.watch import logs

        health.also_told["logs_broken"] = logs.broken_count
        health.also_told["logs_checked_h"] = logs.hours_since_checked
