"""Addresses."""

from rest_framework.routers import SimpleRouter

from resources.charters.api.views import Charters, Pledges

router = SimpleRouter()
router.register("charters", Charters, basename="api-charter")
router.register("pledges", Pledges, basename="api-pledge")

urlpatterns = router.urls
