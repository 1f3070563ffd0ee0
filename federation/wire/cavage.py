"""HTTP signatures as the fediverse has them: draft-cavage-http-signatures-12."""

import base64
import binascii
from datetime import datetime

from federation.wire import digest
from federation.wire.claims import Claim
from federation.wire.errors import BadSignature
from federation.wire.fields import MAX_FIELD
from federation.wire.keys import PrivateKey, algorithm
from federation.wire.names import ACTIVITY_JSON
from federation.wire.requests import Request, Window, from_http_date, from_timestamp, http_date
from federation.wire.sealing import sign

TARGET = "(request-target)"
_ALGORITHMS = frozenset({"rsa-sha256", "hs2019"})
_DIGESTS = {"digest": digest.check_digest, "content-digest": digest.check_content_digest}


def sign_cavage(
    method: str,
    url: str,
    *,
    key: PrivateKey,
    key_id: str,
    now: datetime,
    body: bytes | None = None,
    content_type: str = ACTIVITY_JSON,
) -> dict[str, str]:
    """Every header the request must carry, signature included. `body` is None for a GET."""
    request = Request(method, url, ())
    headers = {"Host": request.authority, "Date": http_date(now)}
    if body is not None:
        headers |= {"Digest": digest.digest(body), "Content-Type": content_type}
    covered = (TARGET, *(name.lower() for name in headers))
    base = _base(Request(method, url, headers.items()), covered, {}, with_query=True)
    # Everyone knows rsa-sha256; hs2019 is the one name of the draft that leaves the algorithm to the key.
    name = "rsa-sha256" if algorithm(key) == "rsa" else "hs2019"
    signature = base64.b64encode(sign(key, base)).decode()
    headers["Signature"] = f'keyId="{key_id}",algorithm="{name}",headers="{" ".join(covered)}",signature="{signature}"'
    return headers


def parse_cavage(request: Request, header: str, window: Window) -> Claim:
    """Raises `BadSignature`."""
    parameters = _parameters(header)
    key_id, encoded = (_text(parameters, name) for name in ("keyId", "signature"))
    name = _text(parameters, "algorithm") if "algorithm" in parameters else "hs2019"
    if name.lower() not in _ALGORITHMS:
        raise BadSignature(f"algorithm: {name[:40]} is not accepted")
    covered = tuple((_text(parameters, "headers") if "headers" in parameters else "(created)").lower().split())
    if len(set(covered)) != len(covered):
        raise BadSignature("headers: a name is said twice")
    _check_coverage(request, covered, name.lower())
    created, expires = _check_times(request, parameters, covered, window)
    for header_name, check in _DIGESTS.items():
        if header_name in covered:
            check(request.header(header_name), request.body)
    queries = (True, False) if request.parts.query else (True,)
    return Claim(
        key_id=key_id,
        format="cavage",
        algorithm=name.lower(),
        created=created,
        expires=expires,
        covered=covered,
        signature=_decode(encoded),
        bases=tuple(_base(request, covered, parameters, with_query=with_query) for with_query in queries),
    )


def _check_coverage(request: Request, covered: tuple[str, ...], name: str) -> None:
    """What is not signed can be changed by whoever carries it (security A7)."""
    for needed in (TARGET, "host"):
        if needed not in covered:
            raise BadSignature(f"{needed}: not signed")
    if "date" not in covered and "(created)" not in covered:
        raise BadSignature("date: not signed")
    if request.has_body and not any(needed in covered for needed in _DIGESTS):
        raise BadSignature("digest: not signed")
    if name != "hs2019" and ("(created)" in covered or "(expires)" in covered):
        raise BadSignature("(created): not with this algorithm")  # draft §2.3
    request.check_host()


def _check_times(
    request: Request, parameters: dict[str, str | int], covered: tuple[str, ...], window: Window
) -> tuple[datetime, datetime | None]:
    moments = []
    if "(created)" in covered:
        moments.append(("(created)", from_timestamp("(created)", parameters.get("created"))))
    if "date" in covered:
        moments.append(("date", from_http_date(request.header("date"))))
    for where, moment in moments:
        window.check(where, moment)
    expires = None
    if "expires" in parameters:
        expires = from_timestamp("(expires)", parameters["expires"])
        window.check_expiry("(expires)", expires)
    return moments[0][1], expires


def _base(request: Request, covered: tuple[str, ...], parameters: dict[str, str | int], *, with_query: bool) -> bytes:
    """The text that is signed (draft §2.3)."""
    lines = []
    for name in covered:
        if name == TARGET:
            query = f"?{request.parts.query}" if with_query and request.parts.query else ""
            value = f"{request.method.lower()} {request.path}{query}"
        elif name in ("(created)", "(expires)"):
            value = str(parameters.get(name[1:-1], ""))
        else:
            value = request.header(name)
        lines.append(f"{name}: {value}")
    return "\n".join(lines).encode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature("signature: not base64", 400) from None


def _text(parameters: dict[str, str | int], name: str) -> str:
    value = parameters.get(name)
    if not isinstance(value, str) or not value:
        raise BadSignature(f"{name}: absent", 400)
    return value


def _parameters(header: str) -> dict[str, str | int]:
    """`keyId="…",created=1402170695,…` -> a dict. A parameter said twice could be read as one or the other: refused."""
    if len(header) > MAX_FIELD:
        raise BadSignature("signature: too long", 400)
    result: dict[str, str | int] = {}
    rest = header.strip()
    while rest:
        name, equals, rest = rest.partition("=")
        name, rest = name.strip(), rest.lstrip()
        if not equals or not name:
            raise BadSignature('signature: name="value" expected', 400)
        value: str | int
        if rest.startswith('"'):
            text, quote, rest = rest[1:].partition('"')
            if not quote or "\\" in text:
                raise BadSignature(f"{name[:20]}: a quote is missing", 400)
            value, rest = text, rest.lstrip()
        else:
            digits, comma, rest = rest.partition(",")
            rest = comma + rest
            if not (digits.strip().isascii() and digits.strip().isdigit() and len(digits) < 20):
                raise BadSignature(f"{name[:20]}: neither quoted nor a number", 400)
            value = int(digits)
        if name in result:
            raise BadSignature(f"{name[:20]}: said twice")
        result[name] = value
        if rest and not rest.startswith(","):
            raise BadSignature("signature: a comma is missing", 400)
        rest = rest[1:].lstrip()
    return result
