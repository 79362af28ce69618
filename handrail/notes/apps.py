from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "handrail.notes"

    def ready(self) -> None:
        from handrail.circle import actions as circle
        from handrail.circle import queries as circle_seen
        from handrail.notes import actions, queries

        circle.also_stops.append(actions.stop_all)
        circle_seen.also_shows.append(queries.how_many)
