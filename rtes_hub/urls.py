"""Every address of the hub."""

from django.urls import include, path

from rtes_hub import error_pages, health, home

urlpatterns = [
    path("", home.home, name="home"),
    path("a-propos/", home.about, name="about"),
    path("accessibilite/", home.accessibility, name="accessibility"),
    path("mentions-legales/", home.legal, name="legal"),
    path("langue/<slug:code>/", home.language, name="language"),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("rtes_hub.accounts.urls")),
    path("", include("rtes_hub.notices.urls")),
    path("", include("rtes_hub.territories.urls")),
    path("", include("rtes_hub.moderation.urls")),
    path("", include("federation.urls")),
    path("", include("resources.urls")),
    path("", include("resources.pooling.urls")),
    path("", include("resources.charters.urls")),
    path("", include("forums.urls")),
    path("api/v1/", include("rtes_hub.api_urls")),
]

handler400 = error_pages.bad_request
handler403 = error_pages.forbidden
handler404 = error_pages.not_found
handler500 = error_pages.server_error
