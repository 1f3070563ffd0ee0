"""What can be reported in the forums: each post, by whoever reads it."""

from collections.abc import Iterable

from forums import actions
from forums.models import Post
from rtes_hub.accounts.models import User
from rtes_hub.moderation.models import MAX_EXCERPT
from rtes_hub.moderation.registry import Reader, Reportable, Shown, reportable
from rtes_hub.text import clean


@reportable("post")
class ReportablePost(Reportable):
    def shown(self, reader: Reader, uri: str) -> Shown | None:
        found = Post.objects.visible_to(reader).standing().filter(uri=uri)
        post = found.select_related("thread", "voice").first()
        if post is None:
            return None
        return Shown(
            title=f"{post.voice.name} – {post.thread}",
            excerpt=clean.plain(post.html, MAX_EXCERPT),
            path=post.get_absolute_url(),
            hub=post.voice.hub_name if post.voice.hub else "",
        )

    def authors(self, uri: str) -> Iterable[User]:
        return User.objects.filter(voice__posts__uri=uri)

    def remove(self, uri: str, *, reason: str, by: User | None) -> None:
        """Its author is told why; hubs that hold a copy are told to drop it."""
        post = Post.objects.standing().select_related("thread").filter(uri=uri).first()
        if post is not None and post.thread.removed_at is None:
            actions.delete(post, by=by, reason=reason)
