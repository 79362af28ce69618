from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "handrail.library"

    def ready(self) -> None:
        from handrail.library import checks, packs  # noqa: F401  (registers the check)

        packs.packs()  # a pack that cannot be used stops the start, not the crisis page
