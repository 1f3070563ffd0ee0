"""Messages of discussions put in the search index again."""

from collections.abc import Sequence

from django.db.models import QuerySet

from forums import writing
from forums.finding import KINDS
from forums.models import Post
from forums.visibility import SHOWN
from rtes_hub.search import index
from rtes_hub.search.again import in_batches, remakes


def _findable() -> QuerySet[Post]:
    return Post.objects.standing().filter(passage__in=SHOWN)


@remakes("messages")
def messages() -> int:
    index.keep_only(KINDS, _findable().values("uri"))
    return in_batches(_findable().order_by("pk").values_list("pk", flat=True), _put)


def _put(keys: Sequence[int]) -> None:
    """Read and written together: one that is removed meanwhile is not put back."""
    rows = _findable().select_for_update(of=("self",)).filter(pk__in=keys)
    for post in rows.select_related("thread__forum"):
        writing.put_in_index(post)
