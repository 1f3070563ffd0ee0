"""Discussions found: by words, and about one sheet."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from forums import finding, topics
from forums.models import Thread
from forums.visibility import Person
from rtes_hub import subjects
from rtes_hub.rest.pages import Ranked

PAGE = 20  #: discussions


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q=`: the closest first."""
    person, words = Person(request.user), request.GET.get("q", "")[: finding.MAX_QUERY]
    readable = Thread.objects.visible_to(person).select_related("forum", "voice__member")
    found = Ranked(readable, "uri", finding.uris(person, words))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "threads": list(page.object_list), "words": words, "max_query": finding.MAX_QUERY}
    return render(request, "forums/search.html", context)


@never_cache
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """`?uri=`: every discussion about a sheet. What one may not read and what is not there look the same: 404."""
    person, uri = Person(request.user), request.GET.get("uri", "")
    subject = subjects.find(request.user, uri)
    if subject is None:
        raise Http404
    page = Paginator(topics.threads(person, uri), PAGE).get_page(request.GET.get("page"))
    forum = topics.forum_for(subject, reader=person)
    context = {"page_obj": page, "threads": list(page.object_list), "subject": subject, "forum": forum}
    return render(request, "forums/about.html", context)
