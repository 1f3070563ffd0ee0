from importlib import import_module

from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "forums"

    def ready(self) -> None:
        for module in ("orphans", "told", "blocks"):  # they register what they do, and need the models first
            import_module(f"forums.{module}")
