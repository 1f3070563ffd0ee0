"""What of resources travels, and how."""

from federation.publication import Author, Publication
from federation.registry import Federated, federated
from resources import arrivals
from resources.kinds import KINDS
from rtes_hub.moderation import actions as moderation
from rtes_hub.territories import actions as territory_actions


@federated
class FederatedResource(Federated):
    kinds = tuple(slug for slug, kind in KINDS.items() if not kind.own_room)
    terms = {code: label for kind in KINDS.values() for code, label in kind.terms.items()}

    def receive(self, publication: Publication, author: Author) -> None:
        arrivals.receive(publication, author)

    def remove(self, uri: str) -> None:
        arrivals.remove(uri)

    def forget(self, uri: str) -> None:
        arrivals.forget(uri)

    def author_changed(self, author: Author) -> None:
        """Collectivités are members; forums and people are not; a hub's own actor carries its name."""
        if author.type == "Organization":
            territory_actions.remote_member(author)
        elif author.type == "Application":
            territory_actions.hub_renamed(author.hub, author.name)

    def reported(self, uri: str, *, flag: str, reason: str, by: Author) -> None:
        moderation.report_from(f"resource:{uri}", flag=flag, reason=reason, by=by)

    def report_answered(self, flag: str, *, upheld: bool, reason: str) -> None:
        moderation.answered(flag, upheld=upheld, reason=reason)
