"""Words of the network, media types, and what an Accept or Content-Type header asks for."""

AS2 = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS2}#Public"
PUBLIC_SPELLINGS = frozenset({PUBLIC, "as:Public", "Public"})

#: Our vocabulary. An identifier to compare, not an address to fetch: docs/decisions/0005-json-not-json-ld.md.
NS = "https://w3id.org/rtes/ns#"
HUB = f"{NS}v1"  #: what an actor `implements` when its server is a hub
TERRITORIES = "https://w3id.org/rtes/territory/"  #: + id of the official table
THEMES = "https://w3id.org/rtes/theme/"  #: + slug
LEMMY = "https://join-lemmy.org/ns#"  #: of Lock, and of what a group says of itself

ACTOR_TYPES = frozenset({"Application", "Group", "Organization", "Person", "Service"})
OBJECT_TYPES = frozenset({"Article", "Page", "Note", "Event", "Question", "Video", "Audio", "Image", "Document"})

ACTIVITY_JSON = "application/activity+json"
LD_JSON = f'application/ld+json; profile="{AS2}"'
JRD_JSON = "application/jrd+json"
XRD_XML = "application/xrd+xml"
ACCEPT = f"{ACTIVITY_JSON}, {LD_JSON}"  #: what our own GET asks for

_LD = "application/ld+json"


def is_activity_type(content_type: str) -> bool:
    """Is this the type of an ActivityStreams document? Any other parameter, such as a charset, is let through."""
    media_type, parameters = _media_range(content_type)
    return media_type == ACTIVITY_JSON or (media_type == _LD and AS2 in parameters.get("profile", "").split())


def prefers_activity(accept: str) -> bool:
    """Does the client want JSON rather than HTML? Only one that names it does: `*/*` and a tie go to people.

    Spec: RFC 9110 §12.5.1; a range with a wrong weight is ignored.
    """
    activity = page = 0.0
    for part in _split(accept, ","):
        media_type, parameters = _media_range(part)
        weight = _weight(parameters.get("q", "1"))
        if media_type == ACTIVITY_JSON or (media_type == _LD and AS2 in parameters.get("profile", AS2).split()):
            activity = max(activity, weight)
        elif media_type in ("text/html", "application/xhtml+xml"):
            page = max(page, weight)
    return activity > page


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _media_range(text: str) -> tuple[str, dict[str, str]]:
    """`a/b; c="d"` -> ("a/b", {"c": "d"}), names in lower case."""
    media_type, *rest = _split(text, ";")
    parameters = {}
    for parameter in rest:
        name, _, value = parameter.partition("=")
        parameters[name.strip().lower()] = value.strip().strip('"')
    return media_type.strip().lower(), parameters


def _split(text: str, separator: str) -> list[str]:
    """Split where the separator stands outside of quotes: a profile may hold any character."""
    if '"' not in text:
        return text.split(separator)
    parts, start, quoted = [], 0, False
    for position, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]
