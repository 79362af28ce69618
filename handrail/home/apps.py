from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "handrail.home"

    def ready(self) -> None:
        from handrail.home import typed
        from handrail.people import held

        held.may_be_sent.update(typed.OWN_WORDS)
