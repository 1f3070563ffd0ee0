from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NoticesConfig(AppConfig):
    name = "rtes_hub.notices"
    label = "notices"

    def ready(self) -> None:
        """Each app says in its `told.py` whom it tells of what, and who may see it (notices.registry)."""
        autodiscover_modules("told")
