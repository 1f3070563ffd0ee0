"""What of forums travels, and how: a "thread" is the first post of a discussion, a "post" each that answers."""

from federation.publication import Author, Publication
from federation.registry import WAITS, Federated, federated
from forums import arrivals, neighbours
from rtes_hub.moderation import actions as moderation


@federated
class FederatedForum(Federated):
    kinds = ("thread", "post")

    def receive(self, publication: Publication, author: Author) -> str | None:
        """What answers a sheet names no forum: it is said in the one that it was put in. What came early waits."""
        if publication.kind == "thread":
            arrivals.receive_thread(publication, author)
            return None
        post = arrivals.receive_post(publication, author)
        if post is None:
            return WAITS
        return post.thread.forum.uri if post.thread.forum.local else None

    def remove(self, uri: str) -> None:
        arrivals.remove(uri)

    def forget(self, uri: str) -> None:
        """As when its place removes it: what comes back is received again."""
        arrivals.removed_by_moderator(uri, "")

    def author_changed(self, author: Author) -> None:
        """Of a person who spoke here, or of a forum: others are nobody's in the forums."""
        neighbours.author_changed(author)

    def shown(self, uri: str) -> None:
        arrivals.shown(uri)

    def refused(self, uri: str, reason: str) -> None:
        arrivals.refused(uri, reason)

    def place_found(self, place: Author) -> None:
        neighbours.place_found(place)

    def place_gone(self, uri: str) -> None:
        neighbours.place_gone(uri)

    def locked(self, uri: str, locked: bool) -> None:
        arrivals.locked(uri, locked)

    def featured(self, uri: str, pinned: bool) -> None:
        arrivals.featured(uri, pinned)

    def removed_by_moderator(self, uri: str, reason: str) -> None:
        arrivals.removed_by_moderator(uri, reason)

    def reported(self, uri: str, *, flag: str, reason: str, by: Author) -> None:
        moderation.report_from(f"post:{uri}", flag=flag, reason=reason, by=by)

    def report_answered(self, flag: str, *, upheld: bool, reason: str) -> None:
        moderation.answered(flag, upheld=upheld, reason=reason)
