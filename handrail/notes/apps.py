from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "handrail.notes"

    def ready(self) -> None:
        from handrail.circle import actions as circle
        from handrail.notes import actions

        circle.also_stops.append(actions.stop_all)
