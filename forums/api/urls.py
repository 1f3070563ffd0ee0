"""Addresses, under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from forums.api.people import Consent, Mentions, People
from forums.api.views import Forums, Posts, Threads

router = SimpleRouter()
router.register("forums", Forums, basename="api-forum")
router.register("threads", Threads, basename="api-thread")
router.register("posts", Posts, basename="api-post")
router.register("people", People, basename="api-person")

urlpatterns = [
    *router.urls,
    path("consent/", Consent.as_view(), name="api-consent"),
    path("mentions/", Mentions.as_view(), name="api-mentions"),
]
