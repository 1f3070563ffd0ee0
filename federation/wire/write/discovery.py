"""How a name leads to an actor, and what a server says of itself."""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from federation.wire import names, urls

#: What the link to the Application of a server is called.
APPLICATION_REL = f"{names.AS2}#Application"  #: in NodeInfo discovery: FEP-2677
SERVICE_REL = f"{names.AS2}#Service"  #: in WebFinger: FEP-d556
NODEINFO_REL = "http://nodeinfo.diaspora.software/ns/schema/"
PROFILE_REL = "http://webfinger.net/rel/profile-page"
VERSIONS = ("2.1", "2.0")


def webfinger(*, handle: str, uri: str, url: str = "", aliases: Iterable[str] = ()) -> dict[str, Any]:
    """The JRD of an actor (RFC 7033). `handle` without its host, which is that of `uri`."""
    links = [{"rel": "self", "type": names.ACTIVITY_JSON, "href": uri}]
    if url:
        links.append({"rel": PROFILE_REL, "type": "text/html", "href": url})
    return {
        "subject": f"acct:{handle}@{urls.authority(uri)}",
        "aliases": list(dict.fromkeys(alias for alias in (url, uri, *aliases) if alias)),
        "links": links,
    }


def webfinger_server(origin: str, *, instance: str) -> dict[str, Any]:
    """The JRD of the server itself, asked for by its own address: FEP-d556."""
    return {
        "subject": f"{origin}/",
        "aliases": [instance],
        "links": [
            {"rel": SERVICE_REL, "type": names.ACTIVITY_JSON, "href": instance},
            {"rel": "self", "type": names.ACTIVITY_JSON, "href": instance},
        ],
    }


def nodeinfo_discovery(origin: str, *, instance: str) -> dict[str, Any]:
    links = [{"rel": NODEINFO_REL + version, "href": f"{origin}/nodeinfo/{version}"} for version in VERSIONS]
    return {"links": [*links, {"rel": APPLICATION_REL, "href": instance}]}


def nodeinfo_type(version: str) -> str:
    return f'application/json; profile="{NODEINFO_REL}{version}#"'


def nodeinfo(
    version: str,
    *,
    name: str,
    description: str,
    software_version: str,
    users: Mapping[str, int],
    posts: int,
    comments: int,
    open_registrations: bool = False,
    federation: str = "allowlist",
    staff: Iterable[str] = (),
    repository: str = "",
) -> dict[str, Any]:
    """`users` counts {"total", "activeMonth", "activeHalfyear"}; `federation` is allowlist, open or off."""
    software = {"name": "rtes-hub", "version": software_version}
    if version == "2.1" and repository:
        software["repository"] = repository
    return {
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": open_registrations,
        "usage": {"users": dict(users), "localPosts": posts, "localComments": comments},
        "metadata": {
            "nodeName": name,
            "nodeDescription": description,
            "staffAccounts": list(staff),
            "federation": {"enabled": federation != "off", "mode": federation},
        },
    }


def host_meta(origin: str) -> dict[str, Any]:
    """RFC 6415 as JSON."""
    return {"links": [{"rel": "lrdd", "template": _template(origin)}]}


def host_meta_xml(origin: str) -> str:
    """RFC 6415 as XML: where Mastodon looks when WebFinger answers 404."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" template={quoteattr(_template(origin))}/>\n'
        "</XRD>\n"
    )


def _template(origin: str) -> str:
    return f"{origin}/.well-known/webfinger?resource={{uri}}"
