"""One view an address. Find, act, answer: what may be done is said in `rules`, here as on the site."""
# ruff: noqa: ARG002 - the framework gives every view the request and the key, whether it needs them or not.

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from forums import actions, finding
from forums.api import shapes
from forums.api.common import View, attempt
from forums.api.desk import ForumDesk, ThreadDesk
from forums.api.marks import ForumMarks, ThreadMarks
from forums.models import Forum, Post, Thread
from forums.visibility import Person
from rtes_hub.rest.pages import Ranked
from rtes_hub.themes import THEMES

TAG = "forums"
_MAX_ID = 2**63 - 1


class ForumFilter(django_filters.FilterSet):
    theme = django_filters.ChoiceFilter(
        label=gettext_lazy("Theme"), choices=[(theme.slug, theme.label) for theme in THEMES.values()]
    )
    access = django_filters.ChoiceFilter(label=gettext_lazy("Who reads and writes"), choices=Forum.Access.choices)
    local = django_filters.BooleanFilter(label=gettext_lazy("Of this hub, or of its partners"))

    class Meta:
        model = Forum
        fields = ("theme", "access", "local")


class Forums(ForumDesk, ForumMarks, View):
    """Of this hub and of its partners."""

    serializer_class = shapes.ForumSerializer
    filterset_class = ForumFilter
    order = ("-opened_at", "-id")

    def get_queryset(self) -> QuerySet[Forum]:
        return Forum.objects.visible_to(self.person)

    @extend_schema(summary="The forums", tags=[TAG], responses=shapes.ForumSerializer(many=True))
    def list(self, request: Request) -> Response:
        return self.listed()

    @extend_schema(summary="One forum", tags=[TAG], responses=shapes.ForumSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.one(self.get_object())


class ThreadFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=gettext_lazy("Words, in any of its messages"), method="with_words", max_length=finding.MAX_QUERY
    )
    forum = django_filters.NumberFilter(
        label=gettext_lazy("Id of a forum"),
        field_name="forum",
        decimal_places=0,
        min_value=1,
        max_value=_MAX_ID,
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=Thread.State.choices)
    about = django_filters.CharFilter(label=gettext_lazy("URI of a resource"), max_length=2048)

    class Meta:
        model = Thread
        fields = ("forum", "state", "about")

    #: URIs that hold the words of `q`, best first; None when nothing is asked.
    _best: list[str] | None = None

    @property
    def found(self) -> QuerySet[Thread] | Ranked:
        return self.qs if self._best is None else Ranked(self.qs, "uri", self._best)

    def with_words(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        self._best = finding.uris(Person(self.request.user), value)
        return queryset


class Threads(ThreadDesk, ThreadMarks, View):
    """Discussions, in every forum that may be read."""

    serializer_class = shapes.ThreadSerializer
    filterset_class = ThreadFilter
    order = ("-news_at", "-id")

    def get_queryset(self) -> QuerySet[Thread]:
        readable = Thread.objects.visible_to(self.person)
        return readable.select_related("forum", "voice__member__territory", "territory")

    @extend_schema(summary="Discussions", tags=[TAG], responses=shapes.ThreadSerializer(many=True))
    def list(self, request: Request) -> Response:
        """By relevance when `q` is given, else those where a message came last first."""
        return self.listed()

    @extend_schema(summary="One discussion", tags=[TAG], responses=shapes.ThreadSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Its messages are at `posts/?thread=`."""
        return self.one(self.get_object())

    @extend_schema(
        summary="Ask, or start a discussion",
        tags=[TAG],
        request=shapes.NewThread,
        responses={201: shapes.ThreadSerializer},
    )
    def create(self, request: Request) -> Response:
        """In an open forum its author must have agreed, on the site, to be shown to others: 409 until then."""
        said = self.sent(shapes.NewThread)
        forum = self.known("forum", Forum.objects.visible_to(self.person), said.pop("forum"))
        return self.made(attempt(actions.start_thread, forum, by=self.user, **said))

    @extend_schema(
        summary="Say which message answers the question",
        tags=[TAG],
        request=shapes.Validation,
        responses=shapes.ThreadSerializer,
    )
    @action(detail=True, methods=["post"])
    def validate(self, request: Request, pk: str) -> Response:
        """By whoever asked, or a coordinator of their hub."""
        thread, chosen = self.get_object(), self.sent(shapes.Validation)["post"]
        if chosen is None:
            attempt(actions.unvalidate, thread, by=self.user)
        else:
            post = self.known("post", Post.objects.within(thread, self.person), chosen)
            attempt(actions.validate, thread, post, by=self.user)
        return self.one(self.get_object())


class PostFilter(django_filters.FilterSet):
    thread = django_filters.NumberFilter(
        label=gettext_lazy("Id of a discussion"),
        field_name="thread",
        required=True,
        decimal_places=0,
        min_value=1,
        max_value=_MAX_ID,
    )

    class Meta:
        model = Post
        fields = ("thread",)


class Posts(View):
    """The messages of discussions."""

    serializer_class = shapes.PostSerializer
    filterset_class = PostFilter
    order = ("came_at", "id")

    def get_queryset(self) -> QuerySet[Post]:
        readable = Post.objects.visible_to(self.person)
        return readable.select_related("thread__forum", "thread__voice", "voice__member__territory")

    @extend_schema(summary="The messages of a discussion", tags=[TAG], responses=shapes.PostSerializer(many=True))
    def list(self, request: Request) -> Response:
        """In the order they came to this hub. What is removed stays in its place, without its text."""
        return self.listed()

    @extend_schema(summary="One message", tags=[TAG], responses=shapes.PostSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.one(self.get_object())

    @extend_schema(summary="Answer", tags=[TAG], request=shapes.NewPost, responses={201: shapes.PostSerializer})
    def create(self, request: Request) -> Response:
        """In an open forum its author must have agreed, on the site, to be shown to others: 409 until then."""
        said = self.sent(shapes.NewPost)
        threads = Thread.objects.visible_to(self.person).select_related("forum")
        thread = self.known("thread", threads, said["thread"])
        parent = None
        if said.get("parent"):
            parent = self.known("parent", Post.objects.within(thread, self.person), said["parent"])
        return self.made(attempt(actions.reply, thread, by=self.user, source=said["source"], parent=parent))

    @extend_schema(
        summary="Change one's message", tags=[TAG], request=shapes.ChangedPost, responses=shapes.PostSerializer
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """What it said before is kept, and shown on the site as its history."""
        post, said = self.get_object(), self.sent(shapes.ChangedPost)
        if "title" in said and not post.is_first:
            raise ValidationError({"title": [_("Only the first message of a discussion has a title.")]})
        source = said.get("source", post.source)
        title = said.get("title", post.thread.title if post.is_first else None)
        attempt(actions.edit, post, by=self.user, source=source, title=title)
        return self.one(self.get_object())

    @extend_schema(summary="Delete one's message", tags=[TAG], request=None, responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Every hub that has a copy is told to delete it too."""
        attempt(actions.delete, self.get_object(), by=self.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="What a message said before",
        tags=[TAG],
        responses=shapes.RevisionSerializer(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def history(self, request: Request, pk: str) -> Response:
        """The oldest first, without what it says now. Of a removed message nothing is told: 404."""
        post = self.get_object()
        if post.removed_at is not None:
            raise NotFound
        return Response(shapes.RevisionSerializer(post.revisions.all(), many=True).data)

    @extend_schema(
        summary="Remove a message, as a coordinator", tags=[TAG], request=shapes.Removal, responses={204: None}
    )
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        attempt(actions.delete, self.get_object(), by=self.user, reason=self.sent(shapes.Removal)["reason"])
        return Response(status=status.HTTP_204_NO_CONTENT)
