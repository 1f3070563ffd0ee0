"""Addresses."""

from django.urls import path

from rtes_hub.moderation import views

urlpatterns = [
    path("signaler/", views.report, name="report"),
    path("moderation/", views.queue, name="moderation"),
    path("moderation/<int:pk>/", views.one, name="moderation-report"),
]
