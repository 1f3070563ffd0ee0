"""Addresses of pooled actions. The action itself is read at the address of its resource."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from resources.pooling import serving
from resources.pooling.views import acts, inviting, page, sharing
from resources.pooling.words import SEAT, STEERING

__all__ = ["page", "urlpatterns"]  # the page of an action is that of a resource: it registers itself


class SeatWord(StringConverter):
    """What is done with the seat of one local authority."""

    regex = "|".join(words.path for words in SEAT.values())


class SteeringWord(StringConverter):
    """What its lead does with the action as a whole; sharing the cost and the good practice have pages of their own."""

    regex = "|".join(words.path for act, words in STEERING.items() if act not in ("share", "practice"))


register_converter(SeatWord, "seat-word")
register_converter(SteeringWord, "steering-word")

urlpatterns: list[URLPattern] = [
    path("actions-mutualisees/pieces/<slug:token>/<path:filename>", serving.paper, name="pooling-paper"),
    path("actions-mutualisees/<int:pk>/rejoindre/", acts.choose, name="pooling-choose"),
    path("actions-mutualisees/<int:pk>/inviter/", inviting.invite, name="pooling-invite"),
    path("actions-mutualisees/<int:pk>/repartition/", sharing.sharing, name="pooling-sharing"),
    path("actions-mutualisees/<int:pk>/bonne-pratique/", acts.practice, name="pooling-practice"),
    path("actions-mutualisees/<int:pk>/redemander/<int:step>/", acts.ask_again, name="pooling-again"),
    path("actions-mutualisees/<int:pk>/<seat-word:word>/<slug:slug>/", acts.act, name="pooling-seat"),
    path("actions-mutualisees/<int:pk>/<steering-word:word>/", acts.act, name="pooling-steer"),
]
