"""Discussions by the words in them: each post is found by itself, and leads to its discussion."""

from forums.models import Post
from forums.visibility import Person
from rtes_hub.search import index

KINDS = ("thread", "post")  #: as posts are put in the index (forums/writing.py)
MAX_QUERY = 200  #: characters


def uris(person: Person, query: str) -> list[str]:
    """URIs of the discussions where a post holds every word, the closest first; only those this person may read."""
    found = index.find(query[:MAX_QUERY], members=person.is_member, kinds=KINDS)
    readable = Post.objects.visible_to(person).standing().filter(uri__in=found)
    of = dict(readable.values_list("uri", "thread__uri"))
    return list(dict.fromkeys(of[uri] for uri in found if uri in of))
