"""`manage.py reindex`: the search index made again from what is there, after a change of the analyser."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from resources import content
from resources.kinds import KINDS
from resources.models import Resource, Visibility
from resources.visibility import OUT
from rtes_hub.search import index

BATCH = 500  #: resources a transaction


class Command(BaseCommand):
    help = "Make the search index again from the resources that are there."

    def handle(self, *_args: Any, **_options: Any) -> None:
        keys = list(Resource.objects.filter(state__in=OUT).values_list("pk", flat=True).order_by("pk"))
        index.keep_only(KINDS, Resource.objects.filter(state__in=OUT).values("uri"))
        for start in range(0, len(keys), BATCH):
            self._put(keys[start : start + BATCH])
        self.stdout.write(f"{len(keys)} resources can be found.")

    @transaction.atomic
    def _put(self, keys: list[int]) -> None:
        """Read and written together: a sheet that is withdrawn meanwhile is not put back."""
        rows = Resource.objects.select_for_update(of=("self",)).filter(pk__in=keys, state__in=OUT)
        for resource in rows.select_related("member"):
            public = resource.visibility == Visibility.PUBLIC
            index.put(
                resource.uri, kind=resource.kind, title=resource.title, text=content.words(resource), public=public
            )
