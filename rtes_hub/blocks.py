"""Parts of a page that another app writes: a sheet's page shows what is said of it without knowing of forums.

    @blocks.writes("about")
    def _discussions(request, uri) -> SafeString: ...

    {% load blocks %}{% blocks "about" resource.uri %}

Places: "about", on the page of a thing, with its URI; "found", beside what a search finds, with its words.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

Write = Callable[[HttpRequest, str], str]

_WRITERS: dict[str, list[Write]] = {}


def writes(place: str) -> Callable[[Write], Write]:
    """This function writes safe HTML for that place, or nothing ("")."""

    def register(write: Write) -> Write:
        _WRITERS.setdefault(place, []).append(write)
        return write

    return register


def written(place: str, request: HttpRequest, of: str) -> SafeString:
    """All that apps write there, in the order they were registered."""
    return format_html_join("\n", "{}", ((write(request, of),) for write in _WRITERS.get(place, ())))
