from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "rtes_hub.search"
    label = "search"
