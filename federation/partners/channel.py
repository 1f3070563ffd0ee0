"""The addresses that partners alone may ask, signed: what changed here, and what is compared. Never cached."""

from collections.abc import Callable
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from federation import actors
from federation.errors import Refused, TryLater
from federation.models import Peer, Told
from federation.partners import changes, converging, remote, scope, signed, taking
from federation.responses import as_written, only, problem
from federation.wire import Malformed, canonical, digests, names, strict_json, vocabulary

MAX_BYTES = 1024 * 1024  #: of a page that is given to us
COME_BACK = 60  #: seconds, in the Retry-After of a 503

Answer = Callable[[HttpRequest, Peer, bytes], HttpResponse]


def _for_partners(answer: Answer) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        try:
            body = _body(request)
            return answer(request, signed.partner(request, body), body)
        except Malformed as error:
            return problem(400, error.reason)
        except Refused as error:
            return problem(error.status, error.reason)
        except TryLater as error:
            return problem(503, error.reason, Retry_After=str(ceil(error.after or COME_BACK)))

    return view


def _body(request: HttpRequest) -> bytes:
    if request.method != "POST":
        return b""
    if not request.headers.get("Content-Length"):
        raise Refused("say the length of the body", 411)
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise Refused(f"the body is larger than {MAX_BYTES} bytes", 413)
    return body


def _document(document: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(canonical.dumps(document), content_type=names.ACTIVITY_JSON)
    response["Cache-Control"] = "private, no-store"
    response["Vary"] = "Accept, Signature"
    return response


def _keys(text: str) -> list[str]:
    keys = [one for one in text.split(",") if one]
    if not all(changes.is_key(one) for one in keys):
        raise Refused("keys: not keys of this digest", 400)
    return keys


def _changes(request: HttpRequest, peer: Peer, body: bytes) -> HttpResponse:
    if request.method == "POST":
        return _told(peer, body)
    here = actors.url(as_written(request))
    if "keys" in request.GET:
        return _document(changes.named(peer, _keys(request.GET["keys"]), uri=here))
    if "copies" in request.GET:
        return _document(changes.copies(peer, _keys(request.GET["copies"]), uri=here))
    if "after" in request.GET:
        return _document(changes.page(peer, request.GET["after"], uri=here))
    return _document(changes.collection(peer))


def _told(peer: Peer, body: bytes) -> HttpResponse:
    """A page of what is theirs, after they compared. What we cannot take now we come and read ourselves."""
    items = taking.items(strict_json.loads(body), peer)
    outcome = taking.take(items, taking.known(items, peer), peer)
    if outcome.unknown or not items:
        converging.soon(peer)
    return JsonResponse({"kept": outcome.kept, "refused": outcome.refused, "unknown": outcome.unknown})


def _digest(request: HttpRequest, peer: Peer, _body: bytes) -> HttpResponse:
    sides = {"own": scope.own_rows, "held": scope.held_rows}
    here = {"@context": vocabulary.CONTEXT, "id": actors.url(as_written(request)), "type": "Object"}
    if "under" not in request.GET:
        found = {f"rtes:{side}": _tree(rows(peer)) for side, rows in sides.items()}
        found["rtes:held"]["rtes:refused"] = Told.objects.filter(peer=peer).exclude(reason="").count()
        return _document(here | found)
    prefixes = request.GET["under"].split(",")
    if len(prefixes) > remote.MAX_PREFIXES or not all(_is_prefix(one) for one in prefixes):
        raise Refused("under: not prefixes of this digest", 400)
    rows = sides.get(request.GET.get("of", ""))
    if rows is None:
        raise Refused("of: own or held", 400)
    held = rows(peer)
    return _document(here | {"rtes:nodes": [_node(digests.node(held, one)) for one in prefixes]})


def _is_prefix(text: str) -> bool:
    return len(text) <= digests.KEY and len(text) != 1 and set(text) <= set(digests.HEX)


def _tree(rows: list[digests.Row]) -> dict[str, Any]:
    return {"rtes:count": len(rows), "rtes:root": digests.root(rows)}


def _node(node: digests.Node) -> str | list[str]:
    if node.children:
        return "".join(one or digests.EMPTY for one in node.children)
    return [key + leaf for key, leaf in node.rows]


changes_view = csrf_exempt(only("GET", "POST")(_for_partners(_changes)))
digest_view = only("GET")(_for_partners(_digest))
