from importlib import import_module

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "resources"

    def ready(self) -> None:
        import_module("resources.spoken_of")  # it registers what it tells, and needs the models first
