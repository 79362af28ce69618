from django.apps import AppConfig


class CheckinsConfig(AppConfig):
    name = "handrail.checkins"

    def ready(self) -> None:
        from handrail.checkins import hidden
        from handrail.notes import queries as notes

        notes.also_hide.append(hidden.hidden_notes)
