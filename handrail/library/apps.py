from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "handrail.library"

    def ready(self) -> None:
        from handrail.engine import health
        from handrail.library import checks, packs, queries, statements  # noqa: F401  (registers the check)
        from handrail.shell import countries

        statements.statements()
        countries.with_pages.update(packs.packs())  # a pack that cannot be used stops the start, not the crisis page
        health.also_told["stale_content"] = queries.stale_count
