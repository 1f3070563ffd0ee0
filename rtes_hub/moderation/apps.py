from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ModerationConfig(AppConfig):
    name = "rtes_hub.moderation"
    label = "moderation"

    def ready(self) -> None:
        """Each app says in its `reported.py` what can be reported, and how it is removed (moderation.registry)."""
        autodiscover_modules("reported")
