"""What forums write on the pages of others (rtes_hub.blocks): on that of a sheet, and beside what a search finds."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from forums import finding, topics
from forums.visibility import Person
from rtes_hub import subjects
from rtes_hub.blocks import writes

LATEST = 3  #: discussions about a sheet that are shown on its page


@writes("about")
def about(request: HttpRequest, uri: str) -> str:
    """The last discussions about a sheet, and the way to ask about it. Nothing where neither is possible."""
    person = Person(request.user)
    found = topics.threads(person, uri)
    latest = list(found[: LATEST + 1])
    subject = subjects.find(request.user, uri)
    forum = topics.forum_for(subject, reader=person) if subject else None
    if not latest and forum is None:
        return ""
    context = {"threads": latest[:LATEST], "is_more": len(latest) > LATEST, "forum": forum, "uri": uri}
    return render_to_string("forums/_about.html", context, request)


@writes("found")
def found(request: HttpRequest, words: str) -> str:
    """How many discussions hold the words that were looked for among resources."""
    many = len(finding.uris(Person(request.user), words)) if words else 0
    return render_to_string("forums/_found.html", {"many": many, "words": words}, request) if many else ""
