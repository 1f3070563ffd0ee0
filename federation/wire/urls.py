"""Who owns a URL. An origin is scheme, host and port; two are the same only when equal, letter for letter.

What is not canonical is refused rather than repaired (security B12): two servers that repair differently disagree on
who speaks. Whether http, an explicit port or a private address may be spoken to is decided where requests are made.
"""

import ipaddress
import re
from functools import lru_cache

import idna

from federation.wire.errors import Malformed

MAX_URL = 2048  #: characters
_OTHER_DOTS = frozenset("\u3002\uff0e\uff61")  #: read as dots by some
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\\s]")
#: What may follow the host (RFC 3986 §2): anything else is written as escapes, or two servers would write it two ways.
_TAIL = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")


def absolute(value: object) -> str:
    """The value, when it is an absolute http(s) URL that names its host in the only right way."""
    if not isinstance(value, str):
        raise Malformed(f"a URL must be a string, not {type(value).__name__}")
    origin(value)
    return value


def origin(url: object) -> str:
    """ "https://Hub.Example:443/x" -> "https://hub.example". Host in ASCII and lower case, default port left out."""
    if not isinstance(url, str):
        raise Malformed(f"a URL must be a string, not {type(url).__name__}")
    if len(url) > MAX_URL:
        raise Malformed(f"a URL is longer than {MAX_URL} characters")
    return _origin(url)


def same_origin(*urls: object) -> bool:
    try:
        return len({origin(url) for url in urls}) == 1
    except Malformed:
        return False


def authority(url: str) -> str:
    """ "https://hub.example:8443/x" -> "hub.example:8443"."""
    return origin(url).partition("://")[2]


@lru_cache(maxsize=4096)
def _origin(url: str) -> str:
    if _FORBIDDEN.search(url):
        raise Malformed("a URL holds a space, a control character or a backslash")
    scheme, separator, rest = url.partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in _DEFAULT_PORTS:
        raise Malformed("a URL must be absolute and begin with https://")
    end = min((at for at in (rest.find(mark) for mark in "/?#") if at >= 0), default=len(rest))
    if not _TAIL.fullmatch(rest, end):
        raise Malformed("a URL holds a character that must be escaped")
    host, port = _host_and_port(rest[:end])
    return f"{scheme}://{_host(host)}" + (f":{port}" if port and port != _DEFAULT_PORTS[scheme] else "")


def _host_and_port(netloc: str) -> tuple[str, str]:
    if "@" in netloc or "%" in netloc:
        raise Malformed("a URL names its host with a user or an escape")
    head, bracket, tail = netloc.rpartition("]")
    host, colon, port = tail.partition(":") if not bracket else (head + bracket, *tail.partition(":")[1:])
    if bracket and tail and not tail.startswith(":"):
        raise Malformed("a URL has something between its host and its port")
    if colon and not (port.isascii() and port.isdigit() and str(int(port[:6])) == port and 0 < int(port) < 65536):
        raise Malformed("a URL has a port that is not one")
    return host, port


def _host(host: str) -> str:
    if host.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(host[1:-1]).compressed}]"
        except ValueError:
            raise Malformed("a URL names its host with a wrong address") from None
    name = host.lower()
    if not name.isascii() or "xn--" in name:
        if _OTHER_DOTS & set(name):
            raise Malformed("a URL has a host with dots that are none")
        try:
            name = idna.encode(name).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise Malformed("a URL has a host that is no valid international name") from None
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Malformed("a URL has a host that is no valid name")
    # A last label that is a number makes browsers and resolvers read an IPv4 address in it, in forms such as 127.1.
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        try:
            ipaddress.IPv4Address(name)
        except ValueError:
            raise Malformed("a URL names its host with a wrong address") from None
    return name
