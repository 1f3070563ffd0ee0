"""Addresses."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from resources.views import attachments, edit, moves, page, workspace
from resources.views.catalogue import catalogue
from resources.views.data import open_data


class MoveWord(StringConverter):
    """The last word of an address where something is done; no title's slug is one (resources/content.py)."""

    regex = "|".join(moves.WORDS)


register_converter(MoveWord, "move")

urlpatterns: list[URLPattern] = [
    path("ressources/", catalogue, name="catalogue"),
    path("ressources/nouvelle/", edit.new, name="resource-new"),
    path("ressources/<int:pk>/modifier/", edit.edit, name="resource-write"),
    path("ressources/<int:pk>/modifier/documents/", attachments.documents, name="resource-documents"),
    path("ressources/<int:pk>/modifier/documents/<slug:token>/", attachments.detach, name="attachment-remove"),
    path("ressources/<int:pk>/modifier/relire/", moves.review, name="resource-review"),
    path("ressources/<int:pk>/modifier/<slug:step>/", edit.step, name="resource-edit"),
    path("ressources/<int:pk>/historique/", page.history, name="resource-history"),
    path("ressources/<int:pk>/preuve-de-retrait/", page.withdrawal, name="resource-withdrawal"),
    path("ressources/<int:pk>/<move:word>/", moves.move, name="resource-move"),
    path("ressources/<int:pk>/<slug:slug>/", page.page, name="resource"),
    path("fichiers/<slug:token>/<path:filename>", attachments.serve, name="attachment"),
    path("mon-espace/", workspace.workspace, name="workspace"),
    path("apercu/", edit.preview, name="preview"),
    path("donnees-ouvertes/", open_data, name="api-docs"),
]
