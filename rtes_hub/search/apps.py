from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SearchConfig(AppConfig):
    name = "rtes_hub.search"
    label = "search"

    def ready(self) -> None:
        """Each app says in its `indexing.py` how what it puts in the index is put there again (search.again)."""
        autodiscover_modules("indexing")
