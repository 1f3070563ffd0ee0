from django.apps import AppConfig

from federation import registry


class FederationConfig(AppConfig):
    name = "federation"

    def ready(self) -> None:
        registry.autodiscover()
