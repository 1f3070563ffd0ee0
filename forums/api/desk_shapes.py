"""What coordinators and people send, and how people are told of themselves."""

from typing import Any

from rest_framework import serializers

from forums.api.shapes import VoiceSerializer, voice_of
from forums.desk.actions import MAX_BARRED, MAX_DESCRIPTION, MAX_TITLE
from forums.models import Forum, Voice
from forums.writing import MAX_WHY
from rtes_hub.rest.strict import StrictSerializer
from rtes_hub.themes import THEMES

_THEMES = [(theme.slug, theme.label) for theme in THEMES.values()]


class ForumChange(StrictSerializer):
    """What is left out stays as it is."""

    title = serializers.CharField(required=False, max_length=MAX_TITLE)
    description = serializers.CharField(required=False, allow_blank=True, max_length=MAX_DESCRIPTION)
    theme = serializers.ChoiceField(choices=_THEMES, required=False, allow_blank=True)


class NewForum(StrictSerializer):
    title = serializers.CharField(max_length=MAX_TITLE)
    description = serializers.CharField(
        default="", allow_blank=True, max_length=MAX_DESCRIPTION, help_text="Plain text or Markdown."
    )
    theme = serializers.ChoiceField(choices=_THEMES, default="", allow_blank=True)
    access = serializers.ChoiceField(
        choices=Forum.Access.choices, default=Forum.Access.OPEN, help_text="It cannot be changed afterwards."
    )


class Move(StrictSerializer):
    forum = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Id of the forum it goes to.")


class Bar(StrictSerializer):
    days = serializers.IntegerField(min_value=1, max_value=MAX_BARRED)
    reason = serializers.CharField(max_length=MAX_WHY, help_text="The person reads it.")


class PersonSerializer(VoiceSerializer):
    barred_until = serializers.DateTimeField(
        allow_null=True, help_text="Until when they may not write here; always null to those who may not bar them."
    )


class Agreement(serializers.Serializer):
    agreed_at = serializers.DateTimeField(allow_null=True)
    name = serializers.CharField(help_text="What others are shown.")
    detail = serializers.CharField()
    member = serializers.CharField(help_text="Name of their collectivité.")
    uri = serializers.CharField(allow_null=True, help_text="Of the actor that speaks for them; null without agreement.")


class Suggestion(serializers.Serializer):
    handle = serializers.CharField(help_text="What follows the @.")
    name = serializers.CharField()
    detail = serializers.CharField()


class MarkedRead(serializers.Serializer):
    forums = serializers.IntegerField(help_text="How many are read now.")


class News(serializers.Serializer):
    since = serializers.DateTimeField(allow_null=True, help_text="End of their last visit but one; null before any.")
    unread = serializers.DictField(child=serializers.IntegerField(), help_text="Unread discussions by id of forum.")
    is_more = serializers.BooleanField(help_text="There are more than were counted.")


def person_of(voice: Voice, *, as_moderator: bool) -> dict[str, Any]:
    return voice_of(voice) | {"barred_until": voice.barred_until if as_moderator else None}
