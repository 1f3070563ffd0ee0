"""Finding the hub behind an address: NodeInfo says who stands for it (FEP-2677), its own document says the rest."""

from django.utils.translation import gettext as _

from federation import addresses, fetch
from federation.errors import Refused, TryLater
from federation.wire import Malformed, read
from federation.wire.shapes import ActorDoc

APPLICATION = "https://www.w3.org/ns/activitystreams#Application"
CARD_TYPES = ("application/json", "application/jrd+json")


class Impossible(Exception):
    """An administrator asked for what cannot be. Its text is one sentence for them, in their language."""


class Silent(Impossible):
    """The other hub does not answer now."""


def origin(typed: str) -> str:
    """The hub's origin, from what a person types: `hub.example`, `https://hub.example/a-page`. Raises: Impossible."""
    address = typed.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        found = addresses.origin(address)
    except Refused as error:
        raise Impossible(
            _("“%(address)s” is not the address of a hub: it must be like https://hub.example.") % {"address": typed}
        ) from error
    if addresses.is_ours(found):
        raise Impossible(_("This is the address of your own hub."))
    return found


def find_instance(home: str) -> ActorDoc:
    """Who stands for the hub at this origin. Speaks to the network. Raises: Impossible, Silent."""
    try:
        return _find_instance(home)
    except TryLater as error:
        raise Silent(_("%(hub)s does not answer. Check the address, or try again later.") % {"hub": home}) from error
    except (Refused, Malformed) as error:
        raise Impossible(
            _("What answers at %(hub)s is not a hub one can be partner of (%(reason)s).")
            % {"hub": home, "reason": error.reason}
        ) from error


def _find_instance(home: str) -> ActorDoc:
    """Nothing is signed: the other hub does not know us yet, and these three are open to all."""
    card = fetch.get_json(f"{home}/.well-known/nodeinfo", CARD_TYPES)
    uri = read.link(card, APPLICATION)
    if not uri:
        raise Refused("it names nobody who stands for it")
    if addresses.origin(uri) != home:
        raise Refused("it is spoken for by another server")
    final, document = fetch.get_document(uri)
    doc = read.actor(document)
    if addresses.origin(final) != home or doc.uri != final or doc.type != "Application":
        raise Refused("nobody stands for it")
    return doc
