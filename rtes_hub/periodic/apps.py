from django.apps import AppConfig


class PeriodicConfig(AppConfig):
    name = "rtes_hub.periodic"
    label = "periodic"
