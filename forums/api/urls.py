"""Addresses, under /api/v1/."""

from rest_framework.routers import SimpleRouter

from forums.api.views import Forums, Posts, Threads

router = SimpleRouter()
router.register("forums", Forums, basename="api-forum")
router.register("threads", Threads, basename="api-thread")
router.register("posts", Posts, basename="api-post")

urlpatterns = router.urls
