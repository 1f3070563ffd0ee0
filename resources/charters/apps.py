from django.apps import AppConfig


class ChartersConfig(AppConfig):
    name = "resources.charters"
    label = "charters"
