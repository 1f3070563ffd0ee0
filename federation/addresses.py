"""Which URL may be somebody's id, and which address may be connected to.

Allow-lists both: five projects shipped deny-lists that were incomplete, several of them twice.
"""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings

from federation.errors import Refused
from federation.wire import Malformed, urls

#: Global unicast, less what is inside it without being a plain public host (IANA special-purpose registries).
_NOT_PLAIN_V4 = [
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
]
_PLAIN_V6 = ipaddress.IPv6Network("2000::/3")
_NOT_PLAIN_V6 = [
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4: carries any IPv4 address inside
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]


def origin(url: object) -> str:
    """scheme://host[:port] of a URL that may be an id and may be spoken to.

    Only https without a port; http or https to exactly a `host:port` of RTES_TEST_PEERS; and ourselves.
    Raises: Refused, 400 when it is no canonical URL, 403 when it is one that we never speak to.
    """
    try:
        text = urls.absolute(url)
        found = urls.origin(text)
    except Malformed as error:
        raise Refused(error.reason, 400) from error
    if text[: len(found)] != found or text[len(found) :][:1] not in ("", "/", "?", "#"):
        raise Refused("a URL must write its host in lower case and ASCII, without a default port", 400)
    parts = urlsplit(found)
    if parts.netloc in settings.RTES.test_peers or found == settings.RTES.base_url:
        return found
    if parts.scheme != "https" or parts.port is not None:
        raise Refused("only https URLs without a port are spoken to", 403)
    if not _is_a_name(parts.hostname or ""):
        raise Refused("a host must be a full name, not a number or a single word", 403)
    return found


def _is_a_name(host: str) -> bool:
    """A dotted DNS name, and no address: resolvers read one in `127.1` or `0x7f.1`, so the last label tells."""
    labels = host.split(".")
    return len(labels) > 1 and labels[-1][:1].isalpha()


def is_ours(url: str) -> bool:
    base = settings.RTES.base_url
    return url == base or url.startswith((f"{base}/", f"{base}?", f"{base}#"))


def may_connect(address: str, *, netloc: str) -> bool:
    """May a socket be opened to this IP address, for a URL whose `host:port` is `netloc`?

    A test peer is reached on loopback only. Everything else must be a plain public address, written plainly:
    IPv4 inside IPv6 (mapped, 6to4, NAT64, Teredo) is refused whatever it carries.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if netloc in settings.RTES.test_peers:
        return ip.is_loopback
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _NOT_PLAIN_V4)
    return ip.scope_id is None and ip in _PLAIN_V6 and not any(ip in network for network in _NOT_PLAIN_V6)
