from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "handrail.shell"

    def ready(self) -> None:
        from handrail.shell.forms import speak_our_words

        speak_our_words()
