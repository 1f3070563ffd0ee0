"""Resources put in the search index again."""

from collections.abc import Sequence

from resources import content
from resources.kinds import KINDS
from resources.models import Resource, Visibility
from resources.visibility import OUT
from rtes_hub.search import index
from rtes_hub.search.again import in_batches, remakes


@remakes("resources")
def resources() -> int:
    out = Resource.objects.filter(state__in=OUT)
    index.keep_only(KINDS, out.values("uri"))
    return in_batches(out.order_by("pk").values_list("pk", flat=True), _put)


def _put(keys: Sequence[int]) -> None:
    """Read and written together: a sheet that is withdrawn meanwhile is not put back."""
    rows = Resource.objects.select_for_update(of=("self",)).filter(pk__in=keys, state__in=OUT)
    for resource in rows.select_related("member"):
        public = resource.visibility == Visibility.PUBLIC
        index.put(resource.uri, kind=resource.kind, title=resource.title, text=content.words(resource), public=public)
