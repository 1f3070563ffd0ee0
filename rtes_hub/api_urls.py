"""Every address of the API: /api/v1/…"""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from resources.api.lists import Kinds, Themes
from resources.api.views import Resources
from rtes_hub.notices.api import Notices
from rtes_hub.rest.problems import NothingHere
from rtes_hub.territories.api import Members, Territories

router = SimpleRouter()
router.register("resources", Resources, basename="api-resource")
router.register("territories", Territories, basename="api-territory")
router.register("notices", Notices, basename="api-notice")
router.register("members", Members, basename="api-member")

urlpatterns = [
    *router.urls,
    path("", include("resources.pooling.api.urls")),
    path("", include("resources.charters.api.urls")),
    path("", include("forums.api.urls")),
    path("", include("federation.operating.api")),
    path("kinds/", Kinds.as_view(), name="api-kinds"),
    path("themes/", Themes.as_view(), name="api-themes"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    re_path("", NothingHere.as_view()),
]
