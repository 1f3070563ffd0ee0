"""HTTP, thin: the addresses that other servers ask, and the door they knock at."""

from math import ceil
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from federation import actors, collections, discovery, groups, inbox, keyring, ns, places
from federation.errors import Refused, TryLater
from federation.knock import Knock
from federation.models import Activity, Actor, StoredObject
from federation.negotiation import see_other
from federation.responses import VARY, activity, as_written, only, problem, public
from federation.wire import names, write
from federation.wire.write.discovery import nodeinfo_type

ACTOR_AGE = 180  #: seconds that a shared cache may keep an actor
GONE_AGE = 86_400  #: seconds; what is gone stays gone


def _is_for_people(request: HttpRequest) -> bool:
    return not names.prefers_activity(request.headers.get("Accept", ""))


def _missing(request: HttpRequest) -> HttpResponse:
    if _is_for_people(request):
        raise Http404
    return problem(404, "there is nothing at this address")


def _gone(request: HttpRequest, tombstone: dict[str, Any]) -> HttpResponse:
    if not _is_for_people(request):
        return activity(request, tombstone, status=410, max_age=GONE_AGE)
    response = render(request, "410.html", status=410)
    patch_vary_headers(response, VARY)
    return response


def _page(url: str) -> HttpResponse:
    response = see_other(url)
    patch_vary_headers(response, VARY)
    return response


def _find(path: str) -> Actor | None:
    """One of ours by its path; the two that every hub has are made when first asked for."""
    if path == actors.INSTANCE:
        return actors.instance()
    if path == actors.MODERATION:
        return actors.moderation()
    return Actor.objects.filter(uri=actors.url(path), local=True).first()


def _tombstone(actor: Actor) -> dict[str, Any]:
    deleted = actor.gone_at or actor.updated_at
    return keyring.prove(actor, write.tombstone(actor.uri, former_type=actor.type, deleted=deleted), created=deleted)


@only("GET")
def actor(request: HttpRequest, who: str) -> HttpResponse:
    found = _find(f"/{who}")
    if found is None:
        return _missing(request)
    if found.gone_at is not None:
        return _gone(request, _tombstone(found))
    if _is_for_people(request) and found.url:
        return _page(found.url)
    proven = keyring.prove(found, actors.document(found), created=found.updated_at)
    return activity(request, proven, max_age=ACTOR_AGE)


@only("GET")
def collection(request: HttpRequest, who: str, name: str) -> HttpResponse:
    found = _find(f"/{who}")
    if found is None:
        return _missing(request)
    if found.gone_at is not None:
        return _gone(request, _tombstone(found))
    before = request.GET.get("before", "")
    if name == "outbox" and (before or "page" in request.GET):
        try:
            return activity(request, collections.outbox_page(found, before=before))
        except Refused as error:
            return problem(error.status, error.reason)
    return activity(request, collections.BY_NAME[name](found))


@only("GET")
def stored_object(request: HttpRequest, opaque: str) -> HttpResponse:
    """The bytes as they were stored: one query, nothing written anew."""
    found = StoredObject.objects.filter(uri=actors.url(request.path), local=True).first()
    if found is None:
        return _missing(request)
    if found.removed_at is not None:
        tombstone = write.tombstone(
            found.uri, former_type=found.former_type, deleted=found.removed_at, published=found.published
        )
        return _gone(request, keyring.prove(found.actor, tombstone, created=found.removed_at))
    if _is_for_people(request) and found.url:
        return _page(found.url)
    return activity(request, found.document)


@only("GET")
def said_of_it(request: HttpRequest, opaque: str, name: str) -> HttpResponse:
    """What answers a thing of ours, or the whole conversation that it begins."""
    say = {"replies": groups.replies, "context": groups.conversation}.get(name)
    uri = actors.url(f"/ap/objects/{opaque}")
    found = StoredObject.objects.select_related("actor").filter(uri=uri, local=True, removed_at=None).first()
    if say is None or found is None:
        return _missing(request)
    return activity(request, say(found))


@only("GET")
def forums(request: HttpRequest) -> HttpResponse:
    """The places of this hub."""
    return activity(request, places.ours())


