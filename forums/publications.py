"""A post as the plain shape that travels. Only what is said in open forums becomes one."""

from typing import Any

from django.conf import settings

from federation.publication import Publication
from forums.models import Post


def to_publication(post: Post) -> Publication:
    """What partner hubs receive: a "thread" for the first post, a "post" for each that answers."""
    thread, forum = post.thread, post.thread.forum
    return Publication(
        uri=post.uri,
        kind="thread" if post.is_first else "post",
        author=post.voice.actor_uri or "",
        title=thread.title if post.is_first else "",
        body=post.html,
        source=post.source,
        url=settings.RTES.base_url + post.get_absolute_url(),
        published=post.written_at,
        updated=post.edited_at or post.written_at,
        version=post.version,
        territory=(thread.territory_id or "") if post.is_first else "",
        themes=(forum.theme,) if post.is_first and forum.theme else (),
        about=thread.about if post.is_first else "",
        in_reply_to=post.parent.uri if post.parent else "",
        place=forum.uri,
        mentions=tuple(uri for uri in post.mentions if uri != forum.uri),
        facts=_facts(post) if post.is_first else {},
    )


def _facts(post: Post) -> dict[str, Any]:
    thread = post.thread
    facts: dict[str, Any] = {"about_title": thread.about_title} if thread.about_title else {}
    if thread.is_question:
        facts |= {"question": True, "state": thread.state}
        facts |= {"answer": thread.answer_uri} if thread.answer_uri else {}
    return facts
