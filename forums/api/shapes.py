"""Forums, discussions and messages as programs read and write them."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from forums.models import Forum, Post, PostRevision, Thread, Voice
from forums.writing import MAX_SOURCE, MAX_TITLE, MAX_WHY
from rtes_hub.rest.strict import StrictSerializer
from rtes_hub.territories.api import BriefMember, BriefTerritory, brief_member, brief_territory
from rtes_hub.text import clean

HERE = "Origin of its hub: scheme://host."


class ForumSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="On this hub only; `uri` is the same everywhere and for ever.")
    uri = serializers.URLField()
    url = serializers.CharField(help_text="Its page on this hub.")
    title = serializers.CharField()
    description = serializers.CharField(help_text="Plain text or Markdown.")
    theme = serializers.CharField(help_text="Slug of a theme; empty for a group of its own.")
    access = serializers.ChoiceField(choices=Forum.Access.choices)
    hub = serializers.URLField(help_text=HERE)
    hub_name = serializers.CharField(help_text="Empty for this hub.")
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True, help_text="Read only since.")
    thread_count = serializers.IntegerField()
    last_post_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, forum: Forum) -> dict[str, Any]:
        names = ("uri", "title", "description", "theme", "access", "opened_at", "closed_at", "thread_count")
        return {"id": forum.pk, "url": _page(forum), **{name: getattr(forum, name) for name in names}} | {
            "hub": forum.hub or settings.RTES.base_url,
            "hub_name": forum.hub_name,
            "last_post_at": forum.last_post_at,
        }


class VoiceSerializer(serializers.Serializer):
    """Who speaks, as others are shown them. No address is ever given."""

    name = serializers.CharField()
    detail = serializers.CharField(help_text="Their function, as their own hub says it.")
    handle = serializers.CharField(help_text="What follows the @ when one calls them.")
    uri = serializers.CharField(allow_null=True, help_text="Null for somebody who is known on this hub alone.")
    hub = serializers.URLField(help_text=HERE)
    member = BriefMember(allow_null=True)


class ThreadSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    uri = serializers.URLField(help_text="That of its first message.")
    url = serializers.CharField(help_text="Its page on this hub.")
    forum = serializers.IntegerField(help_text="Id of its forum.")
    title = serializers.CharField(help_text="Empty once its first message was removed.")
    author = VoiceSerializer()
    state = serializers.ChoiceField(choices=Thread.State.choices)
    answer = serializers.CharField(help_text="URI of the answer that was validated, or nothing.")
    about = serializers.CharField(help_text="URI of the resource it speaks of, or nothing.")
    territory = BriefTerritory(allow_null=True, help_text="Of whoever asks.")
    pinned = serializers.BooleanField()
    locked = serializers.BooleanField()
    shown = serializers.BooleanField(help_text="False while the hub of its forum has not taken it.")
    post_count = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    last_post_at = serializers.DateTimeField()

    def to_representation(self, thread: Thread) -> dict[str, Any]:
        names = ("uri", "title", "state", "about", "pinned", "locked", "shown", "post_count")
        return {"id": thread.pk, "url": _page(thread), **{name: getattr(thread, name) for name in names}} | {
            "forum": thread.forum_id,
            "author": voice_of(thread.voice),
            "answer": thread.answer_uri,
            "territory": brief_territory(thread.territory),
            "started_at": thread.started_at,
            "last_post_at": thread.last_post_at,
        }


class PostSerializer(serializers.Serializer):
    """A message. Of a removed one only its place is left: when it was removed, and by whom."""

    id = serializers.IntegerField()
    uri = serializers.URLField()
    url = serializers.CharField(help_text="Its page on this hub.")
    thread = serializers.IntegerField(help_text="Id of its discussion.")
    parent = serializers.IntegerField(allow_null=True, help_text="Id of the message it answers.")  # type: ignore[assignment]
    is_first = serializers.BooleanField()
    author = VoiceSerializer()
    html = serializers.CharField(help_text="Safe HTML.")
    source = serializers.CharField(help_text="Markdown, when it was written in it.")  # type: ignore[assignment]
    version = serializers.IntegerField()
    passage = serializers.ChoiceField(choices=Post.Passage.choices, allow_blank=True)
    refusal = serializers.CharField(help_text="Why the hub of its forum did not take it.")
    written_at = serializers.DateTimeField()
    came_at = serializers.DateTimeField(help_text="To this hub.")
    edited_at = serializers.DateTimeField(allow_null=True)
    removed_at = serializers.DateTimeField(allow_null=True)
    removed_by = serializers.ChoiceField(choices=Post.Remover.choices, allow_blank=True)

    def to_representation(self, post: Post) -> dict[str, Any]:
        names = ("uri", "is_first", "source", "version", "passage", "refusal", "written_at", "came_at")
        return {"id": post.pk, "url": _page(post), **{name: getattr(post, name) for name in names}} | {
            "thread": post.thread_id,
            "parent": post.parent_id,
            "author": voice_of(post.voice),
            "html": post.html if post.cleaned_by == clean.VERSION else clean.html(post.html),
            "edited_at": post.edited_at,
            "removed_at": post.removed_at,
            "removed_by": post.removed_by,
        }


class RevisionSerializer(serializers.Serializer):
    version = serializers.IntegerField()
    title = serializers.CharField(help_text="Of the discussion, with its first message only.")
    html = serializers.SerializerMethodField(help_text="Safe HTML.")
    source = serializers.CharField(help_text="Markdown, when it was written in it.")  # type: ignore[assignment]
    replaced_at = serializers.DateTimeField(source="at")

    def get_html(self, revision: PostRevision) -> str:
        return clean.html(revision.html)


def voice_of(voice: Voice) -> dict[str, Any]:
    return {
        "name": voice.name,
        "detail": voice.detail,
        "handle": voice.handle,
        "uri": voice.actor_uri,
        "hub": voice.hub or settings.RTES.base_url,
        "member": brief_member(voice.member) if voice.member else None,
    }


def _page(of: Forum | Thread | Post) -> str:
    return settings.RTES.base_url + of.get_absolute_url()


# What is sent -----------------------------------------------------------------------------------------------------


class NewThread(StrictSerializer):
    forum = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Id of the forum.")
    title = serializers.CharField(max_length=MAX_TITLE)
    source = serializers.CharField(max_length=MAX_SOURCE, trim_whitespace=False, help_text="Markdown.")  # type: ignore[assignment]
    is_question = serializers.BooleanField(default=False, help_text="You will say which answer helped.")
    about = serializers.CharField(default="", allow_blank=True, max_length=2048, help_text="URI of a resource.")


class NewPost(StrictSerializer):
    thread = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Id of the discussion.")
    parent = serializers.IntegerField(  # type: ignore[assignment]
        required=False, allow_null=True, min_value=1, max_value=2**63 - 1, help_text="Id of the message it answers."
    )
    source = serializers.CharField(max_length=MAX_SOURCE, trim_whitespace=False, help_text="Markdown.")  # type: ignore[assignment]


class ChangedPost(StrictSerializer):
    title = serializers.CharField(
        required=False, max_length=MAX_TITLE, help_text="Of the discussion, with its first message only."
    )
    source = serializers.CharField(required=False, max_length=MAX_SOURCE, trim_whitespace=False, help_text="Markdown.")  # type: ignore[assignment]


class Validation(StrictSerializer):
    post = serializers.IntegerField(
        allow_null=True,
        min_value=1,
        max_value=2**63 - 1,
        help_text="Id of the message that answers the question; null: no message does any more.",
    )


class Removal(StrictSerializer):
    reason = serializers.CharField(max_length=MAX_WHY, help_text="Its author reads it.")
