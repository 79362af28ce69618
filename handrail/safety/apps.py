from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "handrail.safety"

    def ready(self) -> None:
        from handrail.circle import actions as circle
        from handrail.safety import actions

        circle.also_looks_again.append(actions.look_again)
