from importlib import import_module

from django.apps import AppConfig

from federation import registry


class FederationConfig(AppConfig):
    name = "federation"

    def ready(self) -> None:
        for module in ("checks", "delivery", "processing"):  # they register what they do, and need the models first
            import_module(f"federation.{module}")
        registry.autodiscover()
