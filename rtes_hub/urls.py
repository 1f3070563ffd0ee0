"""Every address of the hub."""

from django.urls import include, path

urlpatterns = [
    path("", include("rtes_hub.accounts.urls")),
    path("", include("rtes_hub.territories.urls")),
    path("", include("federation.urls")),
    path("", include("resources.urls")),
]
