"""Addresses."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from forums.views import desk, forums, found, people, posts, threads


class ThreadAct(StringConverter):
    """The last word of an address where something is done; no title's slug is one (forums/writing.py)."""

    regex = "|".join(desk.WORDS)


register_converter(ThreadAct, "thread-act")

urlpatterns: list[URLPattern] = [
    path("forums/", forums.forums, name="forums"),
    path("forums/ouvrir/", desk.open_forum, name="forum-open"),
    path("forums/lu/", forums.mark_read, name="forums-read"),
    path("forums/<slug:slug>/", forums.forum, name="forum"),
    path("forums/<slug:slug>/lu/", forums.mark_read, name="forum-read"),
    path("forums/<slug:slug>/nouveau/", threads.new, name="thread-new"),
    path("forums/<slug:slug>/modifier/", desk.describe_forum, name="forum-describe"),
    path("forums/<slug:slug>/fermer/", desk.close_forum, name="forum-close"),
    path("discussions/", found.search, name="discussions"),
    path("discussions/apercu/", people.preview, name="message-preview"),
    path("discussions/a-propos/", found.about, name="discussions-about"),
    path("discussions/<int:pk>/repondre/", posts.reply, name="thread-reply"),
    path("discussions/<int:pk>/<thread-act:word>/", desk.act, name="thread-act"),
    path("discussions/<int:pk>/<slug:slug>/", threads.thread, name="thread"),
    path("messages/<int:pk>/", threads.post, name="post"),
    path("messages/<int:pk>/modifier/", posts.edit, name="post-edit"),
    path("messages/<int:pk>/supprimer/", posts.delete, name="post-delete"),
    path("messages/<int:pk>/valider/", posts.validate, name="post-validate"),
    path("messages/<int:pk>/historique/", posts.history, name="post-history"),
    path("personnes/<str:handle>/", people.voice, name="voice"),
    path("personnes/<str:handle>/accord/retirer/", people.withdraw_consent, name="voice-withdraw"),
    path("personnes/<str:handle>/ecarter/", people.bar, name="voice-bar"),
    path("mentions/", people.mentions, name="mentions"),
]
