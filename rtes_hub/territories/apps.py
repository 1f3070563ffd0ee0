from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "rtes_hub.territories"
    label = "territories"
