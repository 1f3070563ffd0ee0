from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PeriodicConfig(AppConfig):
    name = "rtes_hub.periodic"
    label = "periodic"

    def ready(self) -> None:
        autodiscover_modules("recurring")