@only("GET")
def stored_activity(request: HttpRequest, opaque: str) -> HttpResponse:
    """What was said in public, unless its text was withdrawn since."""
    found = Activity.objects.filter(uri=actors.url(request.path), public=True).first()
    if found is None or not found.body:
        return _missing(request)
    return activity(request, bytes(found.body).decode())


@csrf_exempt
@only("POST")
def receive(request: HttpRequest, who: str = "") -> HttpResponse:
    """An inbox, of an actor or shared by all."""
    owner = _find(f"/{who}") if who else None
    if who and (owner is None or owner.gone_at is not None):
        return problem(404 if owner is None else 410, "there is no such inbox")
    if not request.headers.get("Content-Length"):  # WSGI reads nothing of a body whose length was not said
        return problem(411, "say the length of the body: one sent in chunks is not read here")
    try:
        inbox.receive(_knock(request))
    except Refused as error:
        return problem(error.status, error.reason)
    except TryLater as error:
        return problem(error.status, error.reason, Retry_After=str(ceil(error.after or inbox.COME_BACK)))
    return HttpResponse(status=202)


def _knock(request: HttpRequest) -> Knock:
    return Knock(
        url=actors.url(as_written(request)),
        content_type=request.headers.get("Content-Type", ""),
        headers=tuple(request.headers.items()),
        body=_read(request),
    )


@csrf_exempt
@only("POST")
def check(request: HttpRequest) -> HttpResponse:
    """This hub speaks to itself: what it looks like from here. Nobody else is told anything, and nothing is stored."""
    if not request.headers.get("Content-Length"):
        return problem(411, "say the length of the body: one sent in chunks is not read here")
    try:
        inbox.is_from_us(_knock(request))
    except Refused as error:
        return problem(error.status, error.reason)
    return JsonResponse({"scheme": request.scheme, "host": request.get_host()})


def _read(request: HttpRequest) -> bytes:
    """At most one byte more than may be: enough to know that it is too much, whatever Content-Length said."""
    return request.read(inbox.MAX_BYTES + 1)


@only("GET")
def vocabulary(request: HttpRequest) -> HttpResponse:
    """Our terms: JSON-LD for programs, a page for people."""
    accept = request.headers.get("Accept", "")
    if names.prefers_activity(accept) or accept.strip().startswith("application/json"):
        response = _json(ns.context(), "application/ld+json")
        response["Cache-Control"] = f"public, max-age={GONE_AGE}"
    else:
        shown = {"terms": ns.terms(), "kinds": ns.kinds(), "namespace": names.NS}
        response = render(request, "federation/ns.html", shown)
    patch_vary_headers(response, ["Accept"])
    return response


# Discovery --------------------------------------------------------------------------------------------------------


def _json(document: dict[str, Any], content_type: str) -> HttpResponse:
    return public(JsonResponse(document, content_type=content_type, json_dumps_params={"ensure_ascii": False}))


@only("GET")
def webfinger(request: HttpRequest) -> HttpResponse:
    try:
        found = discovery.webfinger(request.GET.get("resource", ""), request.GET.getlist("rel"))
    except Refused as error:
        return public(problem(error.status, error.reason))
    return _json(found, names.JRD_JSON)


@only("GET")
def host_meta(request: HttpRequest) -> HttpResponse:
    if "json" in request.headers.get("Accept", ""):
        return host_meta_json(request)
    response = HttpResponse(write.host_meta_xml(settings.RTES.base_url), content_type=names.XRD_XML)
    patch_vary_headers(response, ["Accept"])
    return public(response)


@only("GET")
def host_meta_json(request: HttpRequest) -> HttpResponse:
    return _json(write.host_meta(settings.RTES.base_url), names.JRD_JSON)


@only("GET")
def nodeinfo_index(request: HttpRequest) -> HttpResponse:
    return _json(discovery.nodeinfo_index(), "application/json")


@only("GET")
def nodeinfo(request: HttpRequest, version: str) -> HttpResponse:
    return _json(discovery.nodeinfo(version), nodeinfo_type(version))
