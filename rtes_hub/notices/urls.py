"""Addresses."""

from django.urls import path

from rtes_hub.notices import mailbox, views

urlpatterns = [
    path("avis/", views.notices, name="notices"),
    path("avis/<int:pk>/", views.open_notice, name="notice"),
    path("avis/lus/", views.mark_read, name="notices-read"),
    path("avis/reglages/", views.settings, name="notice-settings"),
    path("avis/suivre/", views.follow, name="notices-follow"),
    path("avis/stop/<str:token>/", views.stop, name="notices-stop"),
    path("boite-aux-lettres/", mailbox.mailbox, name="mailbox"),
    path("boite-aux-lettres/<slug:key>/", mailbox.letter, name="mailbox-letter"),
    path("boite-aux-lettres/<slug:key>/html/", mailbox.letter_html, name="mailbox-letter-html"),
]
