"""Addresses of pooled actions. The action itself is read at the address of its resource."""

from django.urls import URLPattern, path

from resources.pooling import serving

urlpatterns: list[URLPattern] = [
    path("actions-mutualisees/pieces/<slug:token>/<path:filename>", serving.paper, name="pooling-paper"),
]
