from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "handrail.consents"

    def ready(self) -> None:
        """The gate asks here what a place's signed consent covers."""
        from handrail.consents import covering
        from handrail.gate import covers

        covers.ask(covering.of_owner)
