"""Addresses of charters. The text alone is read at the address of its resource."""

from django.urls import path

from resources.charters.views import acting, desk, pages

__all__ = ["desk", "urlpatterns"]  # the room registers itself with its addresses (resources/rooms.py)

urlpatterns = [
    path("chartes/<int:pk>/", pages.charter, name="charter"),
    path("chartes/<int:pk>/tableau-de-bord/", pages.scoreboard, name="charter-board"),
    path("chartes/<int:pk>/tableau-de-bord.csv", pages.scoreboard_csv, name="charter-csv"),
    path("chartes/<int:pk>/engagement/", acting.choose, name="pledge-new"),
    path("chartes/<int:pk>/engagement/<slug:slug>/", acting.sign, name="pledge-edit"),
    path("chartes/<int:pk>/mise-a-jour/<slug:slug>/", acting.tell, name="pledge-update"),
    path("chartes/<int:pk>/retrait/<slug:slug>/", acting.withdraw, name="pledge-withdraw"),
    path("chartes/<int:pk>/preuve/<slug:slug>/<slug:measure>/", acting.take_out, name="pledge-evidence"),
    path("chartes/<int:pk>/renvoi/<slug:slug>/<int:step>/", acting.say_again, name="pledge-again"),
    path("chartes/engagements/<int:pk>/", pages.pledge, name="pledge"),
    path("chartes/pieces/<slug:token>/<path:filename>", pages.proof, name="charter-file"),
]
